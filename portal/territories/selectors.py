"""Reading territories: by key, by the visitor's choice, around another, and for the map. Look-ups by name or code are
in :mod:`portal.territories.lookups`."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import HttpRequest

from .enums import Kind, Level
from .models import Space, Territory


def parse_key(key: str) -> tuple[str, str] | None:
    """("departement", "40") for "departement-40"; None for anything that is not a key."""
    level, _, code = key.partition("-")
    if level in Level.values and code.isalnum() and code.isascii() and len(code) <= 9:
        return level, code.upper()
    return None


def territory_by_key(key: str) -> Territory | None:
    """The current territory of that key, or None. One query."""
    parsed = parse_key(key)
    if parsed is None:
        return None
    return (
        Territory.objects.current()
        .select_related("region", "departement")
        .filter(level=parsed[0], code=parsed[1])
        .first()
    )


def chosen_territory(request: HttpRequest) -> Territory | None:
    """The territory of the signed-in person's profile, else the one kept in the visitor's cookie, else None."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.territory_id:
        return user.territory
    return territory_by_key(request.COOKIES.get("territoire", ""))


# --- Around a territory -----------------------------------------------------------------------------------------------
def containing(territory: Territory) -> list[Territory]:
    """What contains ``territory``, nearest first, the principal one of a level before the others. One query."""
    above = (
        Territory.objects.filter(descendant_links__descendant=territory)
        .exclude(pk=territory.pk)
        .select_related("region", "departement")
        .order_by("name", "code")
    )
    principals = (territory.region_id, territory.departement_id)
    return sorted(above, key=lambda other: (-Level(other.level).rank, other.pk not in principals))


def nearest_spaces(territory: Territory) -> list[Space]:
    """The open spaces that concern ``territory``, its own first, then outwards to the national one. One query.

    ``territory`` and ``page`` of each are loaded. An EPCI's principal département comes before the others it touches.
    """
    spaces = (
        Space.objects.filter(closed_at=None, territory__descendant_links__descendant=territory)
        .select_related("territory", "page")
        .order_by("territory__name", "territory__code")
    )
    principals = (territory.pk, territory.region_id, territory.departement_id)
    return sorted(spaces, key=lambda space: (-Level(space.territory.level).rank, space.territory_id not in principals))


def contained(territory: Territory, level: str) -> QuerySet[Territory]:
    """Current territories of ``level`` inside ``territory``, wholly or in part, by name."""
    return (
        Territory.objects.current()
        .filter(level=level, ancestor_links__ancestor=territory)
        .exclude(pk=territory.pk)
        .select_related("region", "departement")
        .order_by("search_name", "code")
    )


# --- The directory ----------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class DirectoryEntry:
    """A territory of the directory, its open space if it has one, and for a région its départements."""

    territory: Territory
    space: Space | None = None
    children: list[DirectoryEntry] = field(default_factory=list)

    @property
    def twin(self) -> bool:
        """A région (or collectivity) that is one département of the same name: La Réunion."""
        return len(self.children) == 1 and self.children[0].territory.name == self.territory.name


@dataclass(slots=True)
class Directory:
    """Régions with their départements, by name: the metropole, the DROM, the collectivités d'outre-mer."""

    metropole: list[DirectoryEntry]
    drom: list[DirectoryEntry]
    collectivities: list[DirectoryEntry]

    @property
    def regions(self) -> list[DirectoryEntry]:
        return [*self.metropole, *self.drom, *self.collectivities]


def directory() -> Directory:
    """Every current région and département with their open spaces. Two queries."""
    territories = (
        Territory.objects.current()
        .filter(level__in=[Level.REGION, Level.DEPARTEMENT])
        .order_by("level", "search_name", "code")
    )
    spaces = {
        space.territory_id: space
        for space in Space.objects.filter(closed_at=None, territory__level__in=[Level.REGION, Level.DEPARTEMENT])
        .select_related("page")
        .only("territory", "closed_at", "page__title", "page__url_path")
    }
    entries = {territory.pk: DirectoryEntry(territory, spaces.get(territory.pk)) for territory in territories}
    by_kind: dict[str, list[DirectoryEntry]] = {Kind.METRO: [], Kind.DROM: [], Kind.COM: []}
    for entry in entries.values():
        territory = entry.territory
        if territory.level == Level.REGION:
            by_kind[territory.kind].append(entry)
        elif territory.region_id in entries:
            entries[territory.region_id].children.append(entry)
    return Directory(by_kind[Kind.METRO], by_kind[Kind.DROM], by_kind[Kind.COM])
