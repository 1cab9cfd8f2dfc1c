"""Types: their list and form. Publishing has a screen of its own (:mod:`dossiers.admin.views`)."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.admin import display
from django.contrib.admin.utils import quote
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.views import CreateView, EditView

from ..models import DossierType
from . import views
from .base import DossierAdmin
from .forms import TypeForm

logger = logging.getLogger(__name__)


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [
        path("types-de-dossiers/<int:pk>/publier/", views.publish, name="dossier_type_publish"),
        path("types-de-dossiers/<int:pk>/retirer/", views.archive, name="dossier_type_archive"),
        path("types-de-dossiers/<int:pk>/remettre/", views.restore, name="dossier_type_restore"),
    ]


class TypeButtons(ButtonHelper):
    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        classes = self.finalise_classname([*self.default_button_classnames, "button-secondary"], [])
        url = reverse("dossier_type_publish", args=[obj.pk])
        publishing = {"url": url, "label": "Publier", "classname": classes, "title": f"Publier « {obj} »"}
        edit = [] if "edit" in (exclude or []) else [self.edit_button(quote(obj.pk))]
        return [*edit, publishing]


class _WholePost:
    """Wagtail reads the blocks of a form by their counts, and fails where they are no numbers: a POST that was cut off,
    or forged, is told so."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)  # type: ignore[misc,no-any-return]
        except (MultiValueDictKeyError, ValueError):
            logger.warning("A type of dossiers was sent without the counts of its blocks.", exc_info=True)
            messages.error(request, "Le formulaire n’est pas arrivé en entier : rien n’est enregistré. Recommencez.")
            return redirect(request.path)


class TypeCreateView(_WholePost, CreateView):
    """A new type."""


class TypeEditView(_WholePost, EditView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """What was published or put away while the form was open stays so."""
        now = DossierType.objects.select_for_update().get(pk=form.instance.pk)
        for name in ("current_version_id", "keys", "archived_at"):
            setattr(form.instance, name, getattr(now, name))
        return super().form_valid(form)  # type: ignore[no-any-return]


def _panel(heading: str, *names: str) -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=heading)


class DossierTypeAdmin(DossierAdmin):
    model = DossierType
    form_class = TypeForm
    menu_label = "Types"
    menu_icon = "form"
    create_view_class = TypeCreateView
    edit_view_class = TypeEditView
    button_helper_class = TypeButtons
    list_display = ("title", "kind", "circuit", "version", "opens_at", "closes_at")
    list_filter = ("kind", "circuit")
    list_select_related = ("current_version",)
    search_fields = ("title", "code", "prefix")
    edit_handler = ObjectList(
        [
            _panel("Présentation", "title", "code", "kind", "prefix", "summary", "guidance"),
            FieldPanel("form"),
            _panel("Qui dépose, et quand", "opens_at", "closes_at", "organisation_kinds", "territory_levels"),
            _panel("Portage et périmètre", "carrier_kinds", "carriers_only", "exclusive_perimeter", "min_shared_axes"),
            _panel(
                "Instruction et décision", "circuit", "second_person", "has_amount", "uses_envelopes", "publishable"
            ),
            _panel("Délais", "instruction_days", "complement_days", "grace_days", "drop_when_overdue"),
            _panel("Publication", "public_figures"),
            _panel("Conservation", "retention_months", "draft_months"),
            FieldPanel("reasons"),
            FieldPanel("mail_texts"),
        ]
    )

    @display(description="version en vigueur")
    def version(self, made: DossierType) -> str:
        if made.archived_at is not None:
            return "retiré"
        return str(made.current_version.number) if made.current_version is not None else "jamais publié"
