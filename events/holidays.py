"""Public holidays, by département. Sources: Code du travail L3133-1 (the eleven), L3134-13 (Alsace and Moselle),
L3422-2 and decree 83-1003 (abolition of slavery, overseas)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

FIXED = (
    (1, 1, "Jour de l’an"),
    (5, 1, "Fête du travail"),
    (5, 8, "Victoire de 1945"),
    (7, 14, "Fête nationale"),
    (8, 15, "Assomption"),
    (11, 1, "Toussaint"),
    (11, 11, "Armistice de 1918"),
    (12, 25, "Noël"),
)
ABOLITION = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 27),
}
ALSACE_MOSELLE = ("57", "67", "68")


@lru_cache(maxsize=256)
def public_holidays(year: int, departement: str = "") -> dict[date, str]:
    """The holidays of ``year`` in that département (« 40 »; empty: those of the whole country), by day."""
    sunday = easter(year)
    days = {date(year, month, day): name for month, day, name in FIXED}
    days[sunday + timedelta(days=1)] = "Lundi de Pâques"
    days[sunday + timedelta(days=39)] = "Ascension"
    days[sunday + timedelta(days=50)] = "Lundi de Pentecôte"
    if departement in ALSACE_MOSELLE:
        days[sunday - timedelta(days=2)] = "Vendredi saint"
        days[date(year, 12, 26)] = "Saint-Étienne"
    if departement in ABOLITION:
        month, day = ABOLITION[departement]
        days[date(year, month, day)] = "Abolition de l’esclavage"
    return days


def is_public_holiday(day: date, departement: str = "") -> bool:
    return day in public_holidays(day.year, departement)
