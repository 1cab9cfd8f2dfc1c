"""Words and numbers of the screens of sendings."""

from __future__ import annotations

from django import template

from ..campaigns.forms import ZONES
from ..models import Campaign
from ..statistics.figures import Figures

register = template.Library()
_PLACES = dict(ZONES)


@register.filter
def place(zone: str) -> str:
    """« heure de La Réunion » for ``Indian/Reunion``."""
    return f"heure de {_PLACES.get(zone, zone)}"


@register.filter
def number(value: int) -> str:
    """« 20 000 », with narrow spaces that do not break."""
    return f"{value:,}".replace(",", "\u202f")


@register.filter
def cadence(campaign: Campaign) -> str:
    """Its limits, hours and days, in one phrase."""
    limits = (
        (campaign.per_minute, "par minute"),
        (campaign.per_hour, "par heure"),
        (campaign.per_day, "par jour"),
    )
    said = [f"{number(limit)} {unit}" for limit, unit in limits if limit]
    parts = ["au plus " + ", ".join(said)] if said else ["sans limite"]
    if campaign.window_start and campaign.window_end:
        parts.append(f"de {campaign.window_start:%H:%M} à {campaign.window_end:%H:%M}")
    if campaign.weekdays_only:
        parts.append("du lundi au vendredi")
    return ", ".join(parts).capitalize()


@register.filter
def percent(value: float | None) -> str:
    """« 12,5 % »; a dash where there is nothing to divide by."""
    return "—" if value is None else f"{value:.1f}\u00a0%".replace(".", ",")


@register.filter
def share(figures: Figures, name: str) -> str:
    """The count ``name`` of ``figures`` as a share of what it is a part of."""
    return percent(figures.share(name))


@register.filter
def count(figures: Figures, name: str) -> str:
    """The count ``name`` of ``figures``."""
    return number(getattr(figures, name))
