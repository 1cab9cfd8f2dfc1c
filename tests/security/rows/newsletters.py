"""Letters: subscribing, lists, writing, sending."""

from ..matrix import HOME, Line

TABLE: dict[str, list[Line]] = {
    "Subscribing to letters": [
        ("everybody", 200, 422, "newsletters:subscribe"),
        # Sends the message again, or leads to the form.
        ("everybody", 200, 302, "newsletters:thanks"),
        ("everybody", 200, 405, "newsletters:list_archive newsletters:list_rss newsletters:list_atom"),
        ("everybody", 200, 422, "newsletters:ask_preferences"),
        ("everybody", 200, 405, "newsletters:preferences_sent"),
        # The signed link is the right: that of a letter opens choices, one sent lately opens the data.
        ("everybody", 200, 422, "newsletters:preferences newsletters:erase"),
        ("everybody", 200, 405, "newsletters:own_data newsletters:own_data_file"),
        ("everybody", 200, 200, "newsletters:change_address newsletters:stay"),
        # Led to the sign-in, or to where their own address leads.
        ("signed-in", 200, 405, "newsletters:mine"),
        # The signed link is the right.
        ("everybody", 200, 200, "newsletters:confirm newsletters:leave newsletters:unsubscribe"),
        ("everybody", 302, 405, "letter-link"),
        ("everybody", 200, 405, "letter-opened"),
        # Closed as long as no provider is named, or it has no secret: tests/newsletters/providers has it open.
        ("everybody", 404, 404, "provider-events"),
    ],
    "Letters": [
        # Pictures of letters: the signature is the right.
        ("everybody", 200, 405, "newsletters:image"),
        ("begin-letters", 200, 422, "letter_new"),
        ("write-letters", 200, 422, "letter_propose"),
        ("read-letters", 200, 405, "letter_checks letter_look"),
        ("read-letters", 200, 422, "letter_trial"),
        ("read-letters", 405, 200, "letter_links"),
        ("see-lists", 200, 405, "newsletters_mailinglist_modeladmin_index newsletters_mailinglist_modeladmin_inspect"),
        ("see-lists", 200, 405, "newsletters_subscriber_modeladmin_index newsletters_subscriber_modeladmin_inspect"),
        ("see-lists", 200, 405, "newsletters_subscription_modeladmin_index"),
        ("see-lists", 200, 405, "newsletters_subscription_modeladmin_inspect"),
        ("see-lists", 200, 405, "newsletters_consentevent_modeladmin_index"),
        ("see-lists", 200, 405, "newsletters_consentevent_modeladmin_inspect"),
        ("manage-lists", 200, 200, "newsletters_mailinglist_modeladmin_create newsletters_mailinglist_modeladmin_edit"),
        ("see-lists", 200, 405, "newsletters_lettersettings_modeladmin_index"),
        ("see-lists", 200, 405, "newsletters_lettersettings_modeladmin_inspect"),
        ("manage-lists", 200, 200, "newsletters_lettersettings_modeladmin_create"),
        ("manage-lists", 200, 200, "newsletters_lettersettings_modeladmin_edit"),
        ("nobody", HOME, HOME, "newsletters_lettersettings_modeladmin_delete"),
        ("manage-lists", 200, 405, "newsletters_subscriberimport_modeladmin_index"),
        ("manage-lists", 200, 405, "newsletters_subscriberimport_modeladmin_inspect"),
        ("nobody", HOME, HOME, "newsletters_subscriberimport_modeladmin_create"),
        ("nobody", HOME, HOME, "newsletters_subscriberimport_modeladmin_edit"),
        ("nobody", HOME, HOME, "newsletters_subscriberimport_modeladmin_delete"),
        ("manage-lists", 200, 422, "subscriber_import_add subscriber_import_columns"),
        ("manage-lists", 200, 405, "subscriber_import subscriber_import_progress"),
        ("manage-lists", 405, 302, "subscriber_import_launch subscriber_import_undo subscriber_import_abandon"),
        ("see-lists", 200, 422, "subscriber_export segment_export"),
        ("national", 200, 405, "newsletters_suppression_modeladmin_index newsletters_suppression_modeladmin_inspect"),
        # Lists are archived; the rest changes by its owner or a service, with a proof.
        ("nobody", HOME, HOME, "newsletters_mailinglist_modeladmin_delete newsletters_digest_modeladmin_delete"),
        ("see-lists", 200, 405, "newsletters_digest_modeladmin_index"),
        ("manage-lists", 200, 200, "newsletters_digest_modeladmin_create newsletters_digest_modeladmin_edit"),
        ("nobody", HOME, HOME, "newsletters_subscriber_modeladmin_edit newsletters_subscriber_modeladmin_delete"),
        ("nobody", HOME, HOME, "newsletters_subscription_modeladmin_create newsletters_subscription_modeladmin_edit"),
        ("nobody", HOME, HOME, "newsletters_subscription_modeladmin_delete newsletters_consentevent_modeladmin_create"),
        ("nobody", HOME, HOME, "newsletters_consentevent_modeladmin_edit newsletters_consentevent_modeladmin_delete"),
        ("manage-lists", 200, 422, "newsletters_subscriber_modeladmin_create subscriber_add"),
        ("manage-lists", 200, 302, "subscription_end"),
        ("national", 200, 422, "newsletters_suppression_modeladmin_create suppression_add"),
        # A complaint is not lifted: said above the list.
        ("national", 200, 302, "suppression_lift"),
        ("compose-letters", 200, 405, "newsletters_segment_modeladmin_index"),
        # Who has one territory is shown the form; the others choose a territory first.
        ("compose-letters", 200, (200, 422), "newsletters_segment_modeladmin_create segment_create"),
        ("compose-letters", 200, 422, "segment_change"),
        ("compose-letters", 405, 302, "segment_archive"),
        ("nobody", HOME, HOME, "newsletters_segment_modeladmin_edit newsletters_segment_modeladmin_delete"),
        ("nobody", HOME, HOME, "newsletters_suppression_modeladmin_edit"),
        ("nobody", HOME, HOME, "newsletters_suppression_modeladmin_delete"),
    ],
    "Sendings of letters": [
        ("compose-letters", 200, 405, "newsletters_campaign_modeladmin_index"),
        ("nobody", HOME, HOME, "newsletters_campaign_modeladmin_create newsletters_campaign_modeladmin_edit"),
        ("nobody", HOME, HOME, "newsletters_campaign_modeladmin_delete newsletters_delivery_modeladmin_create"),
        ("nobody", HOME, HOME, "newsletters_delivery_modeladmin_edit newsletters_delivery_modeladmin_delete"),
        ("compose-letters", 200, 405, "campaign campaign_choose campaign_progress campaign_letter"),
        ("compose-letters", 200, 405, "campaign_letter_html campaign_figures list_statistics territory_statistics"),
        ("compose-letters", 200, 422, "campaign_prepare campaign_cancel campaign_send_back"),
        # The walk's sending has ended: its form leads back.
        ("compose-letters", 302, 302, "campaign_change"),
        ("compose-letters", 405, 302, "campaign_act"),
        ("compose-letters", 405, 200, "campaign_figures_export"),
        # It has ended: who may send is told so.
        ("send-letters", 302, 302, "campaign_send"),
        ("send-letters", 200, 422, "campaign_unknown"),
        ("send-letters", 200, 405, "campaign_copy newsletters_delivery_modeladmin_index"),
        # After a recent proof the file, else the way to give one.
        ("send-letters", 405, (200, 302), "campaign_export"),
        ("national", 200, 422, "campaign_emergency"),
    ],
}
