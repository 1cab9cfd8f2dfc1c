"""Dates and hours as people write them in French tables: « 31/12/2026 », « jeudi 31 décembre 2026 », « 9h30 »."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from .values import YEARS, UnreadableError, read_moment, to_utc, to_wall

MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "january": 1,
    "fevrier": 2, "fevr": 2, "fev": 2, "feb": 2, "february": 2,
    "mars": 3, "mar": 3, "march": 3,
    "avril": 4, "avr": 4, "apr": 4, "april": 4,
    "mai": 5, "may": 5,
    "juin": 6, "jun": 6, "june": 6,
    "juillet": 7, "juil": 7, "jul": 7, "july": 7,
    "aout": 8, "aou": 8, "aug": 8, "august": 8,
    "septembre": 9, "sept": 9, "sep": 9, "september": 9,
    "octobre": 10, "oct": 10, "october": 10,
    "novembre": 11, "nov": 11, "november": 11,
    "decembre": 12, "dec": 12, "december": 12,
}  # fmt: skip
_HOUR = r"(\d{1,2})\s*(?:h|:|heures?)\s*(\d{2})?(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm)?"
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_FRENCH_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?!\d)")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_WORDS_DAY = re.compile(r"(?:[a-z]+\.?,?\s+)?(?:le\s+)?(\d{1,2})(?:er|e|st|nd|rd|th)?[\s-]+([a-z]+)\.?,?[\s-]+(\d{4})")
_ENGLISH_DAY = re.compile(r"(?:[a-z]+\.?,?\s+)?([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def folded(text: str) -> str:
    """``text`` in lower case, without accents, its spaces single."""
    kept = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(kept.lower().split())


@lru_cache(maxsize=2000)
def key_of(heading: str) -> str:
    """A heading as tables of names have it: « Date de début : » is « date de debut »."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", folded(heading)).split())


def read_day(text: str) -> tuple[date, str]:
    """The day that ``text`` begins with, and what follows it.

    :raises UnreadableError: none, or one that does not exist
    """
    written = folded(text)
    for pattern, order in ((_ISO_DAY, "ymd"), (_COMPACT_DAY, "ymd"), (_FRENCH_DAY, "dmy")):
        if match := pattern.match(written):
            numbers = dict(zip(order, (int(group) for group in match.groups()), strict=True))
            year = numbers["y"] + (2000 if len(match[order.index("y") + 1]) == 2 else 0)
            return _date(year, numbers["m"], numbers["d"], text), written[match.end() :]
    for pattern, day_at, month_at in ((_WORDS_DAY, 1, 2), (_ENGLISH_DAY, 2, 1)):
        match = pattern.match(written)
        if match and match[month_at] in MONTHS:
            return _date(int(match[3]), MONTHS[match[month_at]], int(match[day_at]), text), written[match.end() :]
    raise UnreadableError(f"date « {text[:40]} » illisible")


def _date(year: int, month: int, day: int, text: str) -> date:
    if year not in YEARS:
        raise UnreadableError(f"date « {text[:40]} » : cette année est hors du calendrier")
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableError(f"date « {text[:40]} » : ce jour n'existe pas") from None


def read_hour(text: str) -> tuple[time | None, time | None]:
    """The hour, and the one it lasts until, of « 9h30 », « 09:30:00 », « de 9h à 12h30 », « 2 pm », « midi ».

    :raises UnreadableError: something is written that is no hour
    """
    written = folded(text).replace("midi", "12h").replace("minuit", "24h")
    if not written or written in ("-", "toute la journee", "journee", "all day"):
        return None, None
    if match := re.fullmatch(r"(\d{1,2})\s*(am|pm)?", written):
        return _time(match[1], None, match[2], text), None
    found = [_time(match[1], match[2], match[4], text) for match in re.finditer(_HOUR, written)]
    if not found:
        raise UnreadableError(f"heure « {text[:40]} » illisible")
    return found[0], found[1] if len(found) > 1 else None


def _time(hour: str, minute: str | None, half: str | None, text: str) -> time:
    number, minutes = int(hour), int(minute or 0)
    if half and number <= 12:
        number = number % 12 + (12 if half == "pm" else 0)
    if (number, minutes) == (24, 0):
        number = 0
    if number > 23 or minutes > 59:
        raise UnreadableError(f"heure « {text[:40]} » : cette heure n'existe pas")
    return time(number, minutes)


def read_when(text: str, clock: ZoneInfo, hour: time | None = None) -> tuple[date, time | None]:
    """A day with its hour if it has one (else ``hour``): « 2026-12-31T09:30:00Z », « 31/12/2026 à 9h30 ».

    :raises UnreadableError: no day, or an hour that is none
    """
    try:
        wall, offset = read_moment(text.strip())
    except UnreadableError:
        day, rest = read_day(text)
        rest = rest.strip(" ,t-")
        return day, (read_hour(rest.removeprefix("a "))[0] if rest else hour)
    if offset is not None:
        wall = to_wall(to_utc(wall, offset), clock)
    return wall.date(), wall.time()
