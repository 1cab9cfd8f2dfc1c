"""Sources and runs of the spaces where somebody publishes. What is not theirs does not exist."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from portal.accounts.abilities import get_abilities
from portal.accounts.rules import Ability
from portal.territories.models import Space

from .models import ImportRun, ImportSource


def spaces_of(user: Any) -> QuerySet[Space]:
    """The open spaces in whose agenda the person may import."""
    territories = get_abilities(user).territories(Ability.PUBLISH)
    inside = Space.objects.filter(closed_at=None, territory__in=territories)
    return inside.select_related("territory", "page").order_by("territory__name", "pk")


def sources_of(user: Any) -> QuerySet[ImportSource]:
    territories = get_abilities(user).territories(Ability.PUBLISH)
    inside = ImportSource.objects.filter(space__territory__in=territories)
    return inside.select_related("space__territory", "space__page", "owner").order_by("name", "pk")


def runs_of(user: Any) -> QuerySet[ImportRun]:
    territories = get_abilities(user).territories(Ability.PUBLISH)
    runs = ImportRun.objects.filter(source__space__territory__in=territories).defer("data")
    return runs.select_related("source__space__territory", "source__space__page", "source__owner", "actor")
