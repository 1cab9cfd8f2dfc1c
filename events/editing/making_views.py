"""Duplicating an event, keeping it as a model, beginning from one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from portal.accounts.abilities import can, get_abilities, person_of
from portal.accounts.rules import Ability
from portal.territories.models import Space

from ..models import EventPage, EventTemplate
from .errors import EditingError
from .forms import PastedDatesForm
from .making import begin_from, duplicate, keep_template
from .views import own_event


class DuplicateForm(PastedDatesForm):
    """Another edition: its title and its dates."""

    title = forms.CharField(label="Titre", max_length=255)
    field_order = ("title", "dates", "start_time", "end_time")


class TemplateForm(forms.Form):
    name = forms.CharField(
        label="Nom du modèle", max_length=120, help_text="Les dates, l’état et les documents n’en font pas partie."
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Dupliquer à d'autres dates »: a draft, opened in the editor."""
    page = own_event(request, page_id)
    posted = request.POST if request.method == "POST" else None
    first = page.dates.all()[:1] or page.rules.all()[:1]
    hours = {"start_time": first[0].start_time, "end_time": first[0].end_time} if first else {}
    form = DuplicateForm(page, posted, initial={"title": page.title} | hours)
    if posted is not None and form.is_valid():
        try:
            made = duplicate(page=page, actor=person_of(request), title=form.cleaned_data["title"], dates=form.rows)
        except EditingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Le nouvel événement est un brouillon : relisez-le, puis publiez-le.")
            return redirect("wagtailadmin_pages:edit", made.pk)
    return _form(request, page, form, "Dupliquer à d’autres dates")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, page_id: int) -> HttpResponse:
    """« En faire un modèle »."""
    page = own_event(request, page_id)
    form = TemplateForm(request.POST if request.method == "POST" else None, initial={"name": page.title[:120]})
    if request.method == "POST" and form.is_valid():
        try:
            keep_template(page=page, actor=person_of(request), name=form.cleaned_data["name"])
        except EditingError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, "Le modèle est gardé dans l’espace.")
            return redirect("event_templates")
    return _form(request, page, form, "En faire un modèle")


def _form(request: HttpRequest, page: EventPage, form: Any, title: str) -> HttpResponse:
    context = {"page": page, "form": form, "page_title": title, "header_icon": "calendar"}
    return render(request, "events/admin/dates_form.html", context)


def own_spaces(request: HttpRequest) -> Any:
    """The open spaces where the person publishes."""
    territories = get_abilities(request.user).territories(Ability.PUBLISH)
    return Space.objects.filter(closed_at=None, territory__in=territories)


@never_cache
@require_http_methods(["GET", "HEAD"])
def templates(request: HttpRequest) -> HttpResponse:
    """The models of the person's spaces."""
    if not can(request.user, Ability.PUBLISH):
        raise PermissionDenied
    found = EventTemplate.objects.filter(space__in=own_spaces(request)).select_related("space__territory", "made_by")
    context = {
        "templates": found.defer("data").order_by("space__territory__name", "space", "name", "pk"),
        "page_title": "Modèles d’événements",
        "header_icon": "calendar",
    }
    return render(request, "events/admin/templates.html", context)


def own_template(request: HttpRequest, pk: int) -> EventTemplate:
    found = EventTemplate.objects.filter(pk=pk, space__in=own_spaces(request)).select_related("space").first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    template = own_template(request, pk)
    try:
        made = begin_from(template=template, actor=person_of(request))
    except EditingError as error:
        messages.error(request, str(error))
        return redirect("event_templates")
    messages.success(request, "L’événement est un brouillon : donnez-lui ses dates.")
    return redirect(reverse("wagtailadmin_pages:edit", args=[made.pk]))


@never_cache
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    template = own_template(request, pk)
    template.delete()
    messages.success(request, f"Le modèle « {template.name} » est supprimé.")
    return redirect("event_templates")
