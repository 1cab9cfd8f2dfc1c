"""Numbers of dossiers: ``SUB-2026-084-00042``, without a gap in what is deposited."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.territories.enums import Level
from portal.territories.models import Territory

from ..models import DossierType, NumberSequence


def place_of(territory: Territory) -> str:
    """Three characters: « 084 » for a département (or what lies in it), « R93 » for a région, « FRA »."""
    if territory.level == Level.NATION:
        return "FRA"
    if territory.level == Level.REGION:
        return f"R{territory.code}"[:4]
    departement = territory if territory.level == Level.DEPARTEMENT else territory.departement
    return departement.code.zfill(3) if departement is not None else "FRA"


def next_number(type_: DossierType, territory: Territory, now: datetime) -> str:
    """The next number. Needs an open transaction: a row lock orders those who ask at once; a rollback gives back."""
    year = now.astimezone(ZoneInfo(territory.time_zone)).year
    key: dict[str, Any] = {"prefix": type_.prefix, "year": year, "place": place_of(territory)}
    NumberSequence.objects.get_or_create(**key)
    sequence = NumberSequence.objects.select_for_update().get(**key)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return f"{type_.prefix}-{year}-{key['place']}-{sequence.last:05d}"
