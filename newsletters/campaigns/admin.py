"""Sendings in Wagtail's admin: their list, their addresses, the buttons of a letter, the words of the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets.button import Button

from portal.core.modeladmin import ScopedIndexView

from .. import access
from ..admin.base import RowButtons, ScopedAdmin, ScopedHelper
from ..enums import CampaignState
from ..models import Campaign, NewsletterPage
from ..statistics import views as statistics
from . import log_views, sending_views, views
from .guards import composes
from .selectors import with_unknown

#: Wagtail's look of a state: filled for what is under way, plain for the rest.
PRIMARY = (CampaignState.RUNNING, CampaignState.SCHEDULED)


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    one = "envois/<uuid:uid>/"
    return [
        path("envois/preparer/", views.choose, name="campaign_choose"),
        path("envois/preparer/<int:letter_id>/", views.prepare, name="campaign_prepare"),
        path("envois/arret/", sending_views.emergency, name="campaign_emergency"),
        path(one, views.campaign, name="campaign"),
        path(f"{one}modifier/", views.change, name="campaign_change"),
        path(f"{one}agir/", views.act, name="campaign_act"),
        path(f"{one}annuler/", views.reasoned, {"verb": "annuler"}, name="campaign_cancel"),
        path(f"{one}renvoyer/", views.reasoned, {"verb": "renvoyer"}, name="campaign_send_back"),
        path(f"{one}envoyer/", sending_views.send, name="campaign_send"),
        path(f"{one}suivi/", views.progress, name="campaign_progress"),
        path(f"{one}incertains/", sending_views.unknown, name="campaign_unknown"),
        path(f"{one}lettre/", log_views.letter, name="campaign_letter"),
        path(f"{one}lettre/html/", log_views.letter_html, name="campaign_letter_html"),
        path(f"{one}exporter/", log_views.export, name="campaign_export"),
        path("envois/copies/<int:pk>/", log_views.copy, name="campaign_copy"),
        path(f"{one}bilan/", statistics.figures, name="campaign_figures"),
        path(f"{one}bilan/exporter/", statistics.export, name="campaign_figures_export"),
        path("envois/listes/", statistics.lists, name="list_statistics"),
        path("envois/territoires/", statistics.territories, name="territory_statistics"),
    ]


class CampaignHelper(ScopedHelper):
    def visible(self, user: Any) -> QuerySet[Campaign]:
        return access.visible_campaigns(user)

    def user_has_any_permissions(self, user: Any) -> bool:
        return composes(user)


class CampaignButtons(RowButtons):
    """A sending has screens of its own in the place of forms."""

    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        return [self.get_primary_button(obj)]

    def get_primary_button(self, obj: Any) -> dict[str, Any]:
        return self.link("Ouvrir", reverse("campaign", args=[obj.uuid]))


class CampaignIndex(ScopedIndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"may_stop_all": access.is_national(self.request.user)}


class CampaignAdmin(ScopedAdmin):
    model = Campaign
    menu_icon = "upload"
    menu_label = "Envois"
    permission_helper_class = CampaignHelper
    button_helper_class = CampaignButtons
    inspect_view_enabled = False
    index_view_class = CampaignIndex
    index_template_name = "newsletters/campaigns/index.html"
    list_display = ("titled", "territory", "badge", "recipients", "scheduled_at", "finished_at")
    list_filter = ("state",)
    list_select_related = ("territory", "letter")
    search_fields = ("subject", "letter__title", "territory__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_unknown(super().get_queryset(request)).defer("html", "text", "frozen_pages")

    def titled(self, one: Any) -> str:
        return str(one)

    titled.short_description = "lettre"  # type: ignore[attr-defined]
    titled.admin_order_field = "subject"  # type: ignore[attr-defined]

    def badge(self, one: Any) -> SafeString:
        look = " w-status--primary" if one.state in PRIMARY else ""
        said = format_html('<span class="w-status{}">{}</span>', look, one.get_state_display())
        if one.unknown:
            said = format_html('{} <span class="w-status">Copies incertaines</span>', said)
        return said

    badge.short_description = "état"  # type: ignore[attr-defined]
    badge.admin_order_field = "state"  # type: ignore[attr-defined]


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_header_buttons``."""
    yield from listing_buttons(page, user)


def listing_buttons(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_listing_more_buttons``. Which letters one may send, the screen itself says: no query here."""
    if isinstance(page, NewsletterPage) and composes(user):
        yield Button(
            "Préparer un envoi", url=reverse("campaign_prepare", args=[page.pk]), icon_name="upload", priority=12
        )


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    for action, label, message in (
        ("create", "Préparer un envoi", "Envoi préparé"),
        ("change", "Modifier l’envoi", "Envoi modifié"),
        ("request", "Demander l’approbation", "Approbation demandée"),
        ("approve", "Approuver l’envoi", "Envoi approuvé"),
        ("send_back", "Renvoyer à l’auteur", "Envoi renvoyé à son auteur"),
        ("schedule", "Programmer l’envoi", "Envoi programmé"),
        ("unschedule", "Déprogrammer l’envoi", "Envoi déprogrammé"),
        ("start", "Démarrer l’envoi", "Envoi démarré"),
        ("pause", "Mettre l’envoi en pause", "Envoi mis en pause"),
        ("halt", "Mettre l’envoi en pause", "Envoi mis en pause automatiquement"),
        ("resume", "Reprendre l’envoi", "Envoi repris"),
        ("finish", "Terminer l’envoi", "Envoi terminé"),
        ("reopen", "Rouvrir l’envoi", "Envoi rouvert"),
        ("cancel", "Annuler l’envoi", "Envoi annulé"),
        ("export", "Exporter le journal d’un envoi", "Journal d’un envoi exporté"),
        ("figures", "Exporter le bilan d’un envoi", "Bilan d’un envoi exporté"),
    ):
        actions.register_action(f"newsletters.campaign.{action}", label, message)
    actions.register_action("newsletters.delivery.settle", "Régler une copie incertaine", "Copie incertaine réglée")
    actions.register_action("newsletters.delivery.export", "Exporter le journal des envois", "Journal exporté")
    actions.register_action("newsletters.letter.trial", "Envoyer un essai", "Essai envoyé")
    actions.register_action("newsletters.sending.stop", "Arrêter tous les envois", "Tous les envois arrêtés")
    actions.register_action("newsletters.sending.allow", "Laisser reprendre les envois", "Envois autorisés de nouveau")
