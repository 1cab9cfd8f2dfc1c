"""The agenda's filters: one form for the list, the month, the feeds and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Func, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.accounts.models import Organisation
from portal.core.enums import Echelon
from portal.core.filters import ManyField
from portal.core.listing import ActiveFilter, ListingForm
from portal.core.models import Audience, Theme
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from . import nearby, rules
from .covering import covering
from .enums import Access, Format, Mode, RegistrationKind, Status
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


class OrganiserField(forms.IntegerField):
    """An organisation of the directory, by its number; only those that organise something anyone may read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=1, max_value=2**31 - 1, **kwargs)

    def clean(self, value: Any) -> Organisation | None:  # type: ignore[override]
        number = super().clean(value)
        if number is None:
            return None
        public = EventPage.objects.filter(fact__visible=True).order_by()
        found = Organisation.objects.filter(
            Q(pk__in=public.filter(organisation=number).values("organisation"))
            | Q(pk__in=public.filter(co_organisations=number).values("co_organisations")),
            pk=number,
        ).first()
        if found is None:
            raise ValidationError("cette organisation n’a pas d’événement.")
        return found


class Places:
    FREE = "libres"
    CHOICES = [("", "Peu importe"), (FREE, "Il reste des places")]


class ClosesAt(Func):
    """``ClosesAt(start, hours)``: the instant that many hours before ``start``. SQLite cannot multiply a duration."""

    arity = 2
    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        (start, given), (hours, others) = (compiler.compile(each) for each in self.source_expressions)
        return f"datetime({start}, '-' || {hours} || ' hours')", [*given, *others]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        (start, given), (hours, others) = (compiler.compile(each) for each in self.source_expressions)
        return f"({start} - make_interval(hours => {hours}))", [*given, *others]


class AgendaForm(ListingForm):
    """Filters of occurrences; those common to every listing are read on the occurrence's page.

    A preset is seen from the day it is where each event is held. Asking for days or a year shows past dates too.
    """

    GROUPS = ("theme", "format", "mode", "public", "echelon", "accessibilite", "statut")

    q = forms.CharField(label="Mots du titre, du chapô ou du lieu", max_length=100, required=False)
    quand = forms.ChoiceField(label="Dates", choices=[("", "Toutes les dates"), *Preset.CHOICES], required=False)
    du = DayField(label="Du")
    au = DayField(label="Au")
    autour = nearby.CommuneField(label="Autour de la commune", help_text="Son nom ou son code postal.")
    km = forms.IntegerField(
        label="À moins de (km)",
        min_value=nearby.LEAST_KM,
        max_value=nearby.MOST_KM,
        required=False,
        help_text=f"De {nearby.LEAST_KM} à {nearby.MOST_KM} ; {nearby.DEFAULT_KM} si rien n’est dit.",
    )
    places = forms.ChoiceField(label="Places", choices=Places.CHOICES, required=False)
    organisateur = OrganiserField(label="Organisateur")
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
        #: Screens that show every date of a period, or every territory, set those filters aside.
        self.by_month = self.by_territory = False
        self.centre: nearby.Point | None = None

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
        if commune := cleaned.get("autour"):
            self.centre = nearby.centre_of(commune)
            if self.centre is None:
                self.add_error("autour", f"la position de {commune.name} n’est pas connue.")
        if not cleaned.get("autour"):
            cleaned["km"] = None
        return cleaned

    def describe(self, name: str, value: Any) -> tuple[str, str]:
        if name == "organisateur":
            return str(value.pk), value.name
        if name == "autour":
            return value.key, f"{value.label}, à moins de {self.radius} km"
        return super().describe(name, value)

    def active_filters(self) -> list[ActiveFilter]:
        """As elsewhere; a distance is told with its commune."""
        return [each for each in super().active_filters() if each.label != self.fields["km"].label]

    @property
    def radius(self) -> int:
        return int(self.active.get("km") or nearby.DEFAULT_KM)

    @property
    def around_text(self) -> str:
        """What to write back in the field of the commune."""
        commune = self.active.get("autour")
        return commune.label if commune else str(self["autour"].data or "")[:100]

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

    # --- Territories: an event concerns those it covers, wherever it is held ----------------------------------------
    def scope(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """Its own space's, and what covers its very territory."""
        if self.is_national or self.space is None:
            return items
        territory = self.space.territory
        if "portee" in self.active:
            scoped = self.territory_q(territory, above=False)
        else:
            scoped = self._fact(space=self.space) | covering([territory.pk])
        if self.active.get("au_dessus"):
            scoped |= self._above_q(territory)
        return items.filter(scoped)

    def territory_q(self, territory: Territory, *, above: bool) -> Q:
        inside = super().territory_q(territory, above=above)
        if territory.level == Level.NATION:
            return inside
        return inside | covering(TerritoryLink.objects.filter(ancestor=territory).values("descendant"))

    def _above_q(self, territory: Territory) -> Q:
        return super()._above_q(territory) | covering(
            TerritoryLink.objects.filter(descendant=territory).values("ancestor")
        )

    def filter_territoire(self, items: QuerySet[Any], territory: Territory) -> QuerySet[Any]:
        return items if self.by_territory else super().filter_territoire(items, territory)

    def filter_autour(self, items: QuerySet[Any], commune: Territory) -> QuerySet[Any]:
        """Held within ``km`` of the commune; what is only online is held nowhere."""
        if self.centre is None:
            return items
        return items.filter(venue__in=nearby.venues_around(commune, self.centre, self.radius)).exclude(
            mode=Mode.EN_LIGNE
        )

    # --- Read on the occurrence -------------------------------------------------------------------------------------
    def filter_places(self, items: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those to which one may register on the portal now, with a seat left that nobody waits for."""
        on_site = Q(capacity=None) | Q(capacity__gt=Coalesce("seating__taken", 0))
        online = Q(capacity_online=None) | Q(capacity_online__gt=Coalesce("seating__taken_online", 0))
        open_still = items.alias(closes_at=ClosesAt("starts_at", "page__registration_closes_hours"))
        return open_still.filter(
            Q(page__registration_opens_at=None) | Q(page__registration_opens_at__lte=self.now),
            (Q(mode__in=[Mode.SUR_PLACE, Mode.HYBRIDE]) & on_site)
            | (Q(mode__in=[Mode.EN_LIGNE, Mode.HYBRIDE]) & online),
            Q(seating=None) | Q(seating__waiting=0),
            page__registration=RegistrationKind.INTERNAL,
            starts_at__gt=self.now,
            closes_at__gt=self.now,
        ).exclude(status__in=[Status.ANNULE, Status.REPORTE, Status.COMPLET])

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

    def filter_organisateur(self, items: QuerySet[Any], organisation: Organisation) -> QuerySet[Any]:
        """What it organises, alone or with others."""
        pages = EventPage.objects.order_by()
        return items.filter(
            Q(page__organisation=organisation) | Q(page__in=pages.filter(co_organisations=organisation).values("pk"))
        )

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
