"""Erasing a person: what stays says nothing of them but by a keyed hash."""

from __future__ import annotations

from django.db import transaction

from portal.accounts.models import User

from ..addresses import fingerprint
from ..enums import ConsentAction, DeliveryState, SkipReason, Source, SuppressionReason
from ..models import AddressChange, Click, Delivery, Subscriber, Subscription
from ..signals import subscriber_erased
from .proof import proof
from .subscriptions import suppress, unsubscribe

PREFIX = "efface:"


@transaction.atomic
def erase(
    *,
    subscriber: Subscriber,
    source: str = Source.ERASURE,
    actor: User | None = None,
    suppression: str | None = SuppressionReason.ERASURE,
) -> None:
    """Forget a person. Their subscriptions and consents end with a line of the log; copies of letters keep
    ``efface:<keyed hash>`` instead of the address, and lose their clicks; those not sent yet will not be.

    ``suppression``: why their keyed hash is kept so that nothing brings them back but themselves; None: it is not.
    Tells :data:`newsletters.signals.subscriber_erased`, inside the transaction, for what other parts hold.
    """
    person = Subscriber.objects.select_for_update(of=("self",)).get(pk=subscriber.pk)
    for held in Subscription.objects.filter(subscriber=person).select_related("list", "subscriber").order_by("pk"):
        unsubscribe(subscription=held, source=source, actor=actor)
    if person.tracking:
        proof(person, None, ConsentAction.WITHDRAWN, source=source, actor=actor).save()
    forget_copies(person)
    AddressChange.objects.filter(address=person.address).delete()
    if suppression is not None:
        suppress(address=person.address, reason=suppression)
    subscriber_erased.send(Subscriber, address=person.address, fingerprint=fingerprint(person.address))
    person.delete()


def forget_copies(person: Subscriber) -> None:
    """Take the person's addresses, present and past, out of the log of sendings. Counts stay true."""
    copies = Delivery.objects.filter(subscriber=person)
    Click.objects.filter(delivery__subscriber=person).update(delivery=None)
    copies.filter(state=DeliveryState.WAITING).update(
        state=DeliveryState.SKIPPED, skip_reason=SkipReason.ERASED, claim=None, leased_until=None
    )
    for address in list(copies.order_by().values_list("address", flat=True).distinct()):
        copies.filter(address=address).update(address=f"{PREFIX}{fingerprint(address)}")
