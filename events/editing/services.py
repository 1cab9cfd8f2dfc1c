"""Changes of an event's dates, in the live version and in drafts alike. Nobody's draft is ever published here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from portal.accounts.models import User

from .. import rules
from ..enums import Attending
from ..models import EventDate, EventPage, Occurrence, Registration, Seating
from ..models.calendars import SeriesCalendar
from ..models.events import MAX_DATES
from ..planning import planned
from .changes import OFF, Change, Editing, Target
from .enums import Action, Scope
from .errors import EditingError

#: Details whose change is written to who registered.
_TOLD = ("mode", "venue", "venue_note", "join_url")


def dates_of(page: EventPage) -> list[Occurrence]:
    """The dates that editors see: those online, else those that the draft gives (not saved), soonest first."""
    if page.live:
        found = Occurrence.objects.filter(page_id=page.pk).defer("ics").select_related("venue__commune", "seating")
        return list(found.order_by("starts_at", "pk"))
    return planned(page.get_latest_revision_as_object())


def chosen(dates: Iterable[Occurrence], keys: Iterable[UUID], scope: Scope) -> list[Occurrence]:
    """The dates of ``keys``, or those that ``scope`` makes of the one chosen. Raises :class:`EditingError`."""
    dates, wanted = list(dates), set(keys)
    found = [each for each in dates if each.key in wanted]
    if scope == Scope.ALL:
        found = [each for each in dates if not each.is_past]
    elif scope == Scope.FOLLOWING:
        if len(found) != 1:
            raise EditingError("Choisissez une seule date, dont les suivantes changeront aussi.")
        found = [each for each in dates if each.starts_at >= found[0].starts_at and not each.is_past]
    if not found:
        raise EditingError("Choisissez au moins une date à venir.")
    return found


def people_told(dates: Iterable[Occurrence], change: Change) -> int:
    """How many registrations will be written to, if ``change`` is made to ``dates``. One query."""
    coming = [each for each in dates if each.pk and not each.is_past]
    action = change.action
    if action in (Action.CANCEL, Action.POSTPONE):
        coming = [each for each in coming if each.status not in OFF]
    elif action == Action.RESTORE:
        coming = [each for each in coming if each.status in OFF]
    elif action == Action.MOVE or any(name in _TOLD for name in change.values):
        coming = [each for each in coming if each.status not in OFF]
    else:
        return 0
    return Registration.objects.active().filter(occurrence__in=[each.pk for each in coming]).count()


@dataclass(frozen=True)
class Edited:
    """What was done: how many dates, how many registrations are written to, whether it is online."""

    dates: int
    told: int
    online: bool


@transaction.atomic
def edit_dates(
    *, page: EventPage, actor: User, keys: Iterable[UUID], scope: Scope, change: Change, now: datetime | None = None
) -> Edited:
    """Make ``change`` to dates of ``page``, in its live version and in its drafts.

    « This and the following » splits a rule in two: dates keep their identity, their registrations and their UID.
    Side effects: who is registered is told (signals of publication), a log row. Raises :class:`EditingError`, or
    ``PermissionDenied`` for who may not publish the page.
    """
    now = now or timezone.now()
    page = _locked(page, actor)
    dates = dates_of(page)
    found = chosen(dates, keys, scope)
    _refuse_past(found, change)
    _keep_seats(found, change)
    told = people_told(found, change)
    editing = Editing(
        change, scope, [Target.of(each) for each in found], {each.key: each for each in dates}, now.date()
    )
    data = {"action": change.action.label, "dates": len(found), "scope": scope.label}

    def rename() -> None:
        for old, (key, rule_key, day) in editing.renamed.items():
            Occurrence.objects.filter(page_id=page.pk, key=old).update(key=key, rule_key=rule_key, rule_date=day)
        left = {rule.key for rule in page.rules.all()}
        for was, key in editing.new_keys.items():
            if was not in left:
                SeriesCalendar.objects.filter(page_id=page.pk, rule_key=was).update(rule_key=key)

    _write(page, actor, editing.write, rename, data)
    return Edited(len(found), told, page.live)


@transaction.atomic
def add_dates(*, page: EventPage, actor: User, dates: list[EventDate]) -> int:
    """Add free dates to ``page``, live version and drafts; returns how many were not there yet.

    Raises :class:`EditingError` where an hour does not exist, or they would be too many.
    """
    page = _locked(page, actor)
    for each in dates:
        check_wall(each, page.zone)
    added = 0

    def write(version: EventPage, *, live: bool) -> None:
        nonlocal added
        rows = list(version.dates.all())
        have = {(row.start_date, row.start_time) for row in rows}
        new = [each for each in dates if (each.start_date, each.start_time) not in have]
        if len(rows) + len(new) > MAX_DATES:
            raise EditingError(f"L’événement aurait {len(rows) + len(new)} dates : {MAX_DATES} au plus.", "dates")
        added = max(added, len(new))
        for number, each in enumerate(new, start=len(rows)):
            rows.append(
                EventDate(
                    key=each.key,
                    start_date=each.start_date,
                    start_time=each.start_time,
                    end_date=each.end_date,
                    end_time=each.end_time,
                    sort_order=number,
                )
            )
        version.dates = rows

    _write(page, actor, write, lambda: None, {"action": "Ajouter", "dates": len(dates)})
    return added


def check_wall(row: EventDate, zone: str) -> None:
    """Raises :class:`EditingError` for a date that clocks of ``zone`` do not show, or that ends before it starts."""
    for message in rules.wall_errors(row.start_date, row.start_time, row.end_date, row.end_time, zone).values():
        raise EditingError(f"{row.start_date:%d/%m/%Y} : {message}", "dates")


def _locked(page: EventPage, actor: User) -> EventPage:
    """The page as it is, its row locked. Raises ``PermissionDenied``, or :class:`EditingError` where it is locked."""
    Page.objects.select_for_update(of=("self",)).get(pk=page.pk)
    page = EventPage.objects.get(pk=page.pk)
    allowed = page.permissions_for_user(actor)
    if not allowed.can_publish():
        raise PermissionDenied
    if allowed.page_locked():
        raise EditingError("Cette page est verrouillée : la personne qui l’a verrouillée, ou sa relecture, la retient.")
    return page


def _write(
    page: EventPage, actor: User, write: Callable[..., None], before_saving: Callable[[], None], data: dict[str, Any]
) -> None:
    """Write a change on the live version, and on every version that waits to be published, which stays unpublished.

    A draft's revision is rewritten in place: it stays its author's, and its review stands where it was.
    """
    if not page.live:
        draft = page.get_latest_revision_as_object()
        write(draft, live=True)
        draft.save_revision(user=actor, log_action=True)
    elif not page.has_unpublished_changes:
        write(page, live=True)
        before_saving()
        page.save_revision(user=actor, changed=True).publish(user=actor)
    else:
        write(page, live=True)
        before_saving()
        page.save(clean=False)
        waiting = {page.latest_revision_id, page.live_revision_id}
        waiting |= set(page.revisions.filter(approved_go_live_at__isnull=False).order_by().values_list("pk", flat=True))
        for revision in Revision.objects.filter(pk__in=[key for key in waiting if key]).order_by("pk"):
            version = revision.as_object()
            write(version, live=False)
            Revision.objects.filter(pk=revision.pk).update(content=version.serializable_data())
    log(instance=page, action="events.dates", user=actor, data=data)


def _refuse_past(dates: Iterable[Occurrence], change: Change) -> None:
    if change.action != Action.NOTE and any(each.is_past for each in dates):
        raise EditingError("Une de ces dates est passée : on n’y écrit plus qu’une note.")


def _keep_seats(dates: Iterable[Occurrence], change: Change) -> None:
    """Seats that people hold are not taken away."""
    ways = {"capacity": ("taken", Attending.ON_SITE), "capacity_online": ("taken_online", Attending.ONLINE)}
    for name, (column, way) in ways.items():
        wanted = change.details.get(name)
        if wanted is None:
            continue
        held = Seating.objects.filter(occurrence__in=[each.pk for each in dates if each.pk])
        most = max(held.order_by().values_list(column, flat=True), default=0)
        if wanted < most:
            raise EditingError(
                f"{most} personnes ont déjà une place ({way.label.lower()}) à l’une de ces dates : "
                f"gardez-en au moins {most}.",
                name,
            )
