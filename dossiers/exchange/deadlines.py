"""When a delay ends: the last second of its day, where the territory's clocks are."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.territories.models import Territory

from ..models import ComplementRequest

LAST_SECOND = dt.time(23, 59, 59)
#: Whose clocks they are, for « heure … ».
ZONES = {
    "Europe/Paris": "de Paris",
    "America/Guadeloupe": "de la Guadeloupe",
    "America/Martinique": "de la Martinique",
    "America/Cayenne": "de la Guyane",
    "Indian/Reunion": "de La Réunion",
    "America/Miquelon": "de Saint-Pierre-et-Miquelon",
    "Indian/Mayotte": "de Mayotte",
    "America/St_Barthelemy": "de Saint-Barthélemy",
    "America/Marigot": "de Saint-Martin",
    "Indian/Kerguelen": "des Terres australes",
    "Pacific/Wallis": "de Wallis-et-Futuna",
    "Pacific/Tahiti": "de la Polynésie française",
    "Pacific/Noumea": "de la Nouvelle-Calédonie",
}


def due_moment(territory: Territory, day: dt.date) -> dt.datetime:
    """23:59:59 of ``day`` in the territory's own zone; aware, in UTC."""
    return dt.datetime.combine(day, LAST_SECOND, ZoneInfo(territory.time_zone)).astimezone(dt.UTC)


def local_day(territory: Territory, moment: dt.datetime | None = None) -> dt.date:
    """The day that the territory's calendars show at ``moment`` (now)."""
    return (moment or timezone.now()).astimezone(ZoneInfo(territory.time_zone)).date()


def grace_day(request: ComplementRequest) -> dt.date:
    """The last day on which ``request`` is still waited for: its due day and the type's grace."""
    return request.due_on + dt.timedelta(days=request.dossier.type.grace_days)


def zone_name(territory: Territory) -> str:
    """« de Paris », « de La Réunion »: whose clocks count, after « heure »."""
    return ZONES.get(territory.time_zone, "locale")
