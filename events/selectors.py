"""What the screens of events read, each in few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from .models.occurrences import Occurrence

if TYPE_CHECKING:
    from .models import EventPage

RELATED = 3
# Relations of the page that the occurrences' query brings along.
_RELATIONS = ("venue", "organisation", "image", "territory", "slides", "minutes")


def detail_context(page: EventPage, request: HttpRequest) -> dict[str, Any]:
    """What the page of an event shows beside its own fields. A preview shows the draft's dates."""
    occurrences = draft_or_published(page, request)
    now = timezone.now()
    coming = [occurrence for occurrence in occurrences if occurrence.past_from > now]
    shown = coming[0] if coming else (occurrences[-1] if occurrences else None)
    address = page.get_full_url(request) or ""
    agenda = address.rstrip("/").rpartition("/")[0] + "/calendrier.ics"
    return {
        "occurrences": occurrences,
        "coming": coming,
        "gone": [occurrence for occurrence in occurrences if occurrence.past_from <= now],
        "main": shown,
        "is_past": bool(occurrences) and not coming,
        "themes": list(page.themes.all()),
        "audiences": list(page.audiences.all()),
        "calendar_url": f"{address}evenement.ics",
        "agenda_webcal": "webcal" + agenda[agenda.index(":") :] if "://" in agenda else "",
        "related": related(page),
    }


def draft_or_published(page: EventPage, request: HttpRequest) -> list[Occurrence]:
    """The occurrences to show, soonest first, the page's own relations filled by the same query."""
    if getattr(request, "is_preview", False) or not page.live:
        from .services import draft_occurrences

        return draft_occurrences(page)
    occurrences = list(
        Occurrence.objects.filter(page_id=page.pk)
        .select_related(*(f"page__{name}" for name in _RELATIONS), "page__venue__commune", "page__fact__territory")
        .defer("ics", "page__body")
        .order_by("starts_at", "pk")
    )
    if occurrences:
        loaded = occurrences[0].page
        for name in _RELATIONS:
            if getattr(page, f"{name}_id") == getattr(loaded, f"{name}_id"):
                setattr(page, name, getattr(loaded, name))
        page.fact = loaded.fact
    return occurrences


def related(page: EventPage) -> list[Occurrence]:
    """A few other events to come, those of the same space or format. One query."""
    space_id = page.fact.space_id if hasattr(page, "fact") else None
    return list(
        Occurrence.objects.live_public()
        .upcoming()
        .for_lists()
        .filter(Q(page__fact__space_id=space_id) | Q(page__format=page.format))
        .exclude(page_id=page.pk)
        .order_by("starts_at", "pk")[:RELATED]
    )
