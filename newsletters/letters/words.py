"""Dates in French words, for a letter."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NBSP: Final = "\u00a0"


def date_text(moment: datetime, zone: ZoneInfo, *, hour: bool = False) -> str:
    """« 1er décembre 2026 »; with ``hour`` « mardi 1er décembre 2026 à 9 h 30 », no hour at midnight."""
    local = moment.astimezone(zone)
    day = "1er" if local.day == 1 else str(local.day)
    text = f"{day} {MONTHS[local.month - 1]} {local.year}"
    if not hour:
        return text
    text = f"{DAYS[local.weekday()]} {text}"
    if (local.hour, local.minute) == (0, 0):
        return text
    return f"{text} à {local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")
