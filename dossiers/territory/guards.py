"""Rules of the field: what territories forbid at deposit and at acceptance. ``claim`` and ``release`` are those of
:mod:`.claims`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.enums import OrganisationKind
from portal.territories.models import Territory
from portal.territories.text import fold

from ..enums import Carrying, FieldRole, Kind, Scenario, State
from ..models import Dossier, DossierType, TerritoryRule
from .claims import claim, clashes_within, release
from .coverage import coverage, departementale_of
from .reach import Reach, departement_of, reach_of
from .reading import axes_of, carrying_of, field_key, perimeter_of, scenario_of

__all__ = ["CARRIERS", "Problem", "acceptance_problems", "claim", "deposit_problems", "min_shared_axes", "release"]

#: Who may *porter* where a type says nothing else (FNE).
CARRIERS = (OrganisationKind.REGION, OrganisationKind.DEPARTEMENT, OrganisationKind.EPCI)
MOST_NAMED = 8


@dataclass(frozen=True)
class Problem:
    """Why something is refused. ``field``: the key of the field of the form at fault, or ""."""

    code: str
    message: str
    field: str = ""


def deposit_problems(dossier: Dossier) -> list[Problem]:
    """Why ``dossier`` cannot be deposited as it is: ``carrier``, ``perimeter``, ``overlap`` (one a clash), ``axes``.

    A constant number of queries. Nothing is written.
    """
    problems = _carrier(dossier)
    if not dossier.type.exclusive_perimeter:
        return problems + _outside(dossier, perimeter_of(dossier))
    picked = perimeter_of(dossier)
    outside = _outside(dossier, picked)
    if outside:
        return problems + outside
    key = field_key(dossier, FieldRole.PERIMETER)
    reach = reach_of(picked)
    problems += [Problem("overlap", each.message, key) for each in clashes_within(dossier.type, picked, reach, dossier)]
    return problems + _own_scenario(dossier, reach) + _axes(dossier, reach)


def acceptance_problems(dossier: Dossier) -> list[Problem]:
    """Why ``dossier`` cannot be accepted: what may have changed since it was deposited, and ``coverage``.

    Third scenario (« plusieurs infra-départementales »), of the form or of the département's accepted gouvernance: the
    roadmaps deposited or accepted must cover the whole département together.
    """
    if not dossier.type.exclusive_perimeter:
        return _carrier(dossier)
    picked = perimeter_of(dossier)
    reach = reach_of(picked)
    problems = _carrier(dossier) + _axes(dossier, reach)
    departement = departement_of(dossier.territory)
    if departement is None or not reach.is_infra:
        return problems
    scenario = scenario_of(dossier) or governance_scenario(departement)
    if scenario == Scenario.SINGLE:
        message = (
            f"La gouvernance de « {departement.name} » prévoit une seule feuille de route, départementale : "
            "celle-ci ne couvre qu’une partie du département."
        )
        problems.append(Problem("scenario", message, field_key(dossier, FieldRole.PERIMETER)))
    elif scenario == Scenario.INFRA:
        problems += _not_covered(dossier.type, departement, dossier)
    return problems


def min_shared_axes(type_: DossierType, departement: Territory | None) -> int:
    """How many axes an infra-départementale shares with the départementale: the département's rule, else the type's.
    At most one query."""
    if departement is not None:
        asked = TerritoryRule.objects.filter(type=type_, territory=departement).values_list(
            "min_shared_axes", flat=True
        )
        for least in asked.order_by("pk")[:1]:
            return int(least)
    return int(type_.min_shared_axes)


def governance_scenario(departement: Territory) -> str:
    """The scenario of the département's gouvernance accepted last, or "". At most two queries and its form's."""
    accepted = (
        Dossier.objects.kept()
        .filter(type__kind=Kind.GOVERNANCE, territory=departement, state=State.ACCEPTED)
        .select_related("type_version")
        .order_by("-closed_at", "pk")
    )
    return next((scenario for each in accepted[:5] if (scenario := scenario_of(each))), "")


def _carrier(dossier: Dossier) -> list[Problem]:
    type_ = dossier.type
    if not type_.carriers_only and carrying_of(dossier) != Carrying.CARRY:
        return []
    allowed = [str(kind) for kind in type_.carrier_kinds or CARRIERS]
    if dossier.organisation.kind in allowed:
        return []
    names = ", ".join(OrganisationKind(kind).label.lower() for kind in allowed if kind in OrganisationKind.values)
    key = field_key(dossier, FieldRole.CARRIES)
    return [Problem("carrier", f"Seules ces organisations peuvent porter : {names}. Vous pouvez participer.", key)]


def _outside(dossier: Dossier, picked: list[Territory]) -> list[Problem]:
    """What was picked that is not in the dossier's territory. One that reaches over its border is in it."""
    inside = Territory.objects.inside(dossier.territory).filter(pk__in=[each.pk for each in picked])
    known = set(inside.order_by().values_list("pk", flat=True))
    strange = [each.label for each in picked if each.pk not in known]
    if not strange:
        return []
    names = ", ".join(strange[:MOST_NAMED]) + (" et d’autres" if len(strange) > MOST_NAMED else "")
    message = f"Le périmètre sort du territoire du dossier ({dossier.territory.label}) : {names}."
    return [Problem("perimeter", message, field_key(dossier, FieldRole.PERIMETER))]


