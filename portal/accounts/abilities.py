"""A person's abilities, read from their memberships in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.territories.enums import Level
from portal.territories.models import Space, Territory, TerritoryLink

from .models import Membership, Organisation, User
from .rules import Ability, Reach, may_grant, reach

Where = Territory | Organisation | Space


@dataclass(frozen=True)
class Abilities:
    """What one person may do; made by :func:`get_abilities`. A superuser (``everything``) may do all."""

    memberships: tuple[Membership, ...] = ()
    everything: bool = False

    def anywhere(self, ability: Ability) -> bool:
        """Whether the person has ``ability`` at least somewhere. No query."""
        return self.everything or any(_cell(held, ability) for held in self.memberships)

    def can(self, ability: Ability, where: Where | None = None) -> bool:
        """Whether the person has ``ability`` there; at most one query. Without ``where``: at least somewhere."""
        if where is None or self.everything:
            return self.anywhere(ability)
        return _covers([held for held in self.memberships if _cell(held, ability)], ability, where)

    def can_grant(self, role: str, where: Where) -> bool:
        """Whether the person may give or take back ``role`` there: inside their reach, not above their own role."""
        if self.everything:
            return True
        ability = Ability.MANAGE_MEMBERSHIPS
        granting = [held for held in self.memberships if _cell(held, ability) and may_grant(held.role, role)]
        return _covers(granting, ability, where)

    def territories(self, ability: Ability) -> QuerySet[Territory]:
        """The territories where the person has ``ability``, as a queryset to filter lists with. No query by itself."""
        if self.everything or any(_cell(held, ability) == Reach.FRANCE for held in self.memberships):
            return Territory.objects.all()
        held = [m.territory_id for m in self.memberships if _cell(m, ability) == Reach.TERRITORY]
        return Territory.objects.filter(pk__in=TerritoryLink.objects.filter(ancestor__in=held).values("descendant"))

    def organisation_ids(self, ability: Ability) -> list[int]:
        """The organisations in which the person has ``ability`` as one of their own. No query."""
        return [
            held.organisation_id
            for held in self.memberships
            if held.organisation_id and _cell(held, ability) == Reach.ORGANISATION
        ]


def get_abilities(user: User | AnonymousUser) -> Abilities:
    """The abilities of ``user``. One query; none for anonymous visitors, inactive users and superusers.

    Memberships past their last day count for nothing. Those of ``request.user`` are read once a request: the admin's
    menu alone asks for them a dozen times.
    """
    if not isinstance(user, SimpleLazyObject):
        return _read_abilities(user)
    found: Abilities | None = getattr(user, "_abilities", None)
    if found is None:
        found = user._abilities = _read_abilities(user)  # type: ignore[attr-defined]
    return found


def person_of(request: HttpRequest) -> User:
    """Who is signed in, on a screen that lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def _read_abilities(user: User | AnonymousUser) -> Abilities:
    if not user.is_authenticated or not user.is_active:
        return Abilities()
    if user.is_superuser:
        return Abilities(everything=True)
    held = Membership.objects.valid().filter(user_id=user.pk).select_related("territory").order_by("pk")
    return Abilities(memberships=tuple(held))


def can(user: User | AnonymousUser, ability: Ability, where: Where | None = None) -> bool:
    """Whether ``user`` has ``ability`` on a territory, in an organisation or a space. At most two queries."""
    return get_abilities(user).can(ability, where)


def _cell(held: Membership, ability: Ability) -> Reach | None:
    """The table's cell for a membership. A national role held elsewhere than on the nation gives nothing."""
    cell = reach(held.role, ability)
    if cell == Reach.FRANCE and (held.territory is None or held.territory.level != Level.NATION):
        return None
    return cell


def _covers(memberships: Iterable[Membership], ability: Ability, where: Where) -> bool:
    """Whether one of ``memberships`` reaches ``where``. At most one query."""
    memberships = list(memberships)
    if any(_cell(held, ability) == Reach.FRANCE for held in memberships):
        return True
    if isinstance(where, Organisation):
        own = [held for held in memberships if _cell(held, ability) == Reach.ORGANISATION]
        if any(held.organisation_id == where.pk for held in own):
            return True
    territory_id = where.pk if isinstance(where, Territory) else where.territory_id
    above = [held.territory_id for held in memberships if _cell(held, ability) == Reach.TERRITORY]
    if territory_id in above:
        return True
    return bool(above) and TerritoryLink.objects.filter(Q(ancestor__in=above), descendant_id=territory_id).exists()
