"""What readers may report, what editors see of it, and whom to tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.accounts.abilities import get_abilities
from portal.accounts.models import Membership, User
from portal.accounts.rules import Ability, roles_with
from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.territories.enums import Level
from portal.territories.models import Space, TerritoryLink

from ..models import PageReading, PageReport


def reportable(page_id: int) -> PageFact | None:
    """The fact of a page that anyone may read, in an open space; None for any other. One query."""
    return (
        PageFact.objects.live_public()
        .filter(pk=page_id, space__closed_at=None, space__isnull=False)
        .select_related("page", "space__territory")
        .first()
    )


def reports_for(user: Any) -> QuerySet[PageReport]:
    """The reports that ``user`` may answer: those of the spaces they review."""
    abilities = get_abilities(user)
    if not abilities.anywhere(Ability.REVIEW):
        return PageReport.objects.none()
    return PageReport.objects.inside(abilities.territories(Ability.REVIEW))


def editors_of(space: Space) -> list[User]:
    """Who is told of a page of ``space``: the people who review on its territory itself, else those nearest above.

    Two queries; empty where nobody does.
    """
    above = TerritoryLink.objects.filter(descendant=space.territory_id).values("ancestor")
    held = (
        Membership.objects.valid()
        .filter(role__in=roles_with(Ability.REVIEW), territory__in=above)
        .select_related("user", "territory")
        .order_by("pk")
    )
    by_rank: dict[int, dict[int, User]] = {}
    for one in held:
        if one.territory is not None:
            by_rank.setdefault(Level(one.territory.level).rank, {})[one.user_id] = one.user
    return list(by_rank[max(by_rank)].values()) if by_rank else []


def threshold(now: datetime | None = None) -> datetime:
    """Pages published or read before that instant are to be read again."""
    return (now or timezone.now()) - timedelta(days=settings.PAGE_STALE_DAYS)


def stale_pages(now: datetime | None = None) -> QuerySet[PageFact]:
    """Facts of readable pages that nobody published or read for :setting:`PAGE_STALE_DAYS`, in open spaces.

    A past event tells what happened on a day: it is not read again. No order, no scope: see :func:`stale_for`.
    """
    limit = threshold(now)
    read = PageReading.objects.filter(read_at__gte=limit).values("page")
    past = Q(kind=ContentKind.EVENT, date__lt=now or timezone.now())
    return (
        PageFact.objects.live_public()
        .filter(space__closed_at=None, space__isnull=False, page__last_published_at__lt=limit)
        .exclude(pk__in=read)
        .exclude(past)
    )


def stale_for(user: Any) -> QuerySet[PageFact]:
    """The pages to read again that ``user`` may publish."""
    abilities = get_abilities(user)
    if not abilities.anywhere(Ability.PUBLISH):
        return PageFact.objects.none()
    return stale_pages().filter(space__territory__in=abilities.territories(Ability.PUBLISH))
