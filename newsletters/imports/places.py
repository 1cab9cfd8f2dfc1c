"""Territories as files write them: « 40 », « Landes », « 40 - Landes », « 40000 », « Mont-de-Marsan », a SIREN."""

from __future__ import annotations

import re
from typing import Final

from portal.territories.enums import Level
from portal.territories.models import PostalCode, Territory
from portal.territories.text import fold

_CODE: Final = re.compile(r"(?:0?[1-9]|[1-9]\d|2[ab]|9[78]\d)", re.IGNORECASE)
_LEADING: Final = re.compile(r"\(?\s*(\d{5}|\d{2,3}|2[ab])\s*\)?\s*(?:[-–—:/]\s*|\s)(.+)", re.IGNORECASE)
_TRAILING: Final = re.compile(r"(.+?)\s*\(\s*(\d{5}|\d{2,3}|2[ab])\s*\)", re.IGNORECASE)
#: Of names that several territories bear, the one that people mean.
_FIRST: Final = (Level.DEPARTEMENT, Level.REGION, Level.NATION)
MOST_KEPT: Final = 50_000


class Places:
    """Recognises territories. Départements and régions are read once; the rest is looked up, and remembered."""

    def __init__(self) -> None:
        self.named: dict[str, int] = {}
        self.codes: dict[str, int] = {}
        self.known: dict[str, int | None] = {}
        large = Territory.objects.filter(level__in=_FIRST, ended_on=None).order_by("pk")
        for each in sorted(large, key=lambda one: _FIRST.index(Level(one.level)), reverse=True):
            self.named[each.search_name] = each.pk
            if each.level == Level.DEPARTEMENT:
                self.codes[each.code.upper()] = each.pk

    def find(self, text: str) -> int | None:
        """The key of the territory that ``text`` names; None where that is not certain."""
        text = " ".join(text.split())[:120]
        if not text:
            return None
        if text not in self.known:
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
            self.known[text] = self._find(text)
        return self.known[text]

    def _find(self, text: str) -> int | None:
        if found := self._coded(text) or self.named.get(fold(text)):
            return found
        if both := _LEADING.fullmatch(text):
            return self._coded(both[1]) if len(both[1]) < 5 else self._commune(both[2], both[1]) or self._coded(both[1])
        if both := _TRAILING.fullmatch(text):
            return self._commune(both[1], both[2]) or self._coded(both[2])
        return self._commune(text)

    def _coded(self, text: str) -> int | None:
        if _CODE.fullmatch(text):
            return self.codes.get(text.upper().zfill(2))
        if re.fullmatch(r"\d{9}", text):
            return self._only(Territory.objects.filter(level=Level.EPCI, code=text))
        if re.fullmatch(r"\d[\dAB]\d{3}", text.upper()):
            insee = self._only(Territory.objects.filter(level=Level.COMMUNE, code=text.upper()))
            posted = PostalCode.objects.filter(code=text).order_by("commune")
            communes = set(posted.values_list("commune", flat=True)[:2])
            # A postal code of several communes, or one that is the INSEE code of another commune, says no commune.
            if insee and (not communes or communes == {insee}):
                return insee
            if len(communes) == 1 and not insee:
                return int(communes.pop())
        return None

    def _commune(self, name: str, code: str = "") -> int | None:
        found = Territory.objects.filter(search_name=fold(name), ended_on=None)
        if len(code) == 5:
            posted = PostalCode.objects.filter(code=code).values("commune")
            return self._only(found.filter(pk__in=posted)) or self._only(found.filter(code=code))
        if code:
            return self._only(found.filter(level=Level.COMMUNE, departement__code=code.upper()))
        return self._only(found)

    @staticmethod
    def _only(found: object) -> int | None:
        keys = list(found.order_by("pk").values_list("pk", flat=True)[:2])  # type: ignore[attr-defined]
        return int(keys[0]) if len(keys) == 1 else None
