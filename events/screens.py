"""What the screens of events read, each in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Value
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.models import Organisation
from portal.core.filters import all_themes
from portal.core.highlights import concerning
from portal.core.models import Audience, Theme
from portal.territories.models import Space, Territory, TerritoryLink

from .covering import covering
from .enums import Mode, Status
from .models.occurrences import Occurrence
from .planning import draft_occurrences
from .registration.selectors import with_availability
from .series import all_in_words
from .vocabulary import all_audiences

if TYPE_CHECKING:
    from .models import EventPage, Venue

RELATED = 3
# Relations of the page that the occurrences' query brings along.
_RELATIONS = ("organisation", "image", "territory", "slides", "minutes")


def detail_context(page: EventPage, request: HttpRequest) -> dict[str, Any]:
    """What the page of an event shows beside its own fields. A preview shows the draft's dates."""
    draft = bool(getattr(request, "is_preview", False)) or not page.live
    occurrences = draft_or_published(page, draft=draft)
    told_of = labels(page, draft=draft)
    now = timezone.now()
    coming = [occurrence for occurrence in occurrences if occurrence.past_from > now]
    told = coming or occurrences
    shown = coming[0] if coming else (occurrences[-1] if occurrences else None)
    address = page.get_full_url(request) or ""
    agenda = address.rstrip("/").rpartition("/")[0] + "/calendrier.ics"
    return {
        "occurrences": occurrences,
        "coming": with_availability(page, coming),
        "gone": [occurrence for occurrence in occurrences if occurrence.past_from <= now],
        "main": shown,
        "modes": [
            mode.label for mode in Mode if mode in {each.mode for each in told} or (not told and mode == page.mode)
        ],
        "places": places(told),
        "online": any(each.is_online for each in told) if told else page.is_online,
        "varied": len({(each.mode, each.venue_id, each.venue_note) for each in told}) > 1,
        "is_past": bool(occurrences) and not coming,
        "themes": told_of.themes,
        "audiences": told_of.audiences,
        "covered": told_of.covered,
        "co_organisations": told_of.co_organisations,
        # One query, where there is a series.
        "series": all_in_words(page.rules.all(), page.mode)
        if draft or any(each.rule_key for each in occurrences)
        else [],
        "calendar_url": f"{address}evenement.ics",
        "agenda_webcal": "webcal" + agenda[agenda.index(":") :] if "://" in agenda else "",
        "related": related(page),
    }


def places(occurrences: Iterable[Occurrence]) -> list[tuple[Venue, str]]:
    """The venues of ``occurrences``, each once with the note that goes with it, in the order of their dates."""
    found: dict[int, tuple[Venue, str]] = {}
    for each in occurrences:
        if each.mode != Mode.EN_LIGNE and each.venue_id and each.venue is not None:
            found.setdefault(each.venue_id, (each.venue, each.venue_note))
    return list(found.values())


def draft_or_published(page: EventPage, *, draft: bool) -> list[Occurrence]:
    """The occurrences to show, soonest first, the page's own relations filled by the same query."""
    if draft:
        return draft_occurrences(page)
    # Those it has: each joins its twenty columns.
    relations = [name for name in _RELATIONS if getattr(page, f"{name}_id")]
    joined = [f"page__{name}" for name in relations] + ["venue__commune"]
    columns = [field.name for field in Occurrence._meta.concrete_fields if field.name != "ics"]
    occurrences = list(
        Occurrence.objects.filter(page_id=page.pk)
        .select_related("page__fact__territory", *joined)
        .only(*columns, "page__fact", *(f"page__{name}" for name in relations))
        .order_by("starts_at", "pk")
    )
    if occurrences:
        loaded = occurrences[0].page
        for name in relations:
            if getattr(page, f"{name}_id") == getattr(loaded, f"{name}_id"):
                setattr(page, name, getattr(loaded, name))
        page.fact = loaded.fact
        if same := next((each.venue for each in occurrences if each.venue_id and each.venue_id == page.venue_id), None):
            page.venue = same
    return occurrences


def related(page: EventPage) -> list[Occurrence]:
    """A few other events to come, those of the same space or format. One query."""
    space_id = page.fact.space_id if hasattr(page, "fact") else None
    near = Q(page__fact__space_id=space_id) | Q(page__format=page.format)
    others = Occurrence.objects.live_public().filter(near).exclude(page_id=page.pk)
    return list(others.first_of_each(Occurrence.objects.upcoming()).soonest(RELATED).for_lists())


def upcoming_highlights(
    *, territory: Territory | None = None, space: Space | None = None, limit: int = 3
) -> list[Occurrence]:
    """The next occurrences that concern a territory or a space, for the home and space pages; one an event.

    One query. Cancelled and postponed ones are left to the agenda.
    """
    held = Occurrence.objects.exclude(status__in=[Status.ANNULE, Status.REPORTE])
    scope = concerning(territory=territory, space=space, prefix="page__fact__")
    if scope and (here := space.territory if space else territory):
        scope |= covering(TerritoryLink.objects.filter(ancestor=here).values("descendant"))
    concerned = held.live_public().filter(scope)
    return list(concerned.first_of_each(held.upcoming()).soonest(limit).for_lists())


@dataclass(frozen=True)
class Labels:
    """What a page is filed under, besides its own columns."""

    themes: list[Theme]
    audiences: list[Audience]
    covered: list[Territory]
    co_organisations: list[Organisation]


def labels(page: EventPage, *, draft: bool) -> Labels:
    """In the order of the vocabulary, or by name. One query, and one each for territories and organisations if any;
    those of a draft are in memory.
    """
    if draft:
        return Labels(
            list(page.themes.all()),
            list(page.audiences.all()),
            list(page.covered.all()),
            list(page.co_organisations.all()),
        )
    model: Any = type(page)

    def rows(name: str, column: str) -> Any:
        through = getattr(model, name).through.objects
        return through.filter(eventpage=page.pk).order_by().values_list(Value(name), column)

    kinds = [("themes", "theme_id"), ("audiences", "audience_id"), ("covered", "territory_id")]
    first, *others = (rows(*kind) for kind in [*kinds, ("co_organisations", "organisation_id")])
    chosen: dict[str, set[int]] = defaultdict(set)
    for name, number in first.union(*others, all=True).order_by("theme_id"):
        chosen[name].add(number)
    covered, together = chosen["covered"], chosen["co_organisations"]
    return Labels(
        [theme for theme in all_themes().values() if theme.pk in chosen["themes"]],
        [audience for audience in all_audiences().values() if audience.pk in chosen["audiences"]],
        list(Territory.objects.filter(pk__in=covered).order_by("search_name", "code")) if covered else [],
        list(Organisation.objects.filter(pk__in=together).order_by("name", "pk")) if together else [],
    )
