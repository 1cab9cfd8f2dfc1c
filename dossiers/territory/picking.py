"""What is said of overlaps while a perimeter is being picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..models import Dossier, PerimeterClaim
from .reading import territories_of


def taken(dossier: Dossier, keys: Sequence[str]) -> Mapping[str, str]:
    """Those of the territories ``keys`` that another roadmap keeps, wholly or in part, with which. Two queries."""
    if not dossier.type.exclusive_perimeter:
        return {}
    offered = {each.pk: each.key for each in territories_of(keys)}
    # Whole territories are kept as such; intercommunalités and communes through their communes.
    claims = (
        PerimeterClaim.objects.filter(type=dossier.type_id)
        .exclude(dossier=dossier)
        .filter(commune__ancestor_links__ancestor__in=list(offered))
        .order_by("dossier__number", "commune__ancestor_links__ancestor")
        .values_list(
            "commune__ancestor_links__ancestor",
            "commune",
            "commune__level",
            "dossier__title",
            "dossier__type__title",
            "dossier__number",
            "dossier__organisation__name",
        )
    )
    told: dict[str, list[str]] = {}
    for picked, commune, level, title, type_title, number, organisation in claims:
        # A whole département is not taken by what lies in it, nor a région by its départements.
        if commune != picked and not _through_communes(offered[picked], level):
            continue
        text = f"« {title or type_title} », n° {number} ({organisation})"
        names = told.setdefault(offered[picked], [])
        if text not in names:
            names.append(text)
    return {key: f"Déjà dans {' et '.join(names)}" for key, names in told.items()}


def _through_communes(key: str, level: str) -> bool:
    return level == "commune" and key.startswith(("epci-", "ept-"))
