"""What a handler of a transition is given; small things they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.accounts.models import User

from ..access import Rights
from ..models import Dossier
from ..rules import DossierRefused

LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Act:
    """One act on a dossier whose row is locked. ``actor`` None: the portal itself."""

    dossier: Dossier
    rights: Rights
    actor: User | None
    now: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> User:
        assert self.actor is not None
        return self.actor

    @property
    def today(self) -> Any:
        """The day it is in the dossier's territory."""
        return self.now.astimezone(ZoneInfo(self.dossier.territory.time_zone)).date()

    def text(self, name: str, *, required: str = "") -> str:
        """A text of the payload, stripped. Raises :class:`DossierRefused` where it is too long, or empty and
        ``required`` (the message)."""
        value = str(self.payload.get(name) or "").replace("\x00", "").strip()
        if required and not value:
            raise DossierRefused("reason", required, name)
        if len(value) > LONGEST_TEXT:
            raise DossierRefused("long", "Ce texte dépasse 10 000 caractères.", name)
        return value
