"""Who a segment reaches, in one query whatever its conditions."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.territories.models import Territory, TerritoryLink

from ..models import Click, MailingList, Segment, Subscriber, Subscription
from .conditions import BadConditionsError, Conditions, Reach

logger = logging.getLogger(__name__)


def lists_within(territory: Territory) -> QuerySet[MailingList]:
    """The lists a segment of ``territory`` may speak of: those of it and inside it, archived ones too.

    Whoever writes for a territory writes for all inside it: a segment never opens another's list to its readers.
    """
    inside = TerritoryLink.objects.filter(ancestor=territory).values("descendant")
    return MailingList.objects.filter(territory__in=inside)


def subscriptions_of(segment: Segment) -> QuerySet[Subscription]:
    """The active subscriptions to the segment's lists (current ones, of its territory) that meet its conditions.

    One query when read. A person subscribed to two of the lists is there twice. Conditions that are not understood
    reach nobody. Paused, unreachable and suppressed people are left to whoever sends.
    """
    try:
        conditions = Conditions.read(segment.conditions)
    except BadConditionsError:
        logger.warning("Segment %s: its conditions are not understood, it reaches nobody.", segment.pk)
        return Subscription.objects.none()
    lists = lists_within(segment.territory).current().filter(segments=segment)  # type: ignore[attr-defined]
    return matching(lists, conditions, segment.territory)


def matching(lists: QuerySet[MailingList], conditions: Conditions, territory: Territory) -> QuerySet[Subscription]:
    """The active subscriptions to ``lists`` that meet ``conditions``, those of a segment of ``territory``."""
    found = Subscription.objects.active().filter(list__in=lists.order_by().values("pk"))
    if conditions.territory:
        found = found.filter(subscriber__territory__in=_around(conditions.territory, conditions.reach))
    if conditions.audiences:
        through = Subscriber.audiences.through.objects
        found = found.filter(
            Exists(through.filter(subscriber=OuterRef("subscriber"), audience__in=conditions.audiences))
        )
    if conditions.organisation_kinds:
        found = found.filter(subscriber__organisation_kind__in=conditions.organisation_kinds)
    others = Subscription.objects.active().filter(subscriber=OuterRef("subscriber")).order_by()
    if conditions.in_lists:
        ours = lists_within(territory).filter(pk__in=conditions.in_lists).order_by().values("pk")
        found = found.filter(Exists(others.filter(list__in=ours)))
    if conditions.not_in_lists:
        found = found.exclude(Exists(others.filter(list__in=conditions.not_in_lists)))
    if conditions.clicked_within:
        since = timezone.now() - timedelta(days=conditions.clicked_within)
        clicks = Click.objects.filter(delivery__subscriber=OuterRef("subscriber"), at__gte=since, machine=False)
        found = found.filter(Q(subscriber__tracking=True) & Exists(clicks.order_by()))
    if conditions.subscribed_since:
        start = timezone.make_aware(datetime.combine(conditions.subscribed_since, time.min))
        found = found.filter(confirmed_at__gte=start)
    return found


def count(segment: Segment) -> int:
    """How many people the segment reaches now, each once. One query."""
    return count_people(subscriptions_of(segment))


def count_people(subscriptions: QuerySet[Subscription]) -> int:
    return subscriptions.order_by().values("subscriber").distinct().count()


def _around(territory: int, reach: Reach) -> QuerySet[TerritoryLink, Any]:
    """The territories inside ``territory``, or those around it; itself with them."""
    if reach == Reach.INSIDE:
        return TerritoryLink.objects.filter(ancestor=territory).values("descendant")
    return TerritoryLink.objects.filter(descendant=territory).values("ancestor")
