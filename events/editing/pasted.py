"""Dates pasted as text, one a line. Pure."""

from __future__ import annotations

import re
from datetime import date, time

from ..models import EventDate

MOST_LINES = 400
MOST_ERRORS = 20
_DAY = (
    r"(?:(?P<{0}d>\d{{1,2}})[/.-](?P<{0}m>\d{{1,2}})[/.-](?P<{0}y>\d{{4}})"
    r"|(?P<{0}iy>\d{{4}})-(?P<{0}im>\d{{1,2}})-(?P<{0}id>\d{{1,2}}))"
)
_HOUR = r"(?P<{0}h>\d{{1,2}})\s*(?:[h:]\s*(?P<{0}n>\d{{2}})?)"
_LINE = re.compile(
    r"^(?:(?:du|le)\s+)?(?:(?:lun|mar|mercre|jeu|vendre|same)di\s+|dimanche\s+)?"
    + _DAY.format("a")
    + r"(?:\s*(?:-|–|—|au)\s*"
    + _DAY.format("b")
    + r")?(?:[\s,;]*(?:(?:de|à)\s+)?"
    + _HOUR.format("s")
    + r"(?:\s*(?:-|–|—|à|;|,)?\s*"
    + _HOUR.format("e")
    + r")?)?\s*$",
    re.IGNORECASE,
)


def parse_dates(
    text: str, *, start_time: time | None = None, end_time: time | None = None
) -> tuple[list[EventDate], list[str]]:
    """The dates of ``text`` in order, each once, and what is wrong, line by line.

    « 24/12/2026 », « 2026-12-24 14:00-16:00 », « jeudi 24/12/2026 de 14h à 16h30 », « 24/12/2026 - 26/12/2026 »; a line
    without hours takes those given. Beyond :data:`MOST_LINES` nothing is read.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        return [], [f"Vous avez collé {len(lines)} lignes : {MOST_LINES} dates au plus à la fois."]
    found: dict[tuple[date, time | None], EventDate] = {}
    errors: list[str] = []
    for number, line in lines:
        try:
            row = _row(line, start_time, end_time)
        except ValueError:
            errors.append(f"Ligne {number} : « {line[:40]} » n’est pas une date (« 24/12/2026 14:00-16:00 »).")
            continue
        found.setdefault((row.start_date, row.start_time), row)
    if len(errors) > MOST_ERRORS:
        errors = [*errors[:MOST_ERRORS], f"Et {len(errors) - MOST_ERRORS} autres lignes."]
    return sorted(found.values(), key=lambda row: (row.start_date, row.start_time or time.min)), errors


def _row(line: str, start_time: time | None, end_time: time | None) -> EventDate:
    """The date of a line, not saved. Raises ``ValueError``."""
    match = _LINE.match(line[:200])
    if match is None:
        raise ValueError(line)
    first, last = _day(match, "a"), _day(match, "b")
    assert first is not None
    start, end = _hour(match, "s"), _hour(match, "e")
    if start is None:
        start, end = start_time, end_time
    elif end is None:
        raise ValueError(line)
    return EventDate(start_date=first, end_date=last if last != first else None, start_time=start, end_time=end)


def _day(match: re.Match[str], name: str) -> date | None:
    if match[f"{name}y"]:
        return date(int(match[f"{name}y"]), int(match[f"{name}m"]), int(match[f"{name}d"]))
    if match[f"{name}iy"]:
        return date(int(match[f"{name}iy"]), int(match[f"{name}im"]), int(match[f"{name}id"]))
    return None


def _hour(match: re.Match[str], name: str) -> time | None:
    return time(int(match[f"{name}h"]), int(match[f"{name}n"] or 0)) if match[f"{name}h"] else None
