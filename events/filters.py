"""The agenda's filters: one form for the list, the month, the feeds and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.core.enums import Echelon
from portal.core.filters import ManyField
from portal.core.listing import ListingForm
from portal.core.models import Audience, Theme

from . import rules
from .enums import Access, Format, Mode, Status
from .models.events import EventPage
from .vocabulary import all_audiences


class Period:
    UPCOMING = "a-venir"
    PAST = "passes"
    ALL = "tous"
    CHOICES = [(UPCOMING, "À venir"), (PAST, "Passés"), (ALL, "À venir et passés")]


class Preset:
    TODAY = "aujourd-hui"
    TOMORROW = "demain"
    WEEK = "cette-semaine"
    WEEKEND = "ce-week-end"
    NEXT_WEEK = "semaine-prochaine"
    MONTH = "ce-mois"
    NEXT_MONTH = "mois-prochain"
    CHOICES = [
        (TODAY, "Aujourd’hui"),
        (TOMORROW, "Demain"),
        (WEEK, "Cette semaine"),
        (WEEKEND, "Ce week-end"),
        (NEXT_WEEK, "La semaine prochaine"),
        (MONTH, "Ce mois-ci"),
        (NEXT_MONTH, "Le mois prochain"),
    ]


def preset_days(preset: str, today: date) -> tuple[date, date]:
    """First and last day of a preset, seen from ``today``. Weeks begin on Monday."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    return {
        Preset.TODAY: (today, today),
        Preset.TOMORROW: (today + timedelta(days=1), today + timedelta(days=1)),
        Preset.WEEK: (monday, monday + timedelta(days=6)),
        Preset.WEEKEND: (monday + timedelta(days=5), monday + timedelta(days=6)),
        Preset.NEXT_WEEK: (monday + timedelta(days=7), monday + timedelta(days=13)),
        Preset.MONTH: (month, following - timedelta(days=1)),
        Preset.NEXT_MONTH: (following, (following + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
    }[preset]


class AudienceField(ManyField):
    """Audiences by slug; cleans to a list of :class:`Audience`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Publics", choices=self.options, required=False, **kwargs)

    @staticmethod
    def options() -> list[tuple[str, str]]:
        return [(slug, audience.name) for slug, audience in all_audiences().items()]

    def clean(self, value: Any) -> list[Audience]:  # type: ignore[override]
        audiences = all_audiences()
        return [audiences[slug] for slug in super().clean(value)]


class DayField(forms.DateField):
    """A day, as browsers send it or as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"], widget=widget, **kwargs)


class AgendaForm(ListingForm):
    """Filters of occurrences; those common to every listing are read on the occurrence's page.

    A preset is seen from the day it is where each event is held. Asking for days or a year shows past dates too.
    """

    GROUPS = ("theme", "format", "mode", "public", "echelon", "accessibilite", "statut")

    q = forms.CharField(label="Mots du titre, du chapô ou du lieu", max_length=100, required=False)
    quand = forms.ChoiceField(label="Dates", choices=[("", "Toutes les dates"), *Preset.CHOICES], required=False)
    du = DayField(label="Du")
    au = DayField(label="Au")
    periode = forms.ChoiceField(label="Événements", choices=Period.CHOICES, required=False)
    annee = forms.IntegerField(label="Année", min_value=2000, max_value=2100, required=False)
    format = ManyField(label="Format", choices=Format.choices, required=False)
    mode = ManyField(label="Mode", choices=Mode.choices, required=False)
    public = AudienceField()
    echelon = ManyField(label="Échelon", choices=Echelon.choices, required=False)
    accessibilite = ManyField(label="Accessibilité", choices=Access.choices, required=False)
    statut = ManyField(label="État", choices=Status.choices, required=False)

    defaults: ClassVar[dict[str, Any]] = ListingForm.defaults | {"periode": Period.UPCOMING}
    fact_path = "page__fact"

    def __init__(self, *args: Any, now: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now or timezone.now()
        self.by_month = False

    @cached_property
    def period(self) -> str:
        """The period in force: what is to come, unless dates were asked for."""
        if chosen := self.active.get("periode"):
            return str(chosen)
        return Period.ALL if {"du", "au", "annee"} & set(self.active) else Period.UPCOMING

    @property
    def shortcuts(self) -> list[tuple[str, str]]:
        """The presets offered as links above the list."""
        return [
            pair for pair in Preset.CHOICES if pair[0] in (Preset.TODAY, Preset.WEEK, Preset.NEXT_WEEK, Preset.MONTH)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("du") and cleaned.get("au") and cleaned["du"] > cleaned["au"]:
            self.add_error("au", "la fin précède le début.")
        return cleaned

    @property
    def groups(self) -> list[forms.BoundField]:
        """The filters of several choices, in the order they are shown."""
        return [self[name] for name in self.GROUPS]

    def filter(self, items: Any) -> Any:
        items = super().filter(items)
        if self.by_month:
            return items
        if self.period == Period.UPCOMING:
            items = items.upcoming(self.now)
        elif self.period == Period.PAST:
            items = items.past(self.now)
        return items.on_days(self.active.get("du"), self.active.get("au"))

    # --- Read on the occurrence -------------------------------------------------------------------------------------
    def filter_statut(self, items: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return items.filter(status__in=values)

    def filter_quand(self, items: QuerySet[Any], preset: str) -> QuerySet[Any]:
        """« Aujourd'hui » is the day it is where the event is held."""
        if self.by_month:
            return items
        days = Q()
        for today, zones in rules.zones_by_today(self.now).items():
            first, last = preset_days(preset, today)
            days |= Q(time_zone__in=zones, start_date__lte=last, last_day__gte=first)
        return items.filter(days)

    def filter_annee(self, items: Any, year: int) -> Any:
        return items if self.by_month else items.on_days(date(year, 1, 1), date(year, 12, 31))

    # --- Read on the page -------------------------------------------------------------------------------------------
    def filter_q(self, items: QuerySet[Any], words: str) -> QuerySet[Any]:
        for word in words.split()[:8]:
            items = items.filter(
                Q(page__title__icontains=word)
                | Q(title__icontains=word)
                | Q(page__lead__icontains=word)
                | Q(venue__name__icontains=word)
                | Q(venue__commune__name__icontains=word)
            )
        return items

    def filter_theme(self, items: QuerySet[Any], themes: Iterable[Theme]) -> QuerySet[Any]:
        return items.filter(
            page__in=EventPage.themes.through.objects.filter(theme__in=themes).values("eventpage")  # type: ignore[attr-defined]
        )

    def filter_public(self, items: QuerySet[Any], audiences: Iterable[Audience]) -> QuerySet[Any]:
        return items.filter(
            page__in=EventPage.audiences.through.objects.filter(audience__in=audiences).values("eventpage")  # type: ignore[attr-defined]
        )

    def filter_echelon(self, items: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return items.filter(page__echelon__in=values)

    def filter_format(self, items: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return items.filter(page__format__in=values)

    def filter_mode(self, items: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        """Those one can attend in one of the modes: a hybrid event is also on the spot and online."""
        wanted = {*values, Mode.HYBRIDE} if {Mode.SUR_PLACE, Mode.EN_LIGNE} & set(values) else set(values)
        return items.filter(mode__in=sorted(wanted))

    def filter_accessibilite(self, items: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        """Those that have every provision asked for."""
        return items.filter(**{f"page__{name}": True for name in values})
