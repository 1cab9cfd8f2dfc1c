"""Whose time is over; what is in the bin, for who may see it there."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability

from ..enums import CLOSED, State
from ..models import Dossier, DossierType
from .rules import months_before


def over(type_: DossierType, now: datetime) -> QuerySet[Dossier]:
    """The dossiers of a type whose retention ends by ``now``: closed ones, and drafts that nobody touched. None that is
    open, ever."""
    of_type = Dossier.objects.kept().filter(type=type_)
    closed = of_type.filter(state__in=CLOSED, closed_at__lte=months_before(now, type_.retention_months))
    drafts = of_type.filter(state=State.DRAFT, updated_at__lte=months_before(now, type_.draft_months))
    found: QuerySet[Dossier] = (closed | drafts).exclude(kept_until__gt=now)
    return found


def binned() -> QuerySet[Dossier]:
    found = Dossier.objects.exclude(binned_at=None).select_related("type", "organisation", "territory")
    return found.defer("values", "search_text", "type__form").order_by("binned_at", "pk")


def of_organisations(user: User) -> QuerySet[Dossier]:
    """Those of the organisations where ``user`` deposits or reads; guests see none there."""
    return binned().filter(organisation__in=get_abilities(user).organisation_ids(Ability.READ_DOSSIERS))


def of_services(user: User) -> QuerySet[Dossier]:
    """Those that ``user`` instructed: not the ones of organisations they deposit for."""
    abilities = get_abilities(user)
    # A draft is routed nowhere.
    found = binned().filter(routed_to__in=abilities.territories(Ability.INSTRUCT))
    return found.exclude(organisation__in=abilities.organisation_ids(Ability.DEPOSIT))
