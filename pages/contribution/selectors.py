"""Reading proposals, and where they go. Their author alone writes in them; who reviews in their space reads them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from portal.accounts.abilities import Abilities, get_abilities
from portal.accounts.rules import Ability
from portal.territories.models import Space, Territory
from portal.territories.selectors import nearest_spaces

from ..enums import ProposalState
from ..models import Proposal


def may_propose(abilities: Abilities, territory: Territory | None = None) -> bool:
    """Whether the person may propose there (or at least somewhere)."""
    return abilities.can(Ability.PROPOSE, territory)


def space_for(territory: Territory) -> Space | None:
    """The open space that reviews what is proposed on ``territory``: its own, else the nearest above. One query."""
    return next(iter(nearest_spaces(territory)), None)


def readable_proposals(user: Any) -> QuerySet[Proposal]:
    """One's own; and, once submitted, those of the spaces where one reviews."""
    if not user.is_authenticated:
        return Proposal.objects.none()
    reviewed = Space.objects.filter(territory__in=get_abilities(user).territories(Ability.REVIEW)).values("pk")
    return Proposal.objects.filter(
        Q(author=user) | (Q(space__in=reviewed) & ~Q(state__in=[ProposalState.DRAFT, ProposalState.WITHDRAWN]))
    )
