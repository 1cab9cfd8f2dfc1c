"""Who may decide on what waits in a space, from the nearest to the nation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from portal.accounts.abilities import get_abilities
from portal.accounts.models import Membership, User
from portal.accounts.rules import Ability, Reach, reach, roles_with
from portal.territories.enums import Level
from portal.territories.models import Space, Territory, TerritoryLink


@dataclass(frozen=True)
class Team:
    """The people who review on one territory."""

    territory: Territory
    people: tuple[User, ...]


def teams(space: Space, *, without: int | None = None) -> list[Team]:
    """The teams that may decide in ``space``, nearest first, less the person ``without``; empty teams are left out.

    Two territories of the same level are two teams. One query.
    """
    above = TerritoryLink.objects.filter(descendant=space.territory_id).values("ancestor")
    held = (
        Membership.objects.valid()
        .filter(role__in=roles_with(Ability.REVIEW), territory__in=above)
        .select_related("user", "territory")
        .order_by("pk")
    )
    by_territory: dict[int, tuple[Territory, dict[int, User]]] = {}
    for one in held:
        territory = one.territory
        if territory is None or one.user_id == without:
            continue
        if reach(one.role, Ability.REVIEW) == Reach.FRANCE and territory.level != Level.NATION:
            continue
        by_territory.setdefault(territory.pk, (territory, {}))[1][one.user_id] = one.user
    found = [Team(territory, tuple(people.values())) for territory, people in by_territory.values()]
    return sorted(found, key=lambda team: (-Level(team.territory.level).rank, team.territory.pk))


def nearest(space: Space, *, without: int | None = None) -> Team | None:
    """The first of :func:`teams`."""
    return next(iter(teams(space, without=without)), None)


def team_above(space: Space, territory: Territory, *, without: int | None = None) -> Team | None:
    """The nearest team of a level above that of ``territory``."""
    rank = Level(territory.level).rank
    return next((t for t in teams(space, without=without) if Level(t.territory.level).rank < rank), None)


def candidates(space: Space, *, without: int | None = None) -> list[User]:
    """Everybody a review of ``space`` may be given to, nearest first."""
    people: dict[int, User] = {}
    for team in teams(space, without=without):
        people.update({person.pk: person for person in team.people if person.pk not in people})
    return list(people.values())


def own_territories(user: Any) -> list[int]:
    """The territories where ``user`` holds a role that reviews, not those inside them. One query at most."""
    held = get_abilities(user).memberships
    return [one.territory_id for one in held if one.territory_id and reach(one.role, Ability.REVIEW) is not None]


def spaces_reviewed_by(user: Any) -> QuerySet[Space] | None:
    """The spaces where ``user`` reviews; None for all of them."""
    abilities = get_abilities(user)
    if not abilities.anywhere(Ability.REVIEW):
        return Space.objects.none()
    if abilities.everything or any(
        reach(one.role, Ability.REVIEW) == Reach.FRANCE and one.territory and one.territory.level == Level.NATION
        for one in abilities.memberships
    ):
        return None
    return Space.objects.filter(Q(territory__in=abilities.territories(Ability.REVIEW)))
