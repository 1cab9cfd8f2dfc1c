"""State changes about territories that are not the import's (:mod:`portal.territories.reference.load`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from .models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def choose_own_territory(*, actor: User, territory: Territory | None) -> None:
    """Keep ``territory`` as the person's own (None forgets it). No other side effect.

    Raises ValueError for a territory that no longer exists.
    """
    if territory is not None and territory.ended_on is not None:
        raise ValueError(f"{territory} has ended.")
    actor.territory = territory
    actor.save(update_fields=["territory"])
