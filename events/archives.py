"""The archives of an agenda: how many dates, by year and theme."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from portal.core.filters import all_themes
from portal.core.models import Theme


@dataclass(frozen=True)
class Year:
    """``themes``: each with its number of dates, in the vocabulary's order. A date may have several, or none."""

    year: int
    count: int
    themes: list[tuple[Theme, int]]


def years_of(items: QuerySet[Any]) -> list[Year]:
    """The years of ``items`` (occurrences), last first. Two queries."""
    items = items.order_by()
    counts = dict(items.values_list("start_date__year").annotate(n=Count("pk")))
    themes: dict[int, dict[int, int]] = defaultdict(dict)
    for year, theme, number in (
        items.exclude(page__themes=None).values_list("start_date__year", "page__themes").annotate(n=Count("pk"))
    ):
        themes[year][theme] = number
    return [
        Year(
            year,
            counts[year],
            [(theme, themes[year][theme.pk]) for theme in all_themes().values() if theme.pk in themes[year]],
        )
        for year in sorted(counts, reverse=True)
    ]