def _own_scenario(dossier: Dossier, reach: Reach) -> list[Problem]:
    if scenario_of(dossier) != Scenario.SINGLE or not reach.is_infra:
        return []
    message = (
        "Une feuille de route départementale couvre tout le département : étendez le périmètre, ou changez de scénario."
    )
    return [Problem("scenario", message, field_key(dossier, FieldRole.PERIMETER))]


def _axes(dossier: Dossier, reach: Reach) -> list[Problem]:
    """An infra-départementale is aligned with the départementale, where there is one."""
    departement = departement_of(dossier.territory)
    if not reach.is_infra or departement is None:
        return []
    least = min_shared_axes(dossier.type, departement)
    above = departementale_of(dossier.type, departement) if least else None
    if above is None or above.pk == dossier.pk:
        return []
    theirs = {fold(title): title for title in axes_of(above)}
    shared = {fold(title) for title in axes_of(dossier)} & set(theirs)
    # A départementale with fewer axes than asked for cannot be shared more than whole.
    least = min(least, len(theirs))
    if len(shared) >= least:
        return []
    others = [title for key, title in theirs.items() if key not in shared]
    asked = "au moins un axe" if least == 1 else f"au moins {least} axes"
    got = "aucun" if not shared else "un seul" if len(shared) == 1 else str(len(shared))
    message = (
        f"Votre feuille de route doit partager {asked} avec la départementale « {above.label} » "
        f"(n° {above.number}) ; elle en partage {got}. Axes de la départementale à reprendre : "
        f"{' ; '.join(others[:MOST_NAMED])}."
    )
    return [Problem("axes", message, field_key(dossier, FieldRole.AXES))]


def _not_covered(type_: DossierType, departement: Territory, dossier: Dossier) -> list[Problem]:
    found = coverage(type_, departement, and_dossier=dossier)
    if found.whole:
        return []
    names = [each.territory.name for each in found.missing_epci] or [each.name for each in found.missing]
    count = len(found.missing)
    communes = "une commune n’est couverte" if count == 1 else f"{count} communes ne sont couvertes"
    further = len(names) - MOST_NAMED
    told = ", ".join(names[:MOST_NAMED]) + (f" et {further} autres" if further > 0 else "")
    message = (
        f"Les feuilles de route infra-départementales doivent couvrir tout le département ({departement.name}) : "
        f"{communes} par aucune. À couvrir : {told}."
    )
    return [Problem("coverage", message, field_key(dossier, FieldRole.PERIMETER))]
