"""Whom the events of a dossier are told to, on each side."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from portal.accounts.abilities import can
from portal.accounts.models import Membership, User
from portal.accounts.rules import Ability, Reach, reach, roles_with
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from ..enums import InvitationRight
from ..models import Absence, Dossier, DossierInvitation
from .deadlines import local_day

#: From the nearest service upwards: the first where somebody instructs is told.
_UPWARDS = (Level.EPCI, Level.DEPARTEMENT, Level.REGION, Level.NATION)


def depositors(dossier: Dossier) -> list[User]:
    """The members who deposit for the organisation. One query."""
    roles = [role for role in roles_with(Ability.DEPOSIT) if reach(role, Ability.DEPOSIT) == Reach.ORGANISATION]
    held = Membership.objects.valid().filter(organisation=dossier.organisation_id, role__in=roles)
    return _people(held)


def guests(dossier: Dossier, *rights: InvitationRight) -> list[User]:
    """Who was invited on it with one of ``rights`` (any), and still is. One query."""
    valid = DossierInvitation.objects.valid().filter(dossier=dossier, user__is_active=True)
    if rights:
        valid = valid.filter(right__in=rights)
    return [each.user for each in valid.select_related("user").order_by("pk") if each.user is not None]


def service(dossier: Dossier) -> list[User]:
    """Who instructs where it is routed: those named on that very territory; where there are none, on the nearest that
    contains it; the national administration last. Not who deposits for its organisation.

    Absent people are not replaced here. At most six queries; one where the service has somebody.
    """
    if dossier.routed_to_id is None:
        return []
    instructing = Membership.objects.valid().filter(territory__isnull=False)
    roles = roles_with(Ability.INSTRUCT)
    of_a_service = [role for role in roles if reach(role, Ability.INSTRUCT) == Reach.TERRITORY]
    above = TerritoryLink.objects.filter(descendant=dossier.routed_to_id).values("ancestor")
    around = instructing.filter(territory__in=above, role__in=of_a_service)
    steps = [
        instructing.filter(territory=dossier.routed_to_id, role__in=of_a_service),
        *(around.filter(territory__level=level) for level in _UPWARDS),
        instructing.filter(territory__level=Level.NATION, role__in=roles),
    ]
    depositing = {person.pk for person in depositors(dossier)}
    for held in steps:
        people = [person for person in _people(held) if person.pk not in depositing]
        if people:
            return people
    return []


def instructors(dossier: Dossier) -> list[User]:
    """Who is in charge: the assignee as long as they instruct there, else the service. Absent people are replaced."""
    assignee = dossier.assignee
    if assignee is not None and _instructs(assignee, dossier):
        return present([assignee], dossier)
    return present(service(dossier), dossier)


def present(people: Iterable[User], dossier: Dossier) -> list[User]:
    """``people``, each absent one replaced by who stands in for them and instructs there too. Each once."""
    people = list(people)
    day = local_day(dossier.routed_to or dossier.territory)
    found: dict[int, User] = {}
    absences = _absences({person.pk for person in people}, day)
    for person in people:
        seen, one = {person.pk}, person
        while (substitute := absences.get(one.pk)) is not None and substitute.pk not in seen:
            if not _instructs(substitute, dossier):
                break
            seen.add(substitute.pk)
            one = substitute
            absences |= _absences({one.pk}, day)
        found.setdefault(one.pk, one)
    return list(found.values())


def _absences(keys: Collection[int], day: object) -> dict[int, User]:
    """The substitute of each of ``keys`` who is absent on ``day``."""
    if not keys:
        return {}
    rows = Absence.objects.filter(user__in=keys, starts_on__lte=day, ends_on__gte=day).select_related("substitute")
    return {row.user_id: row.substitute for row in rows.order_by("-starts_on", "-pk")}


def _instructs(person: User, dossier: Dossier) -> bool:
    where = Territory(pk=dossier.routed_to_id)
    return person.is_active and dossier.routed_to_id is not None and can(person, Ability.INSTRUCT, where)


def _people(held: QuerySet[Membership]) -> list[User]:
    found = {each.user_id: each.user for each in held.select_related("user").order_by("user_id", "pk")}
    return list(found.values())
