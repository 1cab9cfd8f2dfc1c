"""What an instructor keeps: labels of their services, absences, saved views."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.abilities import person_of

from ..models import Absence, Label, SavedView
from ..rules import DossierRefused
from ..screens import private, require_rate
from ..services import desk as services
from .desk_forms import AbsenceForm, LabelForm, ViewForm
from .filters import ListFilter
from .selectors import MOST_PEOPLE, Desk, desk_of

METHODS = ["GET", "HEAD", "POST"]
MOST_VIEWS = 30


# --- Labels -----------------------------------------------------------------------------------------------------------
@private
@require_http_methods(METHODS)
def labels(request: HttpRequest) -> HttpResponseBase:
    """The labels of one's services, and a form for another."""
    return _labels(request, desk_of(person_of(request)))


@private
@require_http_methods(METHODS)
def label(request: HttpRequest, label_id: int) -> HttpResponseBase:
    """Change a label."""
    desk = desk_of(person_of(request))
    return _labels(request, desk, _own(desk, label_id))


def _labels(request: HttpRequest, desk: Desk, changed: Label | None = None) -> HttpResponseBase:
    form, status = LabelForm(desk=desk, label=changed), 200
    if request.method == "POST":
        form, status = LabelForm(request.POST, desk=desk, label=changed), 422
        if form.is_valid() and form.services:
            try:
                require_rate(request)
                services.save_label(actor=desk.user, **form.about(changed))
                messages.success(request, "L’étiquette est enregistrée.")
                return redirect("instruction:labels")
            except DossierRefused as refusal:
                form.refuse(refusal)
    found = Label.objects.filter(territory__in=desk.service_ids).select_related("territory")
    context = {
        "labels": found.annotate(used=Count("dossiers")).order_by("territory__search_name", "name", "pk")[:MOST_PEOPLE],
        "several": len(desk.services) > 1,
        "form": form,
        "changed": changed,
        "has_errors": status != 200,
    }
    return render(request, "dossiers/instruction/labels.html", context, status=status)


@private
@require_POST
def delete_label(request: HttpRequest, label_id: int) -> HttpResponseBase:
    """Remove a label that no dossier bears."""
    desk = desk_of(person_of(request))
    try:
        services.delete_label(label=_own(desk, label_id), actor=desk.user)
        messages.success(request, "L’étiquette est supprimée.")
    except DossierRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("instruction:labels")


def _own(desk: Desk, label_id: int) -> Label:
    if label_id >= 2**63:
        raise Http404
    found = Label.objects.filter(territory__in=desk.service_ids).select_related("territory")
    return get_object_or_404(found, pk=label_id)


# --- Absences ---------------------------------------------------------------------------------------------------------
@private
@require_http_methods(METHODS)
def absences(request: HttpRequest) -> HttpResponseBase:
    """One's absences to come, whom one stands in for, and a form for another."""
    desk = desk_of(person_of(request))
    form, status = AbsenceForm(desk=desk), 200
    if request.method == "POST":
        form, status = AbsenceForm(request.POST, desk=desk), 422
        if form.is_valid():
            try:
                require_rate(request)
                _, given = services.declare_absence(actor=desk.user, **form.about)
                plural = "s" if given > 1 else ""
                told = f" {given} dossier{plural} confié{plural} à votre relais." if given else ""
                messages.success(request, f"Votre absence est enregistrée.{told}")
                return redirect("instruction:absences")
            except DossierRefused as refusal:
                form.refuse(refusal)
    coming = Absence.objects.filter(ends_on__gte=timezone.localdate()).select_related("user", "substitute")
    context = {
        "mine": coming.filter(user=desk.user),
        "replaced": coming.filter(substitute=desk.user),
        "form": form,
        "alone": not form.people,
        "has_errors": status != 200,
    }
    return render(request, "dossiers/instruction/absences.html", context, status=status)


@private
@require_POST
def cancel_absence(request: HttpRequest, absence_id: int) -> HttpResponseBase:
    """End one's own absence."""
    person = person_of(request)
    absence = get_object_or_404(Absence, pk=min(absence_id, 2**63 - 1), user=person)
    services.cancel_absence(absence=absence, actor=person)
    messages.success(request, "L’absence est annulée. Les dossiers déjà confiés à votre relais le restent.")
    return redirect("instruction:absences")


# --- Saved views ------------------------------------------------------------------------------------------------------
@private
@require_http_methods(METHODS)
def views(request: HttpRequest) -> HttpResponseBase:
    """One's saved views; a POST keeps the filters of an address under a name, again under the same name."""
    person = person_of(request)
    desk = desk_of(person)
    form, status = ViewForm(initial={"query": _query(request.GET.urlencode(), desk)}), 200
    if request.method == "POST":
        form, status = ViewForm(request.POST), 422
        if form.is_valid():
            query = _query(form.cleaned_data["query"], desk)
            filters = {name: str(value) for name, value in QueryDict(query).items()}
            if not filters:
                form.add_error(None, "Choisissez d’abord des filtres dans la liste.")
            elif SavedView.objects.filter(user=person).count() >= MOST_VIEWS:
                form.add_error(None, f"Vous avez {MOST_VIEWS} vues : supprimez-en d’abord une.")
            else:
                _keep(person, form.cleaned_data["name"], filters)
                messages.success(request, "La vue est enregistrée.")
                return redirect(f"{reverse('instruction:list')}?{urlencode(filters)}")
    query = str(form["query"].value() or "")
    context = {
        "views": [(each, urlencode(each.filters)) for each in SavedView.objects.filter(user=person)],
        "form": form,
        "saving": bool(query) or request.method == "POST",
        "has_errors": status != 200,
    }
    return render(request, "dossiers/instruction/views.html", context, status=status)


def _query(query: str, desk: Desk) -> str:
    """The filters of ``query`` that the list understands."""
    return urlencode(ListFilter(QueryDict(query[:2000]), desk=desk).filters())


def _keep(person: Any, name: str, filters: dict[str, str]) -> None:
    try:
        with transaction.atomic():
            SavedView.objects.update_or_create(user=person, name=name, defaults={"filters": filters})
    except IntegrityError:  # Kept by another request at the same time.
        SavedView.objects.filter(user=person, name=name).update(filters=filters)


@private
@require_POST
def delete_view(request: HttpRequest, view_id: int) -> HttpResponseBase:
    """Forget a saved view."""
    person = person_of(request)
    get_object_or_404(SavedView, pk=min(view_id, 2**63 - 1), user=person).delete()
    messages.success(request, "La vue est supprimée.")
    return redirect("instruction:views")
