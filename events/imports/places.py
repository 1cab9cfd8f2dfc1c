"""From what a source says of where, to a venue of the directory and a way of taking part.

A venue needs its commune. It is looked for by INSEE code, by postal code and name, then by name within the space; never
guessed: where nothing decides, the event is imported as a draft, the words of the source beside it, for its editor to
choose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.territories.enums import Level
from portal.territories.models import Space, Territory
from portal.territories.text import fold

from ..enums import Mode
from ..models.venues import Venue
from .details import MEETING
from .parsed import ParsedEvent

_POSTAL = re.compile(r"(?<!\d)(\d{5})(?!\d)\s*([^,;(\n]*)")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_ONLINE = re.compile(
    r"en ligne|a distance|distanciel|visio|webinaire|webinar|online|virtuel|zoom|teams|google meet|jitsi|livestorm|bbb"
)
RESERVED = "(lien réservé aux personnes inscrites)"


def without_links(text: str, join_url: str) -> str:
    """``text`` without the link by which one joins, nor any that looks like a meeting's."""
    if join_url:
        text = text.replace(join_url, RESERVED)
        text = text.replace(join_url.replace("&", "&amp;"), RESERVED)
    return MEETING.sub(RESERVED, text)


@dataclass(frozen=True)
class Place:
    """``problem`` is a French sentence when an editor must still decide."""

    mode: str
    venue: Venue | None = None
    note: str = ""
    problem: str = ""


class Places:
    """Places of one run: the same words are looked for once."""

    def __init__(self, space: Space, *, dry: bool = False) -> None:
        self.space, self.dry = space, dry
        self._venues: dict[tuple[int, str], Venue] = {}
        self._communes: dict[tuple[str, ...], Territory | None] = {}

    def forget(self) -> None:
        """Venues made in a transaction that was undone are no more."""
        self._venues.clear()

    def of(self, event: ParsedEvent) -> Place:
        """Where ``event`` is held. Makes the venue where the directory has none of that name in that commune; when
        ``dry``, that venue is not saved.
        """
        said = _ADDRESS.sub(" ", event.location).strip(" ,;-\n")
        words = fold(" ".join((said, event.address)))
        mode = event.mode or self._mode(event, words)
        if mode == Mode.EN_LIGNE:
            return Place(Mode.EN_LIGNE)
        if not words and not event.city and not event.insee:
            return Place(mode, problem="Le lieu n’est pas dit : à compléter.")
        commune = self._commune(event, said)
        if commune is None:
            where = ", ".join(part for part in (said, event.address, event.postal_code, event.city) if part)
            return Place(
                mode, note=where[:150], problem=f"Commune introuvable pour « {where[:120]} » : lieu à choisir."
            )
        return Place(mode, self._venue(event, said, commune))

    @staticmethod
    def _mode(event: ParsedEvent, words: str) -> str:
        somewhere = bool(words or event.city or event.insee)
        if somewhere and _ONLINE.search(words) and not _POSTAL.search(event.location) and not event.city:
            return Mode.EN_LIGNE
        if event.join_url:
            return Mode.HYBRIDE if somewhere else Mode.EN_LIGNE
        if not somewhere and _ONLINE.search(fold(event.title)):
            return Mode.EN_LIGNE
        return Mode.SUR_PLACE

    def _commune(self, event: ParsedEvent, said: str) -> Territory | None:
        key = (event.insee, event.postal_code, event.city, said, event.address)
        if key not in self._communes:
            self._communes[key] = self._find(event, said)
        return self._communes[key]

    def _find(self, event: ParsedEvent, said: str) -> Territory | None:
        communes = Territory.objects.current().filter(level=Level.COMMUNE)
        if event.insee and (found := communes.filter(code=event.insee).first()):
            return found
        tries = [(event.postal_code, event.city)] if event.postal_code or event.city else []
        for text in (said, event.address):
            tries += [(match[1], match[2]) for match in _POSTAL.finditer(text)]
        for postal, name in tries:
            name = re.sub(r"(?i)\s+cedex(\s+\d+)?\s*$", "", name)
            if found := (self._by_postal(postal.strip(), name) if postal.strip() else None) or self._by_name(name):
                return found
        # « Salle des fêtes, Dax »: the last part first.
        for part in reversed([part for text in (said, event.address) for part in re.split(r"[,;()\n]| - ", text)]):
            if found := self._by_name(part):
                return found
        territory = self.space.territory
        return territory if territory.level == Level.COMMUNE else None

    @staticmethod
    def _by_postal(postal: str, name: str) -> Territory | None:
        wanted = fold(name)
        served = list(
            Territory.objects.current().filter(level=Level.COMMUNE, postal_codes__code=postal).order_by("pk").distinct()
        )
        exact = [one for one in served if one.search_name == wanted]
        if exact:
            return exact[0]
        near = [one for one in served if wanted and (one.search_name in wanted or wanted in one.search_name)]
        if len(near) == 1:
            return near[0]
        return served[0] if len(served) == 1 else None

    def _by_name(self, name: str) -> Territory | None:
        """The one commune of the space's territory (else of France) that has that very name."""
        wanted = fold(name)
        if not wanted or len(wanted) > 100:
            return None
        named = Territory.objects.current().filter(level=Level.COMMUNE, search_name=wanted)
        inside = list(named.filter(ancestor_links__ancestor=self.space.territory_id).order_by("pk").distinct()[:2])
        found = inside or list(named.order_by("pk")[:2])
        return found[0] if len(found) == 1 else None

    def _venue(self, event: ParsedEvent, said: str, commune: Territory) -> Venue:
        name, address, postal = self._parts(event, said, commune)
        key = (commune.pk, fold(name)[:150])
        if (venue := self._venues.get(key)) is None:
            venue = Venue.objects.filter(commune=commune, search_name=key[1]).first()
        if venue is None:
            point: dict[str, Decimal] = {}
            if event.latitude is not None and event.longitude is not None and (event.latitude or event.longitude):
                point = {
                    "latitude": Decimal(f"{event.latitude:.6f}"),
                    "longitude": Decimal(f"{event.longitude:.6f}"),
                }
            values: dict[str, Any] = {"name": name, "address": address, "postal_code": postal} | point
            if self.dry:
                venue = Venue(commune=commune, search_name=key[1], **values)
            else:
                venue, _ = Venue.objects.get_or_create(commune=commune, search_name=key[1], defaults=values)
        self._venues[key] = venue
        return venue

    @staticmethod
    def _parts(event: ParsedEvent, said: str, commune: Territory) -> tuple[str, str, str]:
        """Name, street and postal code, each as the directory keeps it."""
        postal = event.postal_code.strip()
        address = event.address
        parts = [part.strip() for part in re.split(r"[,;\n]", said) if part.strip()]
        found = _POSTAL.search(said) or _POSTAL.search(address)
        postal = postal or (found[1] if found else "")
        town = {fold(commune.name), fold(f"{postal} {commune.name}"), "france", postal}
        kept = [part for part in parts if fold(part) not in town and not _POSTAL.match(part)] or [commune.name]
        name = kept[0]
        if not address:
            address = ", ".join(kept[1:])
        if not fold(name):
            name = commune.name
        return name[:150], address[:200], postal if re.fullmatch(r"\d{5}", postal) else ""
