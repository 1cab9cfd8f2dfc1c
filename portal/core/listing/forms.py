"""The form of a listing: what its parameters mean, what is said of those that mean nothing, what they leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from portal.territories.enums import Level
from portal.territories.models import Space, Territory, TerritoryLink

from ..choices import territory_options
from ..filters import ManyField, TerritoryKeyField, ThemeField
from ..models import Theme
from .feeds import xml_text


class Scope:
    """What a space's listing shows: its own pages, or all those inside its territory."""

    OWN = "espace"
    INSIDE = "dedans"
    CHOICES = [(OWN, "Cet espace"), (INSIDE, "Tout le territoire")]


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, as a tag one removes: ``query`` is what remains of the query string without it."""

    label: str
    value: str
    query: str


class ListingForm(forms.Form):
    """Filters common to every listing. A bad value is dropped, told in :attr:`notices`, and never an error."""

    q = forms.CharField(label="Mots du titre ou du chapô", max_length=100, required=False)
    portee = forms.ChoiceField(label="Portée", choices=Scope.CHOICES, required=False, widget=forms.RadioSelect)
    territoire = TerritoryKeyField(label="Territoire")
    au_dessus = forms.BooleanField(
        label="Inclure les échelons supérieurs",
        help_text="Ce que publient le département, la région et le niveau national.",
        required=False,
    )
    theme = ThemeField()

    #: Values that are those of an absent filter.
    defaults: ClassVar[dict[str, Any]] = {"portee": Scope.OWN}
    #: How the page's facts are reached from the items listed.
    fact_path: ClassVar[str] = "fact"

    def __init__(self, data: Any = None, *args: Any, space: Space | None = None, **kwargs: Any) -> None:
        super().__init__(_plain(data), *args, auto_id="filtre-%s", label_suffix="", **kwargs)
        self.space = space
        if self.is_national:
            del self.fields["portee"]

    @property
    def is_national(self) -> bool:
        """Whether the listing is the national one, which aggregates every space."""
        return self.space is None or self.space.territory.level == Level.NATION

    # --- What was understood ------------------------------------------------------------------------------------------
    @cached_property
    def notices(self) -> list[str]:
        """Sentences about the parameters that were not understood and were left out."""
        told = [
            f"Le filtre « {self.fields[name].label} » a été ignoré : {' '.join(map(str, errors))}"
            for name, errors in self.errors.items()
            if name in self.fields
        ]
        for name, field in self.fields.items():
            if isinstance(field, ManyField) and (unknown := getattr(field, "unknown", [])):
                values = ", ".join(f"« {value[:40]} »" for value in unknown[:3])
                told.append(f"Le filtre « {self.fields[name].label} » ne connaît pas {values}.")
        return told

    @property
    def active(self) -> dict[str, Any]:
        """The filters in force, by field name."""
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "", False)
            and not (isinstance(value, Sequence | QuerySet) and len(value) == 0)
            and self.defaults.get(name) != value
        }

    def pairs(self) -> list[tuple[str, str, str]]:
        """Every value in force as (field, value as in the address, label): the base of links and tags."""
        found = []
        for name, value in self.active.items():
            values = value if isinstance(value, list | tuple | QuerySet) else [value]
            found += [(name, *self.describe(name, each)) for each in values]
        return found

    def describe(self, name: str, value: Any) -> tuple[str, str]:
        """(value in an address, label for people) of one value of a field."""
        field = self.fields[name]
        if isinstance(value, Territory):
            return value.key, value.label
        if isinstance(value, Model):
            return str(getattr(value, getattr(field, "to_field_name", None) or "slug")), str(value)
        if value is True:
            return "on", str(field.label)
        if isinstance(value, date):
            return value.isoformat(), f"{field.label} {value:%d/%m/%Y}"
        labels = {str(key): str(label) for key, label in _flat(getattr(field, "choices", ()))}
        return str(value), labels.get(str(value), str(value))

    def query(self, *, without: tuple[str, str] | None = None) -> str:
        """The filters in force as a query string, without the page number."""
        return urlencode([(n, v) for n, v, _ in self.pairs() if (n, v) != without])

    def active_filters(self) -> list[ActiveFilter]:
        return [
            ActiveFilter(str(self.fields[name].label), label, self.query(without=(name, value)))
            for name, value, label in self.pairs()
        ]

    def territory_options(self) -> SafeString:
        """Options of the territory filter; empty where there is nothing to choose."""
        territory = self.space.territory if self.space else None
        return territory_options(territory, self.active.get("territoire"))

    # --- Filters ------------------------------------------------------------------------------------------------------
    def filter(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """``items`` under the filters in force, each by its ``filter_<field>`` method."""
        active = self.active
        for name in self.fields:
            method = getattr(self, f"filter_{name}", None)
            if method and name in active:
                items = method(items, active[name])
        return items

    def filter_q(self, items: QuerySet[Any], words: str) -> QuerySet[Any]:
        for word in words.split()[:8]:
            items = items.filter(Q(title__icontains=word) | Q(lead__icontains=word))
        return items

    def filter_theme(self, items: QuerySet[Any], themes: Iterable[Theme]) -> QuerySet[Any]:
        return items.filter(
            pk__in=items.model.themes.through.objects.filter(theme__in=themes).values(_page_column(items))
        )

    def filter_territoire(self, items: QuerySet[Any], territory: Territory) -> QuerySet[Any]:
        return items.filter(self.territory_q(territory, above=bool(self.cleaned_data.get("au_dessus"))))

    def territory_q(self, territory: Territory, *, above: bool) -> Q:
        """Items inside ``territory``, and where ``above`` says so those of what contains it."""
        if territory.level == Level.NATION:
            return Q()
        inside = self._fact(territory__in=TerritoryLink.objects.filter(ancestor=territory).values("descendant"))
        return inside | self._above_q(territory) if above else inside

    def scope(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """``items`` of the listing's own space (the national one lists every space)."""
        if self.is_national or self.space is None:
            return items
        active = self.active
        scoped = (
            self.territory_q(self.space.territory, above=False)
            if active.get("portee") == Scope.INSIDE
            else self._fact(space=self.space)
        )
        if active.get("au_dessus"):
            scoped |= self._above_q(self.space.territory)
        return items.filter(scoped)

    def _above_q(self, territory: Territory) -> Q:
        return self._fact(territory__in=TerritoryLink.objects.filter(descendant=territory).values("ancestor"))

    def _fact(self, **conditions: Any) -> Q:
        return Q(**{f"{self.fact_path}__{name}": value for name, value in conditions.items()})


