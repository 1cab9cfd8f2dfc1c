"""The letters' group in the administration; its screens are in :mod:`newsletters.admin` and each part's package."""

from __future__ import annotations

from wagtail import hooks
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from .admin import people
from .admin.lists import LetterSettingsAdmin, MailingListAdmin
from .admin.people import ConsentEventAdmin, SubscriberAdmin, SubscriptionAdmin, SuppressionAdmin
from .campaigns import admin as campaigns
from .campaigns.log_admin import DeliveryAdmin
from .digests.admin import DigestAdmin
from .imports import admin as imports
from .letters import admin as letters
from .log_actions import log_actions
from .segments import admin as segments


@modeladmin_register
class LettersGroup(ModelAdminGroup):
    menu_label = "Lettres"
    menu_icon = "mail"
    menu_order = 260
    items = (
        campaigns.CampaignAdmin,
        DeliveryAdmin,
        DigestAdmin,
        MailingListAdmin,
        segments.SegmentAdmin,
        SubscriberAdmin,
        SubscriptionAdmin,
        ConsentEventAdmin,
        imports.SubscriberImportAdmin,
        SuppressionAdmin,
        LetterSettingsAdmin,
    )


hooks.register("register_admin_urls", imports.urls)
hooks.register("register_log_actions", imports.log_actions)
hooks.register("register_log_actions", log_actions)
hooks.register("register_admin_urls", campaigns.urls)
hooks.register("register_log_actions", campaigns.log_actions)
hooks.register("register_page_header_buttons", campaigns.header_buttons)
hooks.register("register_page_listing_more_buttons", campaigns.listing_buttons)
hooks.register("register_admin_urls", letters.urls)
hooks.register("register_admin_menu_item", letters.menu_item)
hooks.register("register_page_header_buttons", letters.header_buttons)
hooks.register("register_page_listing_more_buttons", letters.listing_buttons)
hooks.register("register_admin_urls", segments.urls)
hooks.register("register_log_actions", segments.log_actions)
hooks.register("register_admin_urls", people.urls)
hooks.register("register_log_actions", people.log_actions)
