"""« Signalements » and « Pages à relire » in the admin: for those who review, or publish, in the spaces concerned."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from portal.accounts.abilities import get_abilities, person_of
from portal.accounts.guards import AbilityMenuItem, needs
from portal.accounts.rules import Ability
from portal.core.enums import ContentKind
from portal.core.listing.paging import page_of
from portal.core.models import PageFact
from portal.territories.models import Space

from ..enums import ReportReason, ReportState
from ..models import PageReport
from ..reports.selectors import reports_for, stale_for, threshold
from ..reports.services import ReportError, handle_reports, mark_read_again, reopen_report

PER_PAGE = 50
MOST_AT_ONCE = 200
MOST_ANSWER = 2000
ANSWERS = {"handled": ReportState.HANDLED, "rejected": ReportState.REJECTED}


def own_spaces(request: HttpRequest, ability: Ability) -> QuerySet[Space]:
    """The open spaces where the person has ``ability``, by name."""
    territories = get_abilities(request.user).territories(ability)
    return (
        Space.objects.filter(closed_at=None, territory__in=territories)
        .select_related("territory")
        .order_by("territory__name", "pk")
    )


class SpaceFilter(forms.Form):
    """``espace``: one of the person's spaces. A value that is none is told, and filters nothing."""

    espace = forms.ModelChoiceField(
        Space.objects.none(), required=False, label="Espace", empty_label="Tous mes espaces"
    )

    def __init__(self, request: HttpRequest, ability: Ability) -> None:
        super().__init__(request.GET or None)
        field: Any = self.fields["espace"]
        field.queryset = own_spaces(request, ability)
        field.error_messages["invalid_choice"] = "Cet espace n’est pas de votre ressort."

    @property
    def space(self) -> Space | None:
        return self.cleaned_data.get("espace") if self.is_valid() else None


class ReportFilter(SpaceFilter):
    etat = forms.ChoiceField(
        choices=[("", "Tous"), *ReportState.choices], required=False, label="État", initial=ReportState.OPEN
    )
    motif = forms.ChoiceField(choices=[("", "Tous"), *ReportReason.choices], required=False, label="Motif")


class StaleFilter(SpaceFilter):
    nature = forms.ChoiceField(choices=[("", "Toutes"), *ContentKind.choices], required=False, label="Nature")


class AnswerForm(forms.Form):
    reponse = forms.CharField(
        label="Réponse au lecteur",
        required=False,
        max_length=MOST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Envoyée s’il a laissé une adresse e-mail. Facultative.",
    )


