"""One record of a file read as a person: their normal address, what is said of them, or why the row is of no use."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import time
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError

from portal.accounts.enums import OrganisationKind
from portal.territories.text import fold

from ..addresses import MAX_LENGTH, MAX_LOCAL, fingerprint, normalise_address
from .delimited import LONGEST_LINE, Record
from .domains import is_role, suggest
from .enums import Column, Outcome, Typos
from .places import Places

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_NAMED: Final = re.compile(r"([^<>]*)<\s*([^<>\s]+)\s*>")
_AROUND: Final = " \t\r\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\ufeff\u200b\u200c\u200d\u2060'’\"«»"
#: Cells of a spreadsheet that failed, and what people write for nothing.
_NOTHING: Final = frozenset(
    {"", "#n/a", "#ref!", "#value!", "#nom?", "#name?", "null", "none", "n/a", "na", "-", "0", "?"}
)
_KINDS: Final = {
    fold(word): value
    for value, words in {
        OrganisationKind.HUB: "hub|hub territorial",
        OrganisationKind.PREFECTURE: "prefecture|préfecture|sous-préfecture",
        OrganisationKind.OPERATEUR: "opérateur|opérateur de l’état|opérateur de l'état|état",
        OrganisationKind.REGION: "région|conseil régional",
        OrganisationKind.DEPARTEMENT: "département|conseil départemental",
        OrganisationKind.EPCI: "epci|intercommunalité|communauté de communes|communauté d’agglomération|métropole",
        OrganisationKind.COMMUNE: "commune|mairie|ville|ccas",
        OrganisationKind.ASSOCIATION: "association|asso|association loi 1901",
        OrganisationKind.ENTREPRISE: "entreprise|société|sarl|sas",
        OrganisationKind.GROUPEMENT: "groupement|gip|syndicat mixte",
        OrganisationKind.AUTRE: "autre|autres",
    }.items()
    for word in words.split("|")
}


@dataclass(slots=True)
class Read:
    """A row as it is kept (:class:`newsletters.imports.models.ImportedRow`)."""

    line: int
    outcome: str = Outcome.NEW
    address: str = ""
    fingerprint: str = ""
    key: uuid.UUID | None = None
    typed: str = ""
    reason: str = ""
    suggestion: str = ""
    role: bool = False
    name: str = ""
    organisation: str = ""
    organisation_kind: str = ""
    territory: int | None = None
    unplaced: bool = False


@dataclass
class Reader:
    """Reads records by ``mapping`` ({column: number}). Never raises."""

    mapping: Mapping[str, int]
    typos: str = Typos.HOLD
    places: Places | None = None
    keys: Keys = field(default_factory=lambda: Keys())

    def __post_init__(self) -> None:
        if self.places is None and Column.TERRITORY in self.mapping:
            self.places = Places()
        self.suppression_key = f"suppression:{settings.SUPPRESSION_KEY or settings.SECRET_KEY}".encode()

    def read(self, record: Record) -> Read:
        line, cells, problem = record
        at = self.mapping.get(Column.ADDRESS, 0)
        written = cells[at] if at < len(cells) else ""
        # What spreadsheets, and our own exports, put before a text; no address begins so.
        written = written[1:] if written[:1] == "'" else written
        row = Read(line)
        if problem:
            return _refused(row, (cells[0] if cells else ""), problem)
        try:
            row.address = address_of(written)
        except ValidationError:
            return self._second_look(row, cells, written)
        return self._known(row, cells)

    def _known(self, row: Read, cells: list[str]) -> Read:
        local, _, domain = row.address.partition("@")
        if meant := suggest(domain):
            row.suggestion = f"{local}@{meant}"
            if self.typos == Typos.CORRECT:
                row.typed, row.address = row.address, row.suggestion
            elif self.typos == Typos.HOLD:
                row.outcome = Outcome.TYPO
            row.reason = f"On attendrait {row.suggestion}."[:200]
        row.role = is_role(local)
        row.fingerprint = hmac.digest(self.suppression_key, row.address.encode(), hashlib.sha256).hex()
        row.key = self.keys.next()
        self._said(row, cells)
        return row

    def _second_look(self, row: Read, cells: list[str], written: str) -> Read:
        """What is around the address is taken off: « Jeanne <j@exemple.fr> », « mailto: », quotes of a formula."""
        text = written[:LONGEST_LINE].strip(_AROUND)
        if text.lower() in _NOTHING:
            return _refused(row, written, "Il n’y a pas d’adresse sur cette ligne.")
        named = ""
        if text.startswith("="):
            text = text.removeprefix("=").strip(_AROUND)
        if text.lower().startswith("mailto:"):
            text = text[7:].partition("?")[0]
        if both := _NAMED.fullmatch(text):
            named, text = both[1], both[2]
        text = text.strip(_AROUND).rstrip(".;,").strip(_AROUND)
        if text.count("@") > 1 and re.search(r"[\s;,/]", text):
            return _refused(row, written, "Cette cellule contient plusieurs adresses : une par ligne.")
        try:
            row.address = normalise_address(text)
        except ValidationError as error:
            return _refused(row, written, error.messages[0])
        row = self._known(row, cells)
        row.name = row.name or tidy(named.strip(_AROUND), 150)
        return row

    def _said(self, row: Read, cells: list[str]) -> None:
        said = {what: cells[at] for what, at in self.mapping.items() if at < len(cells) and what != Column.ADDRESS}
        name = said.get(Column.NAME, "")
        if Column.FIRST_NAME in said or Column.LAST_NAME in said:
            name = f"{said.get(Column.FIRST_NAME, '')} {said.get(Column.LAST_NAME, '')}".strip() or name
        row.name = tidy(name, 150)
        row.organisation = tidy(said.get(Column.ORGANISATION, ""), 200)
        if kind := said.get(Column.ORGANISATION_KIND):
            row.organisation_kind = kind_of(kind)
        if place := said.get(Column.TERRITORY, "").strip(_AROUND):
            assert self.places is not None
            row.territory = self.places.find(place)
            row.unplaced = row.territory is None and place.lower() not in _NOTHING


class Keys:
    """Identifiers in the order of time (RFC 9562, version 7), 74 bits of each random: an index takes them in order."""

    def __init__(self) -> None:
        self.random = b""
        self.at = 0
        self.last = 0

    def next(self) -> uuid.UUID:
        if self.at >= len(self.random):
            self.random, self.at = os.urandom(8000), 0
            self.last = max(self.last + 1, time.time_ns() // 1_000_000)
        tail = int.from_bytes(self.random[self.at : self.at + 10], "big")
        self.at += 10
        value = self.last << 80 | tail
        value = value & ~(0xF << 76) | 0x7 << 76
        return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def address_of(written: str) -> str:
    """:func:`normalise_address`, quicker: what is usual is recognised by one expression and a domain seen before."""
    local, at, domain = written.strip(" ").partition("@")
    if at and len(local) <= MAX_LOCAL and _LOCAL.fullmatch(local) and (known := _domain(domain)):
        address = f"{local.lower()}@{known}"
        if len(address) <= MAX_LENGTH and len(written) <= MAX_LENGTH:
            return address
    return normalise_address(written)


@lru_cache(maxsize=20_000)
def _domain(written: str) -> str:
    """A domain in its normal form; empty where it has none."""
    try:
        return normalise_address(f"x@{written}").partition("@")[2] if len(written) < MAX_LENGTH - 2 else ""
    except ValidationError:
        return ""


@lru_cache(maxsize=2_000)
def kind_of(text: str) -> str:
    return str(_KINDS.get(fold(text[:100]), ""))


def tidy(text: str, length: int) -> str:
    """One line without control or invisible characters, as long as a field takes. Names go into headers of mails."""
    if not text or (text.isascii() and text.isprintable() and text == text.strip(" '") and len(text) <= length):
        return "" if text.lower() in _NOTHING else text
    text = unicodedata.normalize("NFC", text[: 4 * length])
    text = "".join(" " if each.isspace() else each for each in text if each.isspace() or each.isprintable())
    text = " ".join(text.replace("\ufffd", "").split()).strip(" '")[:length].rstrip()
    return "" if text.lower() in _NOTHING else text


def _refused(row: Read, written: str, reason: str) -> Read:
    row.outcome = Outcome.INVALID
    # A NUL is no text for PostgreSQL; half of a surrogate pair is none for anybody.
    row.typed = "".join(each if each.isprintable() else " " for each in written[:300]).strip()[:254]
    row.reason = reason[:200]
    return row


__all__ = ["Keys", "Read", "Reader", "address_of", "fingerprint", "kind_of", "tidy"]
