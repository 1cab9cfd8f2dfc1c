"""The rows of the permission matrix (see :mod:`tests.security.matrix`), subject by subject.

A line is (rule, answer to GET, answer to POST, names of addresses). ``("national", 302)`` as an answer to POST means
that acting has a rule of its own. The walk posts an empty form: 200 or 422 is the form again, 302 that it was done.
"""

from __future__ import annotations

from .matrix import HOME, SIGN_IN, Line

TABLE: dict[str, list[Line]] = {
    "Public site": [
        ("everybody", 200, 405, "health search search-suggestions site-map sitemap sitemap-section robots"),
        ("everybody", 200, 405, "security-txt agenda-calendar event-calendar rendition"),
        ("everybody", 200, 405, "agenda-json agenda-csv date-calendar agenda-embedded agenda-embed-code"),
        # The secret in the address is the right.
        ("everybody", 200, 405, "personal-calendar"),
        ("signed-in", 200, 302, "personal-calendar-address"),
        # The walk's event does not come back: tests/events/test_series_calendars.py.
        ("everybody", 404, 405, "series-calendar"),
        ("everybody", 200, 405, "territories:suggest territories:detail"),
        ("everybody", 200, 422, "territories:choose newsletters:subscribe"),
        ("everybody", 405, 302, "territories:forget"),
        ("everybody", 200, 200, "wagtail_serve"),
        # The file of a document that anyone may read, and addresses that lead to none.
        ("everybody", (200, 404), (200, 404), "wagtaildocs_serve"),
        ("everybody", 200, 200, "wagtaildocs_authenticate_with_password wagtailcore_authenticate_with_password"),
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
        ("everybody", 200, 422, "registration registration-link"),
        ("everybody", 200, 405, "registration-done registration-file"),
        # The walk's person was not marked present, and its reference is no certificate's.
        ("everybody", 404, 405, "own-certificate certificate"),
        # The signed link is the right; nothing is asked for by an empty form.
        ("everybody", 200, 400, "registration-manage"),
        ("signed-in", 200, 405, "my-registrations"),
    ],
    "Dossiers: API, keys and webhooks": [
        ("everybody", 200, 405, "dossiers-api:openapi"),
        # A key is the right, never a cookie: tests/dossiers/api.
        ("everybody", 401, 401, "dossiers-api:list dossiers-api:detail dossiers-api:file dossiers-api:transitions"),
        ("instruct-somewhere", 200, 405, "dossier-keys:index"),
        ("instruct-somewhere", 405, 422, "dossier-keys:create-key dossier-keys:create-webhook"),
        # Each person’s own, which the walk’s people have none of: tests/dossiers/api.
        ("instruct-somewhere", 405, 404, "dossier-keys:revoke-key dossier-keys:change-webhook"),
        ("instruct-somewhere", 404, 405, "dossier-keys:webhook"),
    ],
    "Sign-in and account": [
        # Who is signed in already is led to their account.
        ("everybody", (200, 302), (200, 302), "account_login account_signup"),
        ("everybody", (200, 302), 302, "account_logout"),
        ("everybody", 200, 405, "account_inactive account_email_verification_sent account_reset_password_done"),
        ("everybody", 200, 405, "account_reset_password_from_key_done"),
        ("everybody", 200, 200, "account_reset_password account_reset_password_from_key"),
        ("everybody", 200, 404, "account_confirm_email"),
        ("everybody", SIGN_IN, SIGN_IN, "page_login wagtailcore_login"),
        ("signed-in", 200, 405, "account profile"),
        ("signed-in", 200, 200, "profile-step account_reauthenticate account_change_password"),
        ("signed-in", 302, 302, "welcome"),
        # The walk's step is the questionnaire, where nothing is obligatory.
        ("signed-in", 200, 302, "welcome-step"),
        ("signed-in", 200, 302, "account_email"),
        ("signed-in", 302, 302, "account_set_password account_confirm_login_code"),
        ("everybody", 200, 200, "request-sign-in-link"),
        ("everybody", 200, 405, "sign-in-link-sent"),
        # The walk has no true link: 410.
        ("everybody", 410, 410, "sign-in-link"),
        # Off as long as the environment names no provider: tests/accounts has it on.
        ("everybody", 404, 404, "proconnect_login proconnect_callback"),
        ("everybody", 404, 405, "proconnect-signed-out"),
        ("signed-in", 200, 200, "socialaccount_connections"),
        ("everybody", 200, 405, "socialaccount_login_cancelled"),
        ("everybody", 401, 405, "socialaccount_login_error"),
        ("everybody", SIGN_IN, SIGN_IN, "socialaccount_signup"),
        # Part of a sign-in under way: who is signed in is led on.
        ("signed-in", 302, 302, "step-up-code mfa_authenticate mfa_reauthenticate"),
        ("everybody", (302, SIGN_IN), (302, SIGN_IN), "mfa_login_webauthn"),
        ("signed-in", 200, 302, "usersessions_list"),
        # What the second factor does is asked a moment after a sign-in: tests/accounts/test_mfa.py has the rest.
        ("signed-in", 200, 405, "mfa_index mfa_list_webauthn"),
        ("signed-in", 200, 200, "mfa_activate_totp mfa_add_webauthn"),
        ("signed-in", 200, 302, "mfa_reauthenticate_webauthn mfa_generate_recovery_codes"),
        ("signed-in", 404, 405, "mfa_view_recovery_codes mfa_download_recovery_codes"),
        ("signed-in", 404, 404, "mfa_deactivate_totp"),
        ("owner", 200, 302, "mfa_remove_webauthn"),
        ("owner", 200, 200, "mfa_edit_webauthn"),
        ("admin", HOME, HOME, "admin_login wagtailadmin_login"),
        ("nobody", 404, 404, "wagtailadmin_password_reset wagtailadmin_password_reset_done"),
        ("nobody", 404, 404, "wagtailadmin_password_reset_confirm wagtailadmin_password_reset_complete"),
    ],
    "Invitations": [
        # Each reader finds there whom they may see: tests/accounts/test_directory.py.
        ("signed-in", 200, 405, "directory"),
        ("export-contacts", 405, (200, 302), "directory-export"),
        # A POST names a profile of the reader's territories, or finds none.
        ("keep-organisations", 200, 404, "organisation-claims"),
        ("team", 200, 405, "team"),
        ("team", 200, 200, "team-invite"),
        # The walk's invitation is to contribute.
        ("invite-contributors", 405, 302, "invitation-resend invitation-revoke"),
        # The signed link is the right, for its own address: somebody else is told so (403).
        ("everybody", 200, (200, 403), "invitation"),
    ],
    "« Mon espace » and one's own data": [
        ("signed-in", 200, 405, "dashboard personal-data:data"),
        ("signed-in", 200, 200, "personal-data:export personal-data:erase"),
        # The signed link is the right.
        ("everybody", 200, SIGN_IN, "personal-data:cancel"),
    ],
    "Contributions": [
        ("signed-in", 200, 405, "contribution:index"),
        # Who contributes nowhere is told how to (403); what they were writing is kept all the same.
        ("signed-in", (200, 403), (302, 422), "contribution:begin"),
        ("owner", 200, 405, "contribution:detail contribution:preview"),
        ("owner", 200, 302, "contribution:edit contribution:submit contribution:withdraw contribution:delete"),
        ("owner", 405, 200, "contribution:save"),
        # Of a published page only.
        ("everybody", 200, 422, "contribution:correct"),
        ("everybody", 200, 405, "contribution:corrected"),
    ],
    "Notifications": [
        ("signed-in", 200, 405, "notifications:list"),
        ("signed-in", 405, 302, "notifications:read-all"),
        ("owner", 405, 302, "notifications:open notifications:read"),
        ("signed-in", 200, 200, "notifications:preferences"),
        # The signed link is the right.
        ("everybody", 200, 200, "notifications:mute"),
    ],
    "Files": [
        # Its purpose says who reads it; the antivirus may hold it back (409).
        ("owner-or-superuser", 200, 405, "files:download"),
    ],
    "Dossiers: the organisation's side": [
        ("signed-in", 200, 405, "dossiers:list dossiers:types"),
        # The walk's people deposit for no organisation that the type is open to.
        ("signed-in", 200, 422, "dossiers:begin"),
        ("dossier-organisation", 200, 405, "dossiers:detail"),
        # The walk's dossier is no draft: its form leads to it, and nothing of it is changed.
        ("dossier-organisation", 302, ("dossier-depositor", 409), "dossiers:edit"),
        ("dossier-depositor", 405, 302, "dossiers:follow dossiers:delete"),
        ("dossier-depositor", 200, 422, "dossiers:withdraw"),
    ],
    "Dossiers: pieces": [
        # An empty form brings no file (422). What is downloaded is of « Files ».
        ("dossier-organisation", 200, ("dossier-depositor", 422), "dossiers:pieces"),
        ("dossier-depositor", 405, 422, "dossiers:upload-begin"),
        ("dossier-depositor", 405, 200, "dossiers:piece-remove"),
        # A part that does not say where it begins (422).
        ("owner", 200, 422, "dossiers:upload"),
        ("owner", 405, 200, "dossiers:upload-cancel"),
    ],
    "Administration at large": [
        ("admin", 200, 405, "wagtailadmin_home admin/test404/ wagtailadmin_dismissibles admin_presence"),
        ("everybody", 200, 200, "wagtailadmin_sprite"),
        ("everybody", 200, 405, "wagtailadmin_javascript_catalog"),
        ("admin", 200, 405, "wagtail_modeladmin:javascript_catalog"),
        ("admin", 200, 200, "wagtailadmin_account"),
        ("admin", 200, 200, "wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete"),
        ("everybody", 405, SIGN_IN, "admin_logout wagtailadmin_logout"),
        # Breaks on purpose: whether errors are reported.
        ("admin", 500, 500, "wagtailadmin_error_test"),
        ("admin", 404, 404, "admin/^.*/$"),
        ("admin", 404, 405, "wagtailadmin_block_preview"),
        # Each list shows its reader's own territory: tests/test_admin_leaks.py.
        ("admin", 200, 405, "wagtailadmin_reports:site_history wagtailadmin_reports:site_history_results"),
        ("admin", 405, 200, "wagtailadmin_editing_sessions:release"),
        ("pages", 405, 200, "wagtailadmin_editing_sessions:ping"),
    ],
    "Journal": [
        ("audit", 200, 405, "audit_log"),
        ("audit", 405, 200, "audit_log_export"),
    ],
    "Pages": [
        ("pages", 200, 405, "my_pages:index my_pages:index_results"),
        ("pages", (200, 302), 405, "wagtailadmin_explore_root"),
        # Another territory's is answered by the way to one's own.
        ("own-explorer", (200, 302), 405, "wagtailadmin_explore wagtailadmin_explore_results"),
        ("pages", 200, (200, 302), "wagtail_bulk_action"),
        ("pages", 200, 200, "wagtailadmin_pages:add wagtailadmin_pages:edit wagtailadmin_pages:revisions_revert"),
        ("pages", 200, 200, "wagtailadmin_pages:preview_on_add wagtailadmin_pages:preview_on_edit"),
        ("pages", 200, 200, "wagtailadmin_pages:view_draft wagtailadmin_pages:move wagtailadmin_pages:set_privacy"),
        ("pages", 200, 302, "wagtailadmin_pages:copy wagtailadmin_pages:delete wagtailadmin_pages:unpublish"),
        ("pages", 200, 302, "wagtailadmin_pages:convert_alias wagtailadmin_pages:move_confirm"),
        ("pages", 200, 302, "wagtailadmin_pages:revisions_unschedule"),
        ("pages", 302, 302, "wagtailadmin_pages:add_subpage wagtailadmin_pages:revisions_index"),
        ("pages", 405, 200, "wagtailadmin_pages:set_page_position"),
        ("pages", 405, 302, "wagtailadmin_pages:lock wagtailadmin_pages:unlock"),
        # Who may publish nothing is offered no parent.
        ("admin", (200, 302), 200, "wagtailadmin_pages:choose_parent"),
        ("pages", 200, 405, "wagtailadmin_pages:usage wagtailadmin_pages:type_use wagtailadmin_pages:type_use_results"),
        ("pages", 200, 405, "wagtailadmin_pages:search wagtailadmin_pages:search_results"),
        ("pages", 200, 405, "wagtailadmin_pages:history wagtailadmin_pages:history_results"),
        ("pages", 200, 405, "wagtailadmin_pages:revisions_view wagtailadmin_pages:revisions_compare"),
        ("pages", 200, 405, "wagtailadmin_reports:locked_pages wagtailadmin_reports:locked_pages_results"),
        ("pages", 200, 405, "wagtailadmin_reports:workflow wagtailadmin_reports:workflow_results"),
        ("pages", 200, 405, "wagtailadmin_reports:workflow_tasks wagtailadmin_reports:workflow_tasks_results"),
        ("pages", 200, 405, "wagtailadmin_reports:aging_pages wagtailadmin_reports:aging_pages_results"),
        ("pages", 200, 405, "wagtailadmin_reports:page_types_usage wagtailadmin_reports:page_types_usage_results"),
        ("pages", 200, 405, "wagtailforms:index wagtailforms:index_results"),
        ("pages", 200, 405, "wagtailforms:list_submissions wagtailforms:list_submissions_results"),
        ("pages", 200, 302, "wagtailforms:delete_submissions"),
    ],
    "Review": [
        ("review", 200, 405, "review_queue review_delays"),
        ("review", 405, 302, "review_several"),
        ("review", 200, 200, "review_item"),
        ("review", 200, 405, "review_preview"),
    ],
    "Reports by readers and pages to read again": [
        ("everybody", 200, 422, "report-page"),
        ("everybody", 200, 405, "report-thanks"),
        ("pages", 200, 405, "page_reports"),
        ("pages", 200, 200, "page_report"),
        ("pages", 405, 302, "page_reports_handle"),
        ("pages", 200, 302, "stale_pages"),
    ],
    "Registrations to events": [
        ("pages", 200, 405, "organising organising_date organising_sheet organising_figures"),
        ("pages", 200, 422, "organising_add organising_refuse organising_letter"),
        ("pages", 200, 200, "organising_check_in"),
        ("pages", 405, 302, "organising_act organising_certificates"),
        # After a recent proof the file, else the way to give one.
        ("pages", 405, (200, 302), "organising_export"),
    ],
    "Imports of events": [
        ("pages", 200, 405, "imports import_report"),
        ("pages", 200, 422, "import_add import_source"),
        # The walk's run is over: its columns lead to its report.
        ("pages", 302, 302, "import_columns"),
        ("pages", 405, 302, "import_act import_confirm"),
    ],
    "Dates of events": [
        ("pages", 200, 405, "event_dates"),
        # An empty POST names no date.
        ("pages", 200, 302, "event_dates_change"),
        ("pages", 200, 200, "event_dates_add event_duplicate event_template_keep"),
        # Those of the spaces where one publishes.
        ("own-explorer", 200, 405, "event_templates"),
        ("pages", 405, 302, "event_template_begin event_template_forget"),
    ],
    "Choosers and the editor's own API": [
        # Links may lead to whatever readers see: drafts of others are left out (docs/page-permissions.md).
        ("admin", 200, 405, "wagtailadmin_choose_page wagtailadmin_choose_page_search wagtailadmin_choose_page_child"),
        ("admin", 200, 405, "wagtailadmin_choose_page_chosen_multiple"),
        ("admin", 200, 200, "wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link"),
        ("admin", 200, 200, "wagtailadmin_choose_page_phone_link wagtailadmin_choose_page_anchor_link"),
        ("admin", 200, 200, "wagtailembeds:chooser wagtailembeds:chooser_upload"),
        ("admin", 200, 405, "territory_chooser:choose territory_chooser:choose_results territory_chooser:chosen"),
        ("admin", 200, 405, "territory_chooser:chosen_multiple"),
        ("national", 200, 500, "territory_chooser:create"),
        ("admin", 200, 405, "wagtailadmin_api:pages:listing wagtailadmin_api:documents:listing"),
        ("admin", 200, 405, "wagtailadmin_api:images:listing"),
        ("pages", 200, 405, "wagtailadmin_api:pages:detail wagtailadmin_api:documents:detail"),
        ("pages", 200, 405, "wagtailadmin_api:images:detail"),
        ("pages", 302, 405, "wagtailadmin_api:pages:find wagtailadmin_api:documents:find wagtailadmin_api:images:find"),
        ("pages", 405, (200, 201, 404), "wagtailadmin_api:pages:action"),
    ],
    "Images and documents": [
        ("pages", 200, 405, "wagtailimages:index wagtailimages:index_results"),
        ("pages", 200, 405, "wagtaildocs:index wagtaildocs:index_results"),
        ("pages", 200, 200, "wagtailimages:add wagtaildocs:add wagtailimages:edit wagtaildocs:edit"),
        ("pages", 200, 200, "wagtailimages:preview wagtailimages_chooser:select_format"),
        ("pages", 200, 302, "wagtailimages:delete"),
        # A document that a resource shows stays: tests/resources/test_documents.py.
        ("pages", 200, HOME, "wagtaildocs:delete"),
        ("pages", 405, 200, "wagtaildocs:delete_multiple"),
        ("pages", 200, 400, "wagtailimages:add_multiple wagtaildocs:add_multiple"),
        ("pages", 405, 200, "wagtailimages:edit_multiple wagtaildocs:edit_multiple wagtailimages:delete_multiple"),
        # Whoever sent the file, and nobody else.
        ("nobody", 405, HOME, "wagtailimages:create_multiple_from_uploaded_image wagtailimages:delete_upload_multiple"),
        ("nobody", 405, HOME, "wagtaildocs:create_multiple_from_uploaded_document wagtaildocs:delete_upload_multiple"),
        ("nobody", 404, 405, "wagtailimages:url_generator wagtailimages:url_generator_output"),
        ("pages", 200, 405, "wagtailimages:image_usage wagtaildocs:document_usage"),
        ("admin", 200, 405, "wagtailimages_chooser:choose wagtailimages_chooser:choose_results"),
        ("admin", 200, 405, "wagtaildocs_chooser:choose wagtaildocs_chooser:choose_results"),
        ("pages", 200, 405, "wagtailimages_chooser:chosen wagtaildocs_chooser:chosen"),
        ("admin", 200, 405, "wagtailimages_chooser:chosen_multiple wagtaildocs_chooser:chosen_multiple"),
        ("pages", 200, 200, "wagtailimages_chooser:create wagtaildocs_chooser:create"),
        ("national", 200, 405, "wagtailadmin_collections:index"),
        ("national", 200, 200, "wagtailadmin_collections:add wagtailadmin_collections:edit"),
        ("national", 200, 200, "wagtailadmin_collections:set_privacy"),
        ("national", 200, 302, "wagtailadmin_collections:delete"),
    ],
    "Workflows": [
        # An action that the step does not have leads back.
        ("pages", (200, HOME), (200, 302, HOME), "wagtailadmin_pages:workflow_action"),
        ("pages", (200, HOME), (200, HOME), "wagtailadmin_pages:collect_workflow_action_data"),
        ("pages", 200, 200, "wagtailadmin_pages:confirm_workflow_cancellation"),
        ("pages", 200, 405, "wagtailadmin_pages:workflow_preview wagtailadmin_pages:workflow_history"),
        ("pages", 200, 405, "wagtailadmin_pages:workflow_history_detail"),
        ("national", 200, 405, "wagtailadmin_workflows:index wagtailadmin_workflows:index_results"),
        ("national", 200, 405, "wagtailadmin_workflows:usage wagtailadmin_workflows:usage_results"),
        ("national", 200, 405, "wagtailadmin_workflows:task_index wagtailadmin_workflows:task_index_results"),
        ("national", 200, 200, "wagtailadmin_workflows:add wagtailadmin_workflows:edit"),
        ("national", 200, 200, "wagtailadmin_workflows:add_task wagtailadmin_workflows:select_task_type"),
        ("national", 200, 302, "wagtailadmin_workflows:disable wagtailadmin_workflows:disable_task"),
        ("national", 200, 302, "wagtailadmin_workflows:edit_task"),
        ("national", 405, 302, "wagtailadmin_workflows:enable wagtailadmin_workflows:enable_task"),
        ("national", 405, 302, "wagtailadmin_workflows:remove"),
        ("admin", 200, 405, "wagtailadmin_workflows:task_chooser wagtailadmin_workflows:task_chooser_results"),
        # 400: who may not create a step is offered no form.
        ("admin", 200, 400, "wagtailadmin_workflows:task_chooser_create"),
        ("admin", 200, 200, "wagtailadmin_workflows:task_chosen"),
    ],
    "Spaces and territories": [
        ("national", 200, 200, "spaces_admin spaces_admin_open"),
        ("national", 200, 302, "spaces_admin_close"),
        ("national", 200, 405, "territories_territory_modeladmin_index territories_territory_modeladmin_inspect"),
        ("national", 200, 405, "territories_territoryimport_modeladmin_index"),
        ("national", 200, 405, "territories_territoryimport_modeladmin_inspect"),
        # The import alone writes territories.
        ("nobody", HOME, HOME, "territories_territory_modeladmin_create territories_territory_modeladmin_edit"),
        ("nobody", HOME, HOME, "territories_territory_modeladmin_delete territories_territoryimport_modeladmin_create"),
        ("nobody", HOME, HOME, "territories_territoryimport_modeladmin_edit"),
        ("nobody", HOME, HOME, "territories_territoryimport_modeladmin_delete"),
    ],
    "People, roles and organisations": [
        ("national", 200, 302, "second-factor-reset"),
        ("national", 200, 405, "accounts_user_modeladmin_index"),
        ("national", 200, 200, "accounts_user_modeladmin_create"),
        ("national", 200, 302, "accounts_user_modeladmin_edit"),
        ("nobody", HOME, HOME, "accounts_user_modeladmin_delete accounts_membership_modeladmin_edit"),
        ("memberships", 200, 405, "accounts_membership_modeladmin_index"),
        ("memberships", 200, 200, "accounts_membership_modeladmin_create"),
        ("memberships", 200, 302, "accounts_membership_modeladmin_delete"),
        ("organisations", 200, 405, "accounts_organisation_modeladmin_index"),
        ("organisations", 200, 200, "accounts_organisation_modeladmin_create accounts_organisation_modeladmin_edit"),
        ("nobody", HOME, HOME, "accounts_organisation_modeladmin_delete"),
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
    "Dossiers: types": [
        ("dossier-types", 200, 405, "dossiers_dossiertype_modeladmin_index dossiers_envelope_modeladmin_index"),
        ("dossier-types", 200, 405, "dossiers_territoryrule_modeladmin_index dossiers_nationalaxis_modeladmin_index"),
        ("dossier-types", 200, 200, "dossiers_dossiertype_modeladmin_create dossiers_dossiertype_modeladmin_edit"),
        ("dossier-types", 200, 200, "dossiers_envelope_modeladmin_create dossiers_envelope_modeladmin_edit"),
        ("dossier-types", 200, 200, "dossiers_territoryrule_modeladmin_create dossiers_territoryrule_modeladmin_edit"),
        ("dossier-types", 200, 200, "dossiers_nationalaxis_modeladmin_create dossiers_nationalaxis_modeladmin_edit"),
        ("dossier-types", 200, 302, "dossiers_territoryrule_modeladmin_delete dossiers_nationalaxis_modeladmin_delete"),
        # Put away, never deleted.
        ("nobody", HOME, HOME, "dossiers_dossiertype_modeladmin_delete dossiers_envelope_modeladmin_delete"),
        ("dossier-types", 200, 422, "dossier_type_publish"),
        ("dossier-types", 405, 302, "dossier_type_archive dossier_type_restore"),
    ],
    "Dossiers: territories": [
        # The walk's page is no dossier's: tests/dossiers/territory/test_publication.py.
        ("everybody", 404, 405, "dossiers:published-file"),
        # Each reads there the départements that are theirs.
        ("signed-in", 200, 405, "dossiers:coverage-index"),
        ("coverage", 200, 405, "dossiers:coverage"),
        ("dossier-organisation", 200, 405, "dossiers:clashes"),
        # The walk's dossier is not accepted.
        ("instruct", 405, 422, "dossiers:publication"),
    ],
    "Dossiers: public figures": [
        ("everybody", 200, 405, "public-figures public-figures-data"),
    ],
    "Dossiers: decisions verified": [
        ("everybody", 200, 405, "dossiers:verify-form dossiers:verify"),
    ],
    "Dossiers: messages, complements, avis": [
        ("signed-in", 200, 405, "dossiers:my-opinions"),
        # Whoever is asked for an avis, with the role of advisor or without it: that dossier alone.
        ("owner", 200, 422, "dossiers:opinion"),
        ("dossier-organisation", 200, 422, "dossiers:thread"),
        ("dossier-organisation", 405, 302, "dossiers:thread-read"),
        ("message-author", 405, 302, "dossiers:message-withdraw"),
        ("dossier-organisation", 200, 405, "dossiers:requests dossiers:changes"),
        # An empty form does not say which state of the dossier its sender saw.
        ("dossier-depositor", 200, 409, "dossiers:item"),
        ("dossier-depositor", 405, 409, "dossiers:answer"),
        ("instruct", 200, 422, "dossiers:desk-requests"),
        ("instruct", 200, 405, "dossiers:desk-changes"),
        ("instruct", 200, 422, "dossiers:desk-thread dossiers:desk-notes dossiers:desk-opinions"),
        ("instruct", 405, 302, "dossiers:desk-thread-read dossiers:desk-notes-read"),
        ("instruct", 405, 302, "dossiers:opinion-revoke dossiers:opinion-remind"),
    ],
    "Dossiers: instruction": [
        ("instruct-somewhere", 200, 405, "instruction:list"),
        # Of what each instructs: tests/dossiers/figures.
        ("instruct-somewhere", 200, 405, "instruction:figures instruction:figures-file instruction:figures-roadmaps"),
        ("instruct-somewhere", 200, 422, "instruction:views instruction:labels instruction:absences"),
        # Nothing is chosen.
        ("instruct-somewhere", 422, 422, "instruction:batch-new"),
        ("instruct", 200, 422, "instruction:label"),
        ("instruct", 405, 302, "instruction:label-delete"),
        # One's own, whoever one is by now; it shows the dossiers that one still instructs.
        ("owner", 200, 405, "instruction:batch"),
        ("owner", 405, 302, "instruction:view-delete instruction:absence-cancel"),
        # Without a version: a conflict. Labels need none, and an empty form takes them all off.
        ("instruct", 200, 409, "instruction:assign"),
        ("instruct", 200, 422, "instruction:reassign"),
        ("instruct", 200, 302, "instruction:dossier-labels"),
        ("instruct", 200, 405, "instruction:detail"),
        # The empty form carries no version of the dossier: a conflict.
        ("instruct", 405, 409, "instruction:take"),
        ("instruct", 200, 422, "instruction:propose"),
        # After a recent proof the form again, else the way to give one.
        ("instruct", 200, (302, 422), "instruction:decide"),
        # The walk's dossier has no proposal, and is not decided: who may act is led back to it.
        ("instruct", 302, (302, 409), "instruction:sign"),
        ("instruct", 302, 422, "instruction:send-back instruction:reopen"),
    ],
    "Vocabularies and the site's settings": [
        *(
            line
            for each in ("core_theme", "core_audience")
            for line in (
                ("national", 200, 405, f"wagtailsnippets_{each}:list wagtailsnippets_{each}:list_results"),
                ("national", 200, 405, f"wagtailsnippets_{each}:usage wagtailsnippets_{each}:history"),
                ("national", 200, 405, f"wagtailsnippets_{each}:history_results"),
                ("national", 200, 200, f"wagtailsnippets_{each}:add wagtailsnippets_{each}:edit"),
                ("national", 200, 200, f"wagtailsnippets_{each}:copy"),
                ("national", 200, 302, f"wagtailsnippets_{each}:delete"),
                ("national", 200, 500, f"wagtailsnippetchoosers_{each}:create"),
            )
        ),
        *(
            ("admin", 200, 405, " ".join(f"wagtailsnippetchoosers_{each}:{name}" for name in
             ("choose", "choose_results", "chosen", "chosen_multiple")))
            for each in ("core_theme", "core_audience", "events_venue")
        ),
        # Venues are one directory that editors of all spaces add to and correct; nobody deletes one that is used.
        ("pages", 200, 405, "wagtailsnippets_events_venue:list wagtailsnippets_events_venue:list_results"),
        ("pages", 200, 405, "wagtailsnippets_events_venue:usage wagtailsnippets_events_venue:history"),
        ("pages", 200, 405, "wagtailsnippets_events_venue:history_results"),
        ("pages", 200, 200, "wagtailsnippets_events_venue:add wagtailsnippets_events_venue:edit"),
        ("pages", 200, 200, "wagtailsnippets_events_venue:copy"),
        ("national", 200, HOME, "wagtailsnippets_events_venue:delete"),
        ("pages", 200, 500, "wagtailsnippetchoosers_events_venue:create"),
        ("national", 200, 405, "wagtailsnippets:index wagtailredirects:index wagtailredirects:index_results"),
        ("national", 200, 200, "wagtailredirects:add wagtailredirects:edit wagtailredirects:start_import"),
        ("national", 200, 302, "wagtailredirects:delete"),
        ("national", 405, 500, "wagtailredirects:process_import"),
        ("national", (200, 302), (200, 302), "wagtailsettings:edit"),
        ("nobody", 404, 404, "wagtailsettings:preview_on_edit"),
        ("superuser", 200, 405, "wagtailsites:index wagtailsites:index_results wagtailsites:usage"),
        ("superuser", 200, 405, "wagtailsites:history wagtailsites:history_results"),
        ("superuser", 200, 200, "wagtailsites:add wagtailsites:edit wagtailsites:copy"),
        ("superuser", 200, 302, "wagtailsites:delete"),
        ("superuser", 200, 405, "wagtailusers_users:index wagtailusers_users:index_results wagtailusers_users:usage"),
        ("superuser", 200, 405, "wagtailusers_users:history wagtailusers_users:history_results"),
        ("superuser", 200, 200, "wagtailusers_users:add wagtailusers_users:edit wagtailusers_users:copy"),
        # A person with a history is protected by the database; Wagtail's screen does not say so: accounts are disabled.
        # People are disabled, or erased at their demand: the screen says so.
        ("superuser", 302, 302, "wagtailusers_users:delete"),
        ("superuser", 200, 405, "wagtailusers_groups:index wagtailusers_groups:index_results"),
        ("superuser", 200, 405, "wagtailusers_groups:usage wagtailusers_groups:history"),
        ("superuser", 200, 405, "wagtailusers_groups:history_results"),
        ("superuser", 200, 200, "wagtailusers_groups:add wagtailusers_groups:edit"),
        ("superuser", 200, 302, "wagtailusers_groups:delete"),
    ],
}  # fmt: skip
