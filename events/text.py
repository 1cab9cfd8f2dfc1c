"""Dates and hours in French words."""

from __future__ import annotations

from datetime import date, time

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NBSP = "\u00a0"


def number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def month_text(day: date) -> str:
    """« décembre 2026 »"""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_text(day: date, *, year: bool = True) -> str:
    """« mardi 1er décembre 2026 »"""
    text = f"{DAYS[day.weekday()]} {number(day)} {MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def hour_text(hour: time) -> str:
    """« 9 h », « 9 h 30 »"""
    return f"{hour.hour}{NBSP}h" + (f"{NBSP}{hour.minute:02d}" if hour.minute else "")


def days_text(first: date, last: date) -> str:
    """« mardi 1er décembre 2026 », « du 1er au 3 décembre 2026 », « du 30 novembre au 2 décembre 2026 »"""
    if first == last:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"du {number(first)} au {number(last)} {month_text(last)}"
    if first.year == last.year:
        return f"du {number(first)} {MONTHS[first.month - 1]} au {number(last)} {month_text(last)}"
    return f"du {number(first)} {month_text(first)} au {number(last)} {month_text(last)}"


def when_text(first: date, start: time | None, last: date, end: time | None) -> str:
    """Days and hours: « mardi 1er décembre 2026, de 9 h à 12 h 30 »."""
    if start is None or end is None:
        return days_text(first, last) + (", toute la journée" if first == last else "")
    if first == last:
        return f"{day_text(first)}, de {hour_text(start)} à {hour_text(end)}"
    return f"du {day_text(first)} à {hour_text(start)} au {day_text(last)} à {hour_text(end)}"


def sentence(text: str) -> str:
    """``text`` with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]
