"""What the pages app adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .admin import care, choosers, explorer, guards, home, media_api, presence, reports, scripts, spaces, words
from .moderation import admin as moderation
from .moderation import editor as review_editor

for _name in ("delete", "move", "unpublish", "copy"):
    hooks.register(f"before_{_name}_page", guards.refuse_structural)
hooks.register("before_bulk_action", guards.refuse_structural_in_bulk)
hooks.register("register_admin_urls", spaces.urls)
hooks.register("register_admin_urls", presence.urls)
hooks.register("register_admin_urls", care.urls)
hooks.register("construct_homepage_panels", home.add_panels)
hooks.register("register_admin_urls", moderation.urls)
hooks.register("register_admin_menu_item", moderation.menu_item)
hooks.register("construct_homepage_panels", moderation.home_panels)
hooks.register("register_log_actions", moderation.log_actions)
hooks.register("register_reports_menu_item", moderation.report_item)
hooks.register("after_edit_page", review_editor.after_edit)
hooks.register("construct_page_action_menu", review_editor.hide_refused)
hooks.register("insert_editor_js", presence.script)
hooks.register("insert_editor_js", scripts.editor_scripts)
hooks.register("register_admin_menu_item", spaces.menu_item)
hooks.register("construct_page_chooser_queryset", choosers.hide_drafts_of_others)
hooks.register("construct_admin_api", media_api.own_media, order=100)
reports.limit_reports()
words.speak_french()
explorer.complete_listings()
hooks.register("register_admin_viewset", explorer.my_pages_viewset)
hooks.register("register_admin_menu_item", explorer.menu_item)


@hooks.register("register_reports_menu_item")
def readers_reports() -> MenuItem:
    return care.report_items()[0]


@hooks.register("register_reports_menu_item")
def stale_pages() -> MenuItem:
    return care.report_items()[1]


@hooks.register("register_help_menu_item")
def portal_help() -> MenuItem:
    """The help pages for editors, from the admin's own « Aide »."""
    return MenuItem("Aide du portail", "/aide/", name="portal-help", icon_name="help", order=1)


@hooks.register("register_log_actions")
def space_log_actions(actions: Any) -> None:
    actions.register_action("pages.space_open", "Ouvrir l'espace", "Espace ouvert")
    actions.register_action("pages.space_close", "Fermer l'espace", "Espace fermé")
    actions.register_action("pages.contribution_refused", "Refuser un territoire", "Contribution hors de portée")
    actions.register_action("pages.report_handled", "Traiter un signalement", "Signalement traité")
    actions.register_action("pages.report_reopened", "Rouvrir un signalement", "Signalement rouvert")
    actions.register_action("pages.read_again", "Dire la page à jour", "Page relue, à jour")
