"""The letters' group in the administration; its screens are in :mod:`newsletters.admin` and each part's package."""

from __future__ import annotations

from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from .admin.lists import LetterSettingsAdmin, MailingListAdmin
from .admin.people import ConsentEventAdmin, SubscriberAdmin, SubscriptionAdmin, SuppressionAdmin


@modeladmin_register
class LettersGroup(ModelAdminGroup):
    menu_label = "Lettres"
    menu_icon = "mail"
    menu_order = 260
    items = (
        MailingListAdmin,
        SubscriberAdmin,
        SubscriptionAdmin,
        ConsentEventAdmin,
        SuppressionAdmin,
        LetterSettingsAdmin,
    )
