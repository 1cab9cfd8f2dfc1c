"""Which service instructs a dossier."""

from __future__ import annotations

from portal.territories.enums import Level
from portal.territories.models import Territory

from ..models import DossierType


def route(type_: DossierType, territory: Territory) -> Territory:
    """The territory whose service instructs: the principal one of the type's circuit above ``territory``.

    A dossier about something wider than its circuit (a région's, where préfectures of département instruct) goes to its
    own territory's service.
    """
    if type_.circuit == Level.NATION or territory.level == Level.NATION:
        return Territory.objects.nation()
    if type_.circuit == Level.REGION or territory.level == Level.REGION:
        return territory if territory.level == Level.REGION else territory.region or Territory.objects.nation()
    return territory if territory.level == Level.DEPARTEMENT else territory.departement or Territory.objects.nation()
