"""Leaving by the link, or the mail, of one copy."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ..enums import Source
from ..models import Delivery, Subscription
from ..sending.tokens import Ref
from .subscriptions import unsubscribe


def subscription_of(ref: Ref) -> Subscription | None:
    """The subscription a copy came by; None for a trial, or where the person's data were erased. One query."""
    if not ref.subscription:
        return None
    return Subscription.objects.select_related("list", "subscriber").filter(pk=ref.subscription).first()


@transaction.atomic
def leave(*, ref: Ref) -> Subscription | None:
    """End the subscription a copy came by, and note by which copy. Idempotent; None where there is none any more.

    Copies to it that are not sent yet will not be (:mod:`newsletters.sending.claims` reads the subscription again).
    """
    subscription = subscription_of(ref)
    if subscription is not None and unsubscribe(subscription=subscription, source=Source.LINK):
        Delivery.objects.filter(pk=ref.delivery, subscription=subscription, unsubscribed_at=None).update(
            unsubscribed_at=timezone.now()
        )
    return subscription
