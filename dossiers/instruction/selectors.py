"""What an instructor's desk shows: the services they instruct for, the dossiers there, how many wait for what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from portal.accounts.abilities import get_abilities
from portal.accounts.models import Membership, User
from portal.accounts.rules import Ability, Reach, reach, roles_with
from portal.territories.enums import Level
from portal.territories.models import Territory

from ..enums import OPEN, State
from ..models import Dossier, Label

#: Whose services instruct (``services.routing``).
SERVICE_LEVELS = (Level.NATION, Level.REGION, Level.DEPARTEMENT)
#: What waits for the service itself: what may be late.
WAITING = (State.DEPOSITED, State.INSTRUCTION)
#: As many names as a list to choose from holds.
MOST_PEOPLE = 300


@dataclass(frozen=True)
class Desk:
    """Where one person instructs. Made by :func:`desk_of`; queries only as they are needed, once each."""

    user: User
    everywhere: bool
    #: Organisations for which they deposit: whoever does, does not instruct their dossiers.
    own: tuple[int, ...] = ()
    services: tuple[Territory, ...] = field(default=(), compare=False)

    @cached_property
    def service_ids(self) -> list[int]:
        return [each.pk for each in self.services]

    def dossiers(self) -> QuerySet[Dossier]:
        """The dossiers they instruct, by the indexed columns alone: the same as ``for_instructor``, at any size."""
        return self.of(Dossier.objects.kept())

    def of(self, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
        """Those of ``dossiers`` that their services instruct."""
        if self.everywhere:
            dossiers = dossiers.filter(routed_to__isnull=False)
        else:
            dossiers = dossiers.filter(routed_to__in=self.service_ids)
        return dossiers.exclude(organisation__in=self.own) if self.own else dossiers

    @cached_property
    def colleagues(self) -> list[User]:
        """Who instructs in those services by name, by family name. One query."""
        return people_of(self.services)

    @cached_property
    def labels(self) -> list[Label]:
        """The labels of those services. One query."""
        found = Label.objects.filter(territory__in=self.service_ids).select_related("territory")
        return list(found.order_by("name", "territory__name", "pk")[:MOST_PEOPLE])


def desk_of(user: Any) -> Desk:
    """Raises Http404 for who instructs nowhere. Two queries."""
    abilities = get_abilities(user)
    if not user.is_authenticated or not abilities.anywhere(Ability.INSTRUCT):
        raise Http404
    services = tuple(
        Territory.objects.filter(level__in=SERVICE_LEVELS, pk__in=abilities.territories(Ability.INSTRUCT).values("pk"))
        .order_by("search_name", "level", "code")
        .select_related("region", "departement")
    )
    everywhere = any(each.level == Level.NATION for each in services)
    return Desk(user, everywhere, tuple(abilities.organisation_ids(Ability.DEPOSIT)), services)


def people_of(services: Iterable[Territory]) -> list[User]:
    """Who instructs there by name: with a role on one of ``services`` itself. One query."""
    roles = [role for role in roles_with(Ability.INSTRUCT) if reach(role, Ability.INSTRUCT) == Reach.TERRITORY]
    national = [role for role in roles_with(Ability.INSTRUCT) if reach(role, Ability.INSTRUCT) == Reach.FRANCE]
    held = Membership.objects.valid().filter(territory__in=[each.pk for each in services])
    held = held.filter(Q(role__in=roles) | Q(role__in=national, territory__level=Level.NATION))
    people = User.objects.filter(is_active=True, pk__in=held.order_by().values("user"))
    return list(people.order_by("last_name", "first_name", "pk")[:MOST_PEOPLE])


@dataclass(frozen=True)
class Counters:
    """How many dossiers of a desk stand where; ``late``, ``mine`` and ``nobody`` are of what is open."""

    states: dict[str, int]
    late: int
    mine: int
    nobody: int

    @property
    def open(self) -> int:
        return sum(self.states.get(state, 0) for state in OPEN)


def counters(desk: Desk) -> Counters:
    """One query, answered by one index."""
    rows = (
        desk.dossiers()
        .order_by()
        .values("state")
        .annotate(
            total=Count("routed_to"),
            late=Count("routed_to", filter=Q(state__in=WAITING, due_at__lt=timezone.now())),
            mine=Count("routed_to", filter=Q(state__in=OPEN, assignee=desk.user.pk)),
            nobody=Count("routed_to", filter=Q(state__in=OPEN, assignee=None)),
        )
    )
    found = list(rows)
    return Counters(
        states={row["state"]: row["total"] for row in found},
        late=sum(row["late"] for row in found),
        mine=sum(row["mine"] for row in found),
        nobody=sum(row["nobody"] for row in found),
    )


def for_list(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what a line shows, without the forms: two queries a page, whatever its length."""
    related = ("type", "organisation", "territory", "routed_to", "assignee")
    return dossiers.select_related(*related).prefetch_related("labels").defer("values", "search_text", "type__form")
