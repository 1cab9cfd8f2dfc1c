"""Who a campaign goes to: the people of its lists and segments, each once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..models import MailingList, Segment, Subscription
from ..segments import subscriptions_of


def subscriptions(*, lists: Iterable[MailingList], segments: Iterable[Segment]) -> QuerySet[Subscription]:
    """The subscriptions through which a letter would go out; several of one person where several lists have them.

    Left out: pauses, and addresses that no longer answer. Archived lists have nobody. No query by itself.
    """
    chosen = Q(list__in=[each.pk for each in lists])
    for segment in segments:
        chosen |= Q(pk__in=subscriptions_of(segment).values("pk"))
    awake = Q(subscriber__paused_until=None) | Q(subscriber__paused_until__lte=timezone.localdate())
    return Subscription.objects.active().filter(chosen, awake, subscriber__unreachable_at=None, list__archived_at=None)


def audience_count(*, lists: Iterable[MailingList], segments: Iterable[Segment]) -> int:
    """How many people would get a letter, each counted once. One query more than reading ``lists`` and ``segments``.

    An address excluded since it subscribed still counts here (its fingerprint is known by computing only): the
    snapshot leaves it out.
    """
    found = subscriptions(lists=lists, segments=segments)
    return found.values("subscriber").distinct().count()
