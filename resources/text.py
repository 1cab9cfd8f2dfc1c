"""Durations, for readers and for machines."""

NBSP = "\N{NO-BREAK SPACE}"


def duration_text(minutes: int | None) -> str:
    """« 45 min », « 2 h », « 2 h 30 » (unbreakable spaces); empty for None or 0."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def duration_iso(minutes: int | None) -> str:
    """ISO 8601 (``PT2H30M``); empty for None or 0."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
