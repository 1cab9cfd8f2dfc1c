"""« Dates » of an event: what is planned, and changing it. For who may publish the page; another's is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal.accounts.abilities import person_of

from .. import series
from ..models import EventPage, Occurrence
from .changes import Change
from .clashes import clashes_of
from .enums import Action, Scope
from .errors import EditingError
from .forms import ChangeForm, PastedDatesForm
from .services import add_dates, chosen, dates_of, edit_dates, people_told

PER_PAGE_PAST = 50


def own_event(request: HttpRequest, page_id: int) -> EventPage:
    """The event; 404 for who may not publish it."""
    page = EventPage.objects.filter(pk=page_id).first()
    if page is None or not page.permissions_for_user(request.user).can_publish():
        raise Http404
    return page


@never_cache
@require_http_methods(["GET", "HEAD"])
def dates(request: HttpRequest, page_id: int) -> HttpResponse:
    """Every date with its state and seats. A constant number of queries."""
    page = own_event(request, page_id)
    found = dates_of(page)
    gone = [each for each in found if each.is_past]
    shown = page if page.live else page.get_latest_revision_as_object()
    context = {
        "page": page,
        "coming": [_row(each, page) for each in found if not each.is_past],
        "gone": [_row(each, page) for each in reversed(gone[-PER_PAGE_PAST:])],
        "rules": series.all_in_words(shown.rules.all(), shown.mode),
        "actions": Action.choices,
        "clashes": clashes_of(shown, found),
        "page_title": "Dates",
        "header_icon": "calendar",
    }
    return render(request, "events/admin/dates.html", context)


def _row(occurrence: Occurrence, page: EventPage) -> dict[str, Any]:
    seating = getattr(occurrence, "seating", None) if occurrence.pk else None
    return {
        "date": occurrence,
        "taken": seating.taken if seating else 0,
        "taken_online": seating.taken_online if seating else 0,
        "waiting": seating.waiting if seating else 0,
        "place": occurrence.place_text,
        "own": bool(occurrence.rule_key),
    }


def _keys(request: HttpRequest) -> set[UUID]:
    given = (request.POST if request.method == "POST" else request.GET).getlist("date")
    found = set()
    for each in given[: series.MOST_OF_A_PAGE]:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, page_id: int) -> HttpResponse:
    """What is about to be done, to how many, who will be written to; then done. What was typed is kept."""
    page = own_event(request, page_id)
    posted = request.POST if request.method == "POST" else None
    asked = (posted if posted is not None else request.GET).get("action", "")
    found = dates_of(page)
    keys = _keys(request)
    picked = [each for each in found if each.key in keys]
    if asked not in Action.values or not picked:
        messages.error(request, "Choisissez au moins une date, et ce qu’il faut en faire.")
        return redirect("event_dates", page.pk)
    form = ChangeForm(Action(asked), picked, posted)
    if posted is not None and form.is_valid():
        try:
            done = edit_dates(page=page, actor=person_of(request), keys=keys, scope=form.scope, change=form.change())
        except EditingError as error:
            form.say(error)
        else:
            messages.success(request, _said(done.dates, done.told, online=done.online))
            return redirect("event_dates", page.pk)
    context = {
        "page": page,
        "form": form,
        "action": Action(asked),
        "picked": picked,
        "told": _told(found, keys, form),
        "page_title": Action(asked).label,
        "header_icon": "calendar",
    }
    return render(request, "events/admin/dates_change.html", context)


def _said(dates: int, told: int, *, online: bool) -> str:
    text = f"{dates} dates sont changées." if dates > 1 else "La date est changée."
    if not online:
        return f"{text} L’événement n’est pas encore publié."
    if told:
        text += f" {told} personnes sont prévenues." if told > 1 else " Une personne est prévenue."
    return text


def _told(found: list[Occurrence], keys: set[UUID], form: ChangeForm) -> list[tuple[str, int, int]]:
    """For each scope offered: its name, how many dates, how many would be written to at most."""
    scopes = [value for value, _ in form.fields["scope"].choices] if "scope" in form.fields else [Scope.ONE]  # type: ignore[attr-defined]
    most = Change(form.action, {"mode": ""} if form.action == Action.DETAILS else {})
    lines = []
    for value in scopes:
        try:
            among = chosen(found, keys, Scope(value))
        except EditingError:
            continue
        lines.append((str(Scope(value).label), len(among), people_told(among, most)))
    return lines


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, page_id: int) -> HttpResponse:
    """Dates pasted one a line; each bad line is named, and nothing is added until all are right."""
    page = own_event(request, page_id)
    form = PastedDatesForm(page, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            number = add_dates(page=page, actor=person_of(request), dates=form.rows)
        except EditingError as error:
            form.add_error("dates", str(error))
        else:
            text = {0: "Ces dates y étaient déjà.", 1: "Une date est ajoutée."}.get(
                number, f"{number} dates sont ajoutées."
            )
            messages.success(request, text)
            return redirect("event_dates", page.pk)
    context = {"page": page, "form": form, "page_title": "Ajouter des dates", "header_icon": "calendar"}
    return render(request, "events/admin/dates_form.html", context)
