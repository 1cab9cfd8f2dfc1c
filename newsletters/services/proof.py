"""Writing the proof of consent, and the subscription that it allows."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User

from ..addresses import fingerprint
from ..enums import ConsentAction, MailKind, Purpose, SubscriptionState
from ..models import ConsentEvent, MailingList, Subscriber, Subscription
from ..people import ledger


def proof(
    subscriber: Subscriber,
    one: MailingList | None,
    action: str,
    *,
    source: str,
    text_version: str = "",
    actor: User | None = None,
    evidence: str = "",
) -> ConsentEvent:
    """A line of the consent log, not saved yet. Without a list it is about being measured."""
    return ConsentEvent(
        subscriber=subscriber,
        fingerprint=fingerprint(subscriber.address),
        list=one,
        purpose=Purpose.LETTER if one else Purpose.TRACKING,
        action=action,
        text_version=text_version,
        source=source,
        actor=actor,
        evidence=evidence[:300],
    )


@transaction.atomic
def activate(
    *,
    subscriber: Subscriber,
    lists: Iterable[MailingList],
    source: str,
    text_version: str = "",
    actor: User | None = None,
    evidence: str = "",
) -> list[Subscription]:
    """Subscribe ``subscriber``, whose address is proven, to ``lists``; returns the subscriptions.

    Adds a ``given`` event for each list. A subscription that begins for the first time is welcomed, where its list
    does so (:func:`welcome`). The caller has made sure that the address may be written to.
    """
    wanted = list(lists)
    now = timezone.now()
    known = {
        held.list_id: held
        for held in Subscription.objects.select_for_update(of=("self",)).filter(subscriber=subscriber, list__in=wanted)
    }
    made, new = [], []
    for one in wanted:
        held = known.get(one.pk) or Subscription(list=one, subscriber=subscriber)
        if held.confirmed_at is None:
            new.append(held)
        held.state, held.confirmed_at, held.unsubscribed_at = SubscriptionState.ACTIVE, now, None
        held.save()
        made.append(held)
    ConsentEvent.objects.bulk_create(
        proof(
            subscriber,
            one,
            ConsentAction.GIVEN,
            source=source,
            text_version=text_version,
            actor=actor,
            evidence=evidence,
        )
        for one in wanted
    )
    welcome(subscriptions=[(held, one) for held in new for one in wanted if one.pk == held.list_id])
    return made


def welcome(*, subscriptions: Iterable[tuple[Subscription, MailingList]]) -> int:
    """Put the welcome message of each (subscription, its list) in the ledger; returns how many are new.

    Lists without one are left out. Idempotent: a subscription is welcomed once, whatever happens to it later. An
    import calls it for the people it subscribed only where its author chose so.
    """
    return ledger.queue_many(
        [
            (held.subscriber_id, MailKind.WELCOME, str(held.pk), held.pk)
            for held, one in subscriptions
            if one.welcome_enabled
        ]
    )
