"""Who a trial of a letter may go to."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.accounts.models import Membership, User
from portal.accounts.rules import Ability, roles_with
from portal.territories.models import Territory, TerritoryLink


def team_of(territory: Territory, actor: User) -> QuerySet[User]:
    """The other people who write or send the letters of ``territory``, by name. Active accounts only."""
    roles = {*roles_with(Ability.COMPOSE_LETTER), *roles_with(Ability.SEND_LETTER)}
    above = TerritoryLink.objects.filter(descendant=territory).values("ancestor")
    held = Membership.objects.valid().filter(role__in=roles, territory__in=above)
    people: QuerySet[User] = User.objects.filter(pk__in=held.values("user")).exclude(pk=actor.pk)
    return people.order_by("last_name", "first_name", "pk")
