"""Gouvernances and feuilles de route: how many départements have one, how many people live where one is accepted; and
who applies to carry them.

Coverage is that of the communes that accepted roadmaps keep (``PerimeterClaim``), whichever service instructed them, as
« Qui couvre quoi » has it. Applications are those that the desk instructs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, F, QuerySet, Sum, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform

from portal.accounts.enums import OrganisationKind
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from ..enums import Carrying, FieldRole, Kind, State
from ..fields.schema import load_schema
from ..instruction.selectors import Desk
from ..models import Dossier, DossierTypeVersion, PerimeterClaim
from .scope import place_at

UNKNOWN: Final = ""


@dataclass(frozen=True)
class CoverageRow:
    """A département: its accepted gouvernances and roadmaps (its own; a régionale one is nobody's), and how far
    accepted roadmaps cover it. ``population`` is that of its communes, 0 where it is not known."""

    territory: Territory
    governances: int
    roadmaps: int
    communes: int
    covered: int
    population: int
    covered_population: int

    @property
    def share(self) -> float | None:
        """Of the population, 0 to 1; of the communes where no population is known."""
        if self.population:
            return self.covered_population / self.population
        return self.covered / self.communes if self.communes else None

    @property
    def is_whole(self) -> bool:
        return bool(self.communes) and self.covered == self.communes


@dataclass(frozen=True)
class CoverageSum:
    """All the rows together."""

    rows: tuple[CoverageRow, ...]

    @property
    def departements(self) -> int:
        return len(self.rows)

    @property
    def with_governance(self) -> int:
        return sum(1 for row in self.rows if row.governances)

    @property
    def with_roadmap(self) -> int:
        """Where an accepted one covers a commune at the least."""
        return sum(1 for row in self.rows if row.covered)

    @property
    def whole(self) -> int:
        return sum(1 for row in self.rows if row.is_whole)

    @property
    def population(self) -> int:
        return sum(row.population for row in self.rows)

    @property
    def covered_population(self) -> int:
        return sum(row.covered_population for row in self.rows)

    @property
    def share_governance(self) -> float | None:
        return self.with_governance / self.departements if self.rows else None

    @property
    def share_roadmap(self) -> float | None:
        return self.with_roadmap / self.departements if self.rows else None

    @property
    def share_population(self) -> float | None:
        return self.covered_population / self.population if self.population else None


def departements_of(desk: Desk) -> list[Territory]:
    """The current départements of the desk, by région, then by name. At most one query."""
    if desk.everywhere:
        found = Territory.objects.current().filter(level=Level.DEPARTEMENT).select_related("region")
        each_one: Iterable[Territory] = found.order_by("search_name", "code")
    else:
        each_one = [each for each in desk.services if each.level == Level.DEPARTEMENT and each.ended_on is None]
    return sorted(each_one, key=lambda each: (each.region.search_name if each.region else "", each.search_name))


def coverage_of(departements: Iterable[Territory]) -> CoverageSum:
    """Four queries."""
    departements = list(departements)
    keys = [each.pk for each in departements]
    accepted = Dossier.objects.kept().filter(state=State.ACCEPTED)
    governances = _by_departement(accepted.filter(type__kind=Kind.GOVERNANCE))
    roadmaps = _by_departement(accepted.filter(type__kind=Kind.ROADMAP))
    kept = PerimeterClaim.objects.filter(dossier__in=accepted.filter(type__kind=Kind.ROADMAP).values("pk"))
    inside = TerritoryLink.objects.filter(ancestor__in=kept.values("commune")).values("descendant")
    communes = Territory.objects.current().filter(level=Level.COMMUNE, departement__in=keys)
    every, covered = _sums(communes), _sums(communes.filter(pk__in=inside))
    return CoverageSum(
        tuple(
            CoverageRow(
                territory=each,
                governances=governances[each.pk],
                roadmaps=roadmaps[each.pk],
                communes=every.get(each.pk, (0, 0))[0],
                covered=covered.get(each.pk, (0, 0))[0],
                population=every.get(each.pk, (0, 0))[1],
                covered_population=covered.get(each.pk, (0, 0))[1],
            )
            for each in departements
        )
    )


def _by_departement(dossiers: QuerySet[Dossier]) -> Counter[int]:
    rows = dossiers.order_by().annotate(figured_place=place_at(Level.DEPARTEMENT)).values("figured_place")
    return Counter({row["figured_place"]: row["n"] for row in rows.annotate(n=Count("pk")) if row["figured_place"]})


def _sums(communes: QuerySet[Territory]) -> dict[int, tuple[int, int]]:
    """(communes, inhabitants) by département."""
    rows = communes.order_by().values("departement").annotate(n=Count("pk"), people=Sum("population"))
    return {row["departement"]: (row["n"], row["people"] or 0) for row in rows}


@dataclass(frozen=True)
class ApplicationRow:
    """The applications of one kind of organisation, by what they wish."""

    kind: str
    carry: int
    take_part: int
    suggested: int
    unknown: int

    @property
    def total(self) -> int:
        return self.carry + self.take_part + self.suggested + self.unknown


def applications(desk: Desk) -> list[ApplicationRow]:
    """The deposited applications of the desk, withdrawn ones left out, in the order of the kinds. Two queries."""
    versions = DossierTypeVersion.objects.filter(type__kind=Kind.APPLICATION).order_by("pk")
    asked = [
        When(type_version=each.pk, then=KeyTextTransform(field.key, "values"))
        for each in versions
        if (field := load_schema(each).with_role(FieldRole.CARRIES)) is not None
    ]
    wish: Any = Case(*asked, default=Value(UNKNOWN), output_field=TextField()) if asked else Value(UNKNOWN)
    dossiers = desk.dossiers().filter(type__kind=Kind.APPLICATION).exclude(state=State.WITHDRAWN)
    rows = (
        dossiers.order_by()
        .annotate(figured_kind=F("organisation__kind"), figured_wish=wish)
        .values("figured_kind", "figured_wish")
        .annotate(n=Count("pk"))
    )
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        said = row["figured_wish"] if row["figured_wish"] in Carrying.values else UNKNOWN
        counts[row["figured_kind"], said] += row["n"]
    return [
        ApplicationRow(
            kind=label,
            carry=counts[kind, Carrying.CARRY],
            take_part=counts[kind, Carrying.TAKE_PART],
            suggested=counts[kind, Carrying.SUGGESTED],
            unknown=counts[kind, UNKNOWN],
        )
        for kind, label in OrganisationKind.choices
        if any(counts[kind, said] for said in (*Carrying.values, UNKNOWN))
    ]
