"""Dossiers in the administration."""

from __future__ import annotations

from wagtail import hooks
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from .admin import types
from .admin.settings import EnvelopeAdmin, NationalAxisAdmin, TerritoryRuleAdmin
from .catalogue.log_actions import log_actions as log_actions_of_types
from .log_actions import log_actions


@modeladmin_register
class DossiersGroup(ModelAdminGroup):
    menu_label = "Dossiers"
    menu_icon = "folder-open-inverse"
    menu_order = 270
    items = (types.DossierTypeAdmin, EnvelopeAdmin, TerritoryRuleAdmin, NationalAxisAdmin)


hooks.register("register_admin_urls", types.urls)
hooks.register("register_log_actions", log_actions_of_types)
hooks.register("register_log_actions", log_actions)
