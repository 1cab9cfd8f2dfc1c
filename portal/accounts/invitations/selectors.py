"""Invitations as those who manage them read them."""

from __future__ import annotations

from django.db.models import Q

from portal.territories.enums import Level
from portal.territories.models import TerritoryLink

from ..abilities import get_abilities
from ..enums import Role
from ..models import Invitation, Membership, User
from ..rules import GRANTABLE, Ability, Reach, reach
from .models import InvitationQuerySet


def grantable_roles(user: User) -> list[Role]:
    """The roles ``user`` may give somewhere, in the order of the role table. One query."""
    abilities = get_abilities(user)
    if abilities.everything:
        return list(Role)
    given = {role for held in abilities.memberships for role in GRANTABLE.get(Role(held.role), frozenset())}
    return [role for role in Role if role in given]


def invitations_managed_by(user: User) -> InvitationQuerySet:
    """The invitations that ``user`` could make themselves: the same roles, within their reach."""
    abilities = get_abilities(user)
    rows = Invitation.objects.select_related("territory", "organisation", "invited_by", "accepted_by", "revoked_by")
    if abilities.everything:
        return rows
    condition = Q(pk=None)
    for held in abilities.memberships:
        condition |= _manageable(held)
    return rows.filter(condition)


def _manageable(held: Membership) -> Q:
    """What one role held lets its holder give, as a condition on invitations."""
    role = Role(held.role)
    cell = reach(role, Ability.MANAGE_MEMBERSHIPS)
    given = Q(role__in=GRANTABLE.get(role, frozenset()))
    if cell == Reach.FRANCE and held.territory is not None and held.territory.level == Level.NATION:
        return given
    if cell == Reach.TERRITORY and held.territory_id:
        inside = TerritoryLink.objects.filter(ancestor=held.territory_id).values("descendant")
        here = Q(territory=None) | Q(territory__in=inside)
        return given & here & (Q(organisation=None) | Q(organisation__territory__in=inside))
    if cell == Reach.ORGANISATION and held.organisation_id:
        return given & Q(organisation=held.organisation_id, territory=None)
    return Q(pk=None)
