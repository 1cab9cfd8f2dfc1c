"""Reading lists, as the public may see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink
from portal.territories.text import fold

from .enums import SuppressionReason

if TYPE_CHECKING:
    from .models import MailingList


@dataclass
class RegionLists:
    """The public lists of a région, then those of its départements."""

    name: str
    own: list[MailingList] = field(default_factory=list)
    inside: list[MailingList] = field(default_factory=list)


def is_blocked(address: str) -> bool:
    """Whether not even a confirmation may be sent to a normal address. One query."""
    from .addresses import fingerprint
    from .models import Suppression

    found = Suppression.objects.filter(fingerprint=fingerprint(address)).values_list("reason", flat=True).first()
    return found is not None and SuppressionReason(found).blocks_confirmation


def lists_of(territory: Territory | None) -> list[MailingList]:
    """Public lists of ``territory``, the space's own first. One query; none without a territory."""
    from .models import MailingList

    if territory is None:
        return []
    return list(MailingList.objects.subscribable().of_territory(territory).order_by("-is_default", "name", "pk"))


def lists_above(territory: Territory) -> list[MailingList]:
    """Public lists of the territories that contain ``territory``, the nearest level first. One query."""
    from .models import MailingList

    above = TerritoryLink.objects.filter(descendant=territory).exclude(ancestor=territory).values("ancestor")
    found = MailingList.objects.subscribable().filter(territory__in=above).select_related("territory")
    return sorted(found, key=lambda one: (-Level(one.territory.level).rank, one.territory.name, one.name))


def territory_lists() -> list[RegionLists]:
    """Public lists of régions and départements, by région in alphabetical order. One query.

    The lists of smaller territories are found in their spaces: there may be a thousand of them.
    """
    from .models import MailingList

    found = (
        MailingList.objects.subscribable()
        .filter(territory__level__in=(Level.REGION, Level.DEPARTEMENT))
        .select_related("territory__region")
        .order_by("territory__name", "name", "pk")
    )
    regions: dict[str, RegionLists] = {}
    for one in found:
        is_region = one.territory.level == Level.REGION
        name = one.territory.name if is_region else (one.territory.region or one.territory).name
        region = regions.setdefault(name, RegionLists(name))
        (region.own if is_region else region.inside).append(one)
    return sorted(regions.values(), key=lambda region: fold(region.name))
