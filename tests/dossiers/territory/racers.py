"""What the processes of a race over perimeters do; see :mod:`tests.security.racers`."""

from __future__ import annotations

from typing import Any


def overlapping_drafts(number: int) -> list[dict[str, Any]]:
    """Complete drafts of two organisations, which all have Dax in their perimeter and something else."""
    from ..factories import make_party
    from .factories import make_roadmap_type, roadmap

    party, type_ = make_party(), make_roadmap_type()
    others = ["epci-244000808", "epci-200030435", "commune-40192", "commune-40001"]
    drafts = [
        roadmap(party, type_, "epci-244000675", others[each % len(others)], state="brouillon") for each in range(number)
    ]
    return [{"dossier": str(each.pk), "user": party.depositor.pk, "version": each.version} for each in drafts]


def deposit_perimeter(given: dict[str, Any]) -> str:
    """« depose », or the code of the refusal with what it says."""
    from dossiers.rules import DossierRefused
    from dossiers.services.transitions import perform
    from portal.accounts.models import User

    actor = User.objects.get(pk=given["user"])
    try:
        return perform("deposer", dossier=given["dossier"], actor=actor, version=given["version"]).state
    except DossierRefused as refused:
        return f"{refused.code} {refused.message}"


def state_of_perimeters(_: Any) -> dict[str, Any]:
    """The numbers of what is deposited, and whose communes are kept."""
    from dossiers.models import Dossier, PerimeterClaim

    deposited = Dossier.objects.exclude(state="brouillon").order_by("number")
    return {
        "deposited": list(deposited.values_list("number", flat=True)),
        "claimed": sorted(set(PerimeterClaim.objects.values_list("dossier__number", flat=True))),
        "communes": sorted(PerimeterClaim.objects.values_list("commune__code", flat=True)),
    }
