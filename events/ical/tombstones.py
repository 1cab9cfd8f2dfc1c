"""Dates that feeds had and have no more: cancelled there for thirty days, without a word of what they were.

A calendar that reads a feed keeps, in many programs, what the feed merely stops to name. So an event that was public
and is unpublished, deleted or made private, and a date that is taken away, stay as CANCELLED VEVENTs of the same UID.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from icalendar import Event

from portal.core.models import PageFact
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from ..enums import Access, Mode
from ..models import AgendaStamp, EventPage, Occurrence, Tombstone
from .vevents import add_times, organiser, render, stamp

if TYPE_CHECKING:
    from ..filters import AgendaForm

KEPT = timedelta(days=30)
SUMMARY = "Événement retiré"
_BATCH = 500
_MODES = {Mode.SUR_PLACE, Mode.EN_LIGNE}


@transaction.atomic
def settle(where: Q, *, now: datetime | None = None) -> int:
    """Bring tombstones true to what is visible among the occurrences of ``where``; returns how many were made or taken
    away. Idempotent: two queries when nothing changed. To be called after the pages' facts were.
    """
    now = (now or timezone.now()).replace(microsecond=0)
    scope = Occurrence.objects.filter(where)
    count = bury(scope.filter(announced=True, page__fact__visible=False), now=now)
    back = scope.filter(page__fact__visible=True)
    count += _return(back.filter(announced=False), now)
    fact = PageFact.objects.filter(page_id=OuterRef("page_id"))
    back.update(
        announced=True,
        announced_space=Subquery(fact.values("space_id")[:1]),
        announced_territory=Subquery(fact.values("territory_id")[:1]),
    )
    return count


def bury(occurrences: Any, *, now: datetime | None = None) -> int:
    """Leave a tombstone for each of ``occurrences`` (a queryset) that feeds had; returns how many.

    Part of the caller's transaction. Their SEQUENCE rises, so that readers take the cancellation for news.
    """
    now = (now or timezone.now()).replace(microsecond=0)
    gone = list(occurrences.filter(announced=True).select_related("page").defer("ics", "page__body").order_by("pk"))
    if not gone:
        return 0
    facets = _facets(gone)
    Tombstone.objects.bulk_create(
        (_tombstone(each, facets[each.page_id], now) for each in gone),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["uid"],
        update_fields=["sequence", "gone_at", "expires_at", "ics", "start_date", "last_day", "starts_at", "past_from"],
    )
    Occurrence.objects.filter(pk__in=[each.pk for each in gone]).update(announced=False)
    return len(gone)


def _tombstone(occurrence: Occurrence, facets: dict[str, Any], now: datetime) -> Tombstone:
    event = Event()
    event.add("uid", str(occurrence.uid))
    add_times(event, occurrence)
    event.add("summary", SUMMARY)
    event.add("status", "CANCELLED")
    event.add("organizer", organiser())
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT")
    sequence = occurrence.sequence + 1
    stamped = stamp(event, sequence=sequence, created_at=occurrence.created_at, modified_at=now)
    return Tombstone(
        uid=occurrence.uid,
        page_id=occurrence.page_id,
        space_id=occurrence.announced_space,
        territory_id=occurrence.announced_territory,
        facets=facets | {"mode": occurrence.mode, "statut": occurrence.status},
        start_date=occurrence.start_date,
        last_day=occurrence.last_day,
        starts_at=occurrence.starts_at,
        past_from=occurrence.past_from,
        time_zone=occurrence.time_zone,
        all_day=occurrence.all_day,
        sequence=sequence,
        gone_at=now,
        expires_at=now + KEPT,
        ics=stamped.to_ical(),
    )


def _facets(gone: Iterable[Occurrence]) -> dict[int, dict[str, Any]]:
    """What the filters read of each page, by filter name: keys, never text. Three queries."""
    found: dict[int, dict[str, Any]] = {}
    for occurrence in gone:
        page = occurrence.page
        found[page.pk] = {
            "theme": [],
            "public": [],
            "format": page.format,
            "echelon": page.echelon,
            "accessibilite": [name for name in Access.values if getattr(page, name)],
            "organisateur": [page.organisation_id] if page.organisation_id else [],
        }
    for facet, name in (("theme", "themes"), ("public", "audiences"), ("organisateur", "co_organisations")):
        field: Any = EventPage._meta.get_field(name)
        pairs = field.remote_field.through.objects.filter(eventpage__in=list(found)).order_by("pk")
        for page_id, key in pairs.values_list("eventpage_id", f"{field.m2m_reverse_field_name()}_id"):
            found[page_id][facet].append(key)
    return found


def _return(occurrences: Any, now: datetime) -> int:
    """Take away the tombstones of dates that are public again, whose SEQUENCE goes above that of their cancellation."""
    from ..services import event_url

    graves = {grave.uid: grave for grave in Tombstone.objects.filter(uid__in=occurrences.values("uid")).order_by("pk")}
    if not graves:
        return 0
    for occurrence in Occurrence.objects.filter(uid__in=list(graves)).select_related("page").order_by("pk"):
        page = occurrence.page
        occurrence.sequence = max(occurrence.sequence, graves[occurrence.uid].sequence) + 1
        occurrence.modified_at = now
        rendered = render(occurrence, page, event_url(page), sorted(theme.name for theme in page.themes.all()))
        occurrence.significant, occurrence.digest = rendered.significant, rendered.digest
        occurrence.ics = rendered.stamped(
            sequence=occurrence.sequence, created_at=occurrence.created_at, modified_at=now
        )
        occurrence.save(update_fields=["sequence", "modified_at", "significant", "digest", "ics"])
    Tombstone.objects.filter(uid__in=list(graves)).delete()
    return len(graves)


# --- In feeds ---------------------------------------------------------------------------------------------------------
def tombstones_for(form: AgendaForm) -> list[Tombstone]:
    """Those a feed under the filters of ``form`` had: none of a feed whose filters cannot be decided without the event
    (words, distance, free seats…). One query.
    """
    active = dict(form.active)
    items: Any = Tombstone.objects.standing(form.now)
    for name in ("portee", "au_dessus", "periode", "du", "au"):
        active.pop(name, None)
    items = items.filter(_scope(form))
    if territory := active.pop("territoire", None):
        items = items.filter(_within(territory, above=bool(form.active.get("au_dessus"))))
    if form.period == "a-venir":
        items = items.upcoming(form.now)
    elif form.period == "passes":
        items = items.past(form.now)
    items = items.on_days(form.active.get("du"), form.active.get("au"))
    for name in ("quand", "annee"):
        if name in active:
            items = getattr(form, f"filter_{name}")(items, active.pop(name))
    if set(active) - set(_DECIDED):
        return []
    found = items.order_by("starts_at", "pk")
    return [each for each in found if all(_DECIDED[name](each.facets, value) for name, value in active.items())]


def _scope(form: AgendaForm) -> Q:
    if form.is_national or form.space is None:
        return Q()
    territory = form.space.territory
    scope = _within(territory) if form.active.get("portee") == "dedans" else Q(space_id=form.space.pk)
    return scope | _above(territory) if form.active.get("au_dessus") else scope


def _within(territory: Territory, *, above: bool = False) -> Q:
    if territory.level == Level.NATION:
        return Q()
    inside = Q(territory_id__in=TerritoryLink.objects.filter(ancestor=territory).values("descendant"))
    return inside | _above(territory) if above else inside


def _above(territory: Territory) -> Q:
    return Q(territory_id__in=TerritoryLink.objects.filter(descendant=territory).values("ancestor"))


def _keys(values: Iterable[Any]) -> set[Any]:
    return {getattr(value, "pk", value) for value in values}


def _in_modes(facets: dict[str, Any], values: Iterable[str]) -> bool:
    wanted = set(values)
    return facets["mode"] in (wanted | {Mode.HYBRIDE} if wanted & _MODES else wanted)


#: Filters that the facets of a tombstone answer, by name.
_DECIDED = {
    "theme": lambda facets, values: bool(set(facets["theme"]) & _keys(values)),
    "public": lambda facets, values: bool(set(facets["public"]) & _keys(values)),
    "format": lambda facets, values: facets["format"] in values,
    "echelon": lambda facets, values: facets["echelon"] in values,
    "statut": lambda facets, values: facets["statut"] in values,
    "mode": _in_modes,
    "accessibilite": lambda facets, values: set(values) <= set(facets["accessibilite"]),
    "organisateur": lambda facets, value: value.pk in facets["organisateur"],
}


def sweep(*, now: datetime | None = None) -> int:
    """What the schedule runs: tombstones made or taken away where a signal was missed, old ones gone."""
    now = now or timezone.now()
    changed = settle(
        Q(announced=True, page__fact__visible=False) | Q(announced=False, page__fact__visible=True), now=now
    )
    changed += Tombstone.objects.filter(expires_at__lte=now).delete()[0]
    if changed and AgendaStamp.objects.exists():
        from ..services import touch_agenda

        touch_agenda()
    return changed