@needs(Ability.REVIEW)
@require_http_methods(["GET", "HEAD"])
def reports(request: HttpRequest) -> HttpResponse:
    """The list, open reports first asked for. A constant number of queries."""
    form = ReportFilter(request, Ability.REVIEW)
    mine = reports_for(request.user)
    counts = dict(mine.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("etat", ReportState.OPEN)
    shown = mine.select_related("page", "space__territory", "handled_by")
    if form.is_bound and form.is_valid():
        if form.space:
            shown = shown.filter(space=form.space)
        if form.cleaned_data["motif"]:
            shown = shown.filter(reason=form.cleaned_data["motif"])
    if state in ReportState.values:
        shown = shown.filter(state=state)
    context = {
        "reports": page_of(request, shown, PER_PAGE),
        "form": form,
        "counts": [(value, label, counts.get(value, 0)) for value, label in ReportState.choices],
        "state": state,
        "page_title": "Signalements",
        "header_icon": "warning",
        "query": _query(request),
    }
    return render(request, "pages/admin/reports.html", context)


def _query(request: HttpRequest) -> str:
    """The filters in force, to be kept from page to page."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


@needs(Ability.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One report, its answer. Another territory's is 404."""
    found = _report(request, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = person_of(request)
        try:
            if "reopen" in request.POST:
                reopen_report(report=found, actor=actor)
                messages.success(request, "Le signalement est de nouveau à traiter.")
                return redirect("page_report", pk)
            state = ANSWERS.get(request.POST.get("etat", ""), "")
            _, already = handle_reports(
                reports=[found.pk], actor=actor, state=state, answer=form.cleaned_data["reponse"]
            )
        except ReportError as error:
            form.add_error(None, str(error))
        else:
            if already:
                messages.warning(
                    request, "Une autre personne vient de traiter ce signalement : voici ce qu’elle a fait."
                )
                return redirect("page_report", pk)
            messages.success(request, "Le signalement est classé.")
            return redirect("page_reports")
    context = {
        "report": found,
        "form": form,
        "page_title": "Signalement",
        "page_subtitle": found.title,
        "header_icon": "warning",
        "edit_url": reverse("wagtailadmin_pages:edit", args=[found.page_id]) if found.page_id else "",
    }
    return render(request, "pages/admin/report.html", context)


def _report(request: HttpRequest, pk: uuid.UUID) -> PageReport:
    found = reports_for(request.user).filter(pk=pk).select_related("page", "space__territory", "handled_by").first()
    if found is None:
        raise Http404
    return found


@needs(Ability.REVIEW)
@require_POST
def handle_several(request: HttpRequest) -> HttpResponse:
    """Close the reports chosen in the list. One that is not the person's: 404, and nothing is done."""
    keys = _keys(request, "signalement", uuid.UUID)
    if not keys:
        messages.error(request, "Choisissez au moins un signalement.")
        return redirect("page_reports")
    try:
        closed, already = handle_reports(
            reports=keys, actor=person_of(request), state=ANSWERS.get(request.POST.get("etat", ""), "")
        )
    except ReportError as error:
        if request.POST.get("etat") in ANSWERS:
            raise Http404 from error
        messages.error(request, str(error))
        return redirect("page_reports")
    messages.success(request, f"{closed} signalement{'s' if closed > 1 else ''} classé{'s' if closed > 1 else ''}.")
    if already:
        messages.warning(request, f"{already} l’étai{'ent' if already > 1 else 't'} déjà.")
    return redirect("page_reports")


def _keys(request: HttpRequest, name: str, kind: Any) -> list[Any]:
    """The keys chosen in a list; 404 for one that is none, or too many."""
    given = list(dict.fromkeys(request.POST.getlist(name)))
    try:
        keys = [kind(each) for each in given]
    except ValueError as error:
        raise Http404 from error
    if len(keys) > MOST_AT_ONCE or any(isinstance(key, int) and not 0 < key < 2**63 for key in keys):
        raise Http404
    return keys


@needs(Ability.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def stale(request: HttpRequest) -> HttpResponse:
    """Pages nobody read for a year; a POST says of one or several that they hold. A constant number of queries."""
    if request.method == "POST":
        try:
            # The button of a line is about that line, whatever else is chosen.
            name = "seule" if "seule" in request.POST else "page"
            count = mark_read_again(pages=_keys(request, name, int), actor=person_of(request))
        except ReportError as error:
            messages.error(request, str(error))
        else:
            if count:
                messages.success(request, f"{count} page{'s' if count > 1 else ''} à jour. Merci.")
            else:
                messages.warning(request, "Ces pages n’étaient plus à relire.")
        return redirect(_back(request))
    form = StaleFilter(request, Ability.PUBLISH)
    facts: QuerySet[PageFact] = stale_for(request.user)
    if form.is_bound and form.is_valid():
        if form.space:
            facts = facts.filter(space=form.space)
        if form.cleaned_data["nature"]:
            facts = facts.filter(kind=form.cleaned_data["nature"])
    facts = facts.select_related("page__reading__read_by", "page__latest_revision__user", "space__territory")
    context = {
        "facts": page_of(request, facts.order_by("page__last_published_at", "pk"), PER_PAGE),
        "form": form,
        "limit": threshold(),
        "page_title": "Pages à relire",
        "header_icon": "history",
        "query": _query(request),
        "action": request.get_full_path(),
    }
    return render(request, "pages/admin/stale.html", context)


def _back(request: HttpRequest) -> str:
    """The same list, with its filters."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return reverse("stale_pages") + (f"?{asked.urlencode()}" if asked else "")


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [
        path("signalements/", reports, name="page_reports"),
        path("signalements/classer/", handle_several, name="page_reports_handle"),
        path("signalements/<uuid:pk>/", report, name="page_report"),
        path("a-relire/", stale, name="stale_pages"),
    ]


def report_items() -> list[MenuItem]:
    """For the menu « Rapports »."""
    return [
        AbilityMenuItem(
            "Signalements des lecteurs", reverse("page_reports"), name="signalements", icon_name="warning",
            order=90, ability=Ability.REVIEW,
        ),
        AbilityMenuItem(
            "Pages à relire", reverse("stale_pages"), name="a-relire", icon_name="history",
            order=95, ability=Ability.PUBLISH,
        ),
    ]  # fmt: skip
