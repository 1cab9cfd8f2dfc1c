"""Who covers what of a département: third scenario's union, and what is left out of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from ..enums import CLAIMING
from ..models import Dossier, DossierType, PerimeterClaim


@dataclass(frozen=True)
class Share:
    """What one infra-départementale covers of the département."""

    dossier: Dossier
    communes: tuple[Territory, ...]

    @property
    def population(self) -> int:
        return sum(each.population or 0 for each in self.communes)


@dataclass(frozen=True)
class MissingEpci:
    """An intercommunalité of which communes of the département are covered by nobody."""

    territory: Territory
    communes: tuple[Territory, ...]
    #: How many communes it has in the département.
    total: int

    @property
    def wholly(self) -> bool:
        return len(self.communes) == self.total


@dataclass(frozen=True)
class Coverage:
    """The infra-départementales of a type in a département, and the communes that none of them covers."""

    departement: Territory
    #: The roadmap of the whole département, if there is one.
    departementale: Dossier | None
    shares: tuple[Share, ...]
    communes: tuple[Territory, ...]
    covered: frozenset[int]
    missing: tuple[Territory, ...]
    missing_epci: tuple[MissingEpci, ...]

    @property
    def whole(self) -> bool:
        """Whether every commune is covered."""
        return bool(self.communes) and not self.missing

    @property
    def missing_alone(self) -> tuple[Territory, ...]:
        """Those of ``missing`` that are in no intercommunalité."""
        grouped = {commune.pk for each in self.missing_epci for commune in each.communes}
        return tuple(each for each in self.missing if each.pk not in grouped)

    @property
    def population(self) -> int:
        return sum(each.population or 0 for each in self.communes)

    @property
    def covered_population(self) -> int:
        return sum(each.population or 0 for each in self.communes if each.pk in self.covered)

    @property
    def share(self) -> float:
        """Share of the population that is covered, 0 to 1; of the communes where no population is known."""
        if self.population:
            return self.covered_population / self.population
        return len(self.covered) / len(self.communes) if self.communes else 0.0


def coverage(
    type_: DossierType, departement: Territory, *, states: Iterable[str] = CLAIMING, and_dossier: Dossier | None = None
) -> Coverage:
    """How far the infra-départementales of ``type_`` in ``states`` cover ``departement``. Four queries.

    A roadmap counts with its communes of the département, wherever it was deposited: that of an intercommunalité over
    two départements covers its part of each. ``and_dossier`` counts whatever its state.
    """
    communes = list(
        Territory.objects.current()
        .filter(level=Level.COMMUNE, departement=departement)
        .select_related("departement")
        .order_by("search_name", "code")
    )
    states = {str(state) for state in states}
    claims = (
        PerimeterClaim.objects.filter(type=type_, commune__departement=departement, commune__level=Level.COMMUNE)
        .order_by("dossier__number", "commune")
        .values_list("dossier", "commune")
    )
    held: dict[uuid.UUID, set[int]] = defaultdict(set)
    for dossier_id, commune_id in claims:
        held[dossier_id].add(commune_id)
    whole = PerimeterClaim.objects.filter(type=type_, commune=departement).values("dossier")
    dossiers = {
        each.pk: each
        for each in (Dossier.objects.filter(pk__in=[*held]) | Dossier.objects.filter(pk__in=whole))
        .select_related("organisation", "type", "territory")
        .order_by("number")
        if each.state in states or (and_dossier is not None and each.pk == and_dossier.pk)
    }
    shares = tuple(
        Share(dossiers[pk], tuple(each for each in communes if each.pk in pks))
        for pk, pks in held.items()
        if pk in dossiers
    )
    covered = frozenset(each.pk for share in shares for each in share.communes)
    missing = tuple(each for each in communes if each.pk not in covered)
    departementale = next((each for pk, each in dossiers.items() if pk not in held), None)
    return Coverage(
        departement, departementale, shares, tuple(communes), covered, missing, _missing_epci(departement, missing)
    )


def departementale_of(type_: DossierType, departement: Territory | None) -> Dossier | None:
    """The roadmap of ``type_``, deposited or accepted, whose perimeter is the whole département. One query."""
    if departement is None:
        return None
    claimed = PerimeterClaim.objects.filter(type=type_, commune=departement).values("dossier")
    return (
        Dossier.objects.kept()
        .filter(pk__in=claimed, state__in=CLAIMING)
        .select_related("type", "type_version", "organisation", "territory")
        .order_by("pk")
        .first()
    )


def _missing_epci(departement: Territory, missing: tuple[Territory, ...]) -> tuple[MissingEpci, ...]:
    left = {each.pk: each for each in missing}
    links = (
        TerritoryLink.objects.filter(
            ancestor__level=Level.EPCI,
            ancestor__ended_on=None,
            descendant__level=Level.COMMUNE,
            descendant__departement=departement,
            descendant__ended_on=None,
        )
        .select_related("ancestor")
        .order_by("ancestor__search_name", "ancestor__code", "descendant__search_name", "descendant__code")
    )
    theirs: dict[int, list[int]] = defaultdict(list)
    names: dict[int, Territory] = {}
    for link in links:
        names[link.ancestor_id] = link.ancestor
        theirs[link.ancestor_id].append(link.descendant_id)
    return tuple(
        MissingEpci(names[pk], tuple(left[each] for each in its if each in left), len(its))
        for pk, its in theirs.items()
        if any(each in left for each in its)
    )
