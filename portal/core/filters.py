"""Fields of the listings' forms. Their choices are kept in memory: a filter costs no query.

A value that is unknown is dropped and told; the known values beside it are kept.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django import forms
from django.core.cache import caches
from django.db import transaction

from portal.territories.enums import Level
from portal.territories.models import Territory
from portal.territories.selectors import territory_by_key

from .enums import ThemeFamily
from .models import Theme

T = TypeVar("T")
CACHE_SECONDS = 600
VOCABULARY = "vocabulary-generation"
#: More values than this for one filter are not read.
MAX_VALUES = 50


def cached_choices(name: str, read: Callable[[], T]) -> T:
    """What ``read`` gives, kept in memory until a theme, a territory or an organisation changes, or territories are
    loaded.
    """
    key = f"choices:{name}:{caches['default'].get(VOCABULARY, 0)}"
    value: T | None = caches["pages"].get(key)
    if value is None:
        value = read()
        caches["pages"].set(key, value, CACHE_SECONDS)
    return value


def forget_choices() -> None:
    """Read the choices afresh once the current transaction commits."""
    transaction.on_commit(lambda: caches["default"].set(VOCABULARY, time.time_ns(), None))


def all_themes() -> dict[str, Theme]:
    """Every theme by its slug, family after family, those of no known family last. No query once read."""
    return cached_choices("themes", _read_themes)


def _read_themes() -> dict[str, Theme]:
    themes = sorted(Theme.objects.order_by("order", "name", "pk"), key=lambda theme: ThemeFamily.rank_of(theme.family))
    return {theme.slug: theme for theme in themes}


def main_territories() -> list[Territory]:
    """Régions and départements (and what stands beside them overseas), by name. No query once read."""
    return cached_choices(
        "territories",
        lambda: list(
            Territory.objects.current()
            .filter(level__in=[Level.REGION, Level.DEPARTEMENT])
            .order_by("search_name", "code")
        ),
    )


class ManyField(forms.MultipleChoiceField):
    """Several values among cached ones. Unknown values are left out, and named in ``unknown`` for the form to tell."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        values = list(dict.fromkeys(super().to_python(value)))[:MAX_VALUES]
        self.unknown = [each for each in values if not self.valid_value(each)]
        return [each for each in values if self.valid_value(each)]


class ThemeField(ManyField):
    """Themes by slug, grouped by family; cleans to a list of :class:`Theme`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Thèmes")
        super().__init__(choices=self.grouped, required=False, **kwargs)

    @staticmethod
    def grouped() -> Iterable[tuple[str, list[tuple[str, str]]]]:
        families: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for slug, theme in all_themes().items():
            families[ThemeFamily.label_of(theme.family)].append((slug, theme.name))
        return list(families.items())

    def clean(self, value: Any) -> list[Theme]:  # type: ignore[override]
        themes = all_themes()
        return [themes[slug] for slug in super().clean(value)]


class TerritoryKeyField(forms.CharField):
    """A territory by its key ("departement-40"); the screen proposes régions and départements, links may name any."""

    widget = forms.Select

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, required=False, **kwargs)

    def clean(self, value: Any) -> Territory | None:  # type: ignore[override]
        key = super().clean(value)
        if not key:
            return None
        territory = next((each for each in main_territories() if each.key == key), None) or territory_by_key(key)
        if territory is None:
            raise forms.ValidationError("Ce territoire n’existe pas.")
        return territory
