"""Dates that fall together: the same venue at the same time, or the same theme and territory the same day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..models import Occurrence
from .changes import OFF

if TYPE_CHECKING:
    from ..models import EventPage

MOST = 20
_MOST_READ = 500


@dataclass(frozen=True)
class Clash:
    """A date of the event, and that of another which anyone may read. ``venue``: the place; else the theme's day."""

    date: Occurrence
    other: Occurrence
    same_place: bool

    def __str__(self) -> str:
        other = self.other.title or self.other.page.title
        if self.same_place:
            return f"{self.date.when} : « {other} » se tient au même lieu ({self.other.when})."
        return f"{self.date.when} : « {other} » porte ce jour-là sur le même thème, dans le même territoire."


def clashes_of(page: EventPage, dates: list[Occurrence]) -> list[Clash]:
    """What falls together with the dates to come among ``dates`` (saved or not), soonest first. Three queries at most.

    It is told, never refused.
    """
    coming = [each for each in dates if not each.is_past and each.status not in OFF]
    if not coming:
        return []
    others = (
        Occurrence.objects.live_public()
        .exclude(page_id=page.pk)
        .exclude(status__in=OFF)
        .filter(past_from__gt=min(each.starts_at for each in coming))
        .filter(starts_at__lt=max(each.past_from for each in coming))
        .defer("ics")
        .select_related("page")
        .order_by("starts_at", "pk")
    )
    found: dict[tuple[str, int], Clash] = {}
    venues = {each.venue_id for each in coming if each.venue_id}
    if venues:
        for other in others.filter(venue__in=venues)[:_MOST_READ]:
            for each in coming:
                together = each.starts_at < other.ends_at and other.starts_at < each.ends_at
                if together and each.venue_id == other.venue_id:
                    found.setdefault((str(each.key), other.pk), Clash(each, other, same_place=True))
    themes = [theme.pk for theme in page.themes.all()]
    territory = page.territory_id or (page.fact.territory_id if hasattr(page, "fact") else None)
    if themes and territory:
        near = others.filter(page__fact__territory=territory, page__themes__in=themes).distinct()
        for other in near[:_MOST_READ]:
            for each in coming:
                if each.start_date <= other.last_day and other.start_date <= each.last_day:
                    found.setdefault((str(each.key), other.pk), Clash(each, other, same_place=False))
    return sorted(found.values(), key=lambda clash: clash.date.starts_at)[:MOST]