class PeriodFormMixin(forms.Form):
    """« du … au … » on the date of publication, days of the listing's own time zone."""

    du = forms.DateField(label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def zone(self) -> ZoneInfo:
        space: Space | None = getattr(self, "space", None)
        return ZoneInfo(space.territory.time_zone if space else "Europe/Paris")

    def filter_du(self, items: QuerySet[Any], day: date) -> QuerySet[Any]:
        return items.filter(fact__date__gte=_moment(day, time.min, self.zone()))

    def filter_au(self, items: QuerySet[Any], day: date) -> QuerySet[Any]:
        return items.filter(fact__date__lte=_moment(day, time.max, self.zone()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("du") and cleaned.get("au") and cleaned["du"] > cleaned["au"]:
            self.add_error("au", "la fin précède le début.")
        return cleaned


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """``day`` at ``at`` there; at the ends of the calendar, where no conversion is possible, in UTC."""
    return datetime.combine(day, at, ZoneInfo("UTC") if day.year in (1, 9999) else zone)


def _plain(data: Any) -> Any:
    """The parameters without characters that no field takes and a database may refuse (NUL, lone surrogates)."""
    if not isinstance(data, QueryDict):
        return data
    plain = QueryDict(mutable=True)
    for key, values in data.lists():
        if key.isascii() and len(key) <= 40:
            plain.setlist(key, [xml_text(value)[:1000] for value in values[:200]])
    return plain


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _page_column(items: QuerySet[Any]) -> str:
    """The column of a theme table that points at the page."""
    through: type[Model] = items.model.themes.through
    return next(f.name for f in through._meta.fields if f.related_model is items.model)
