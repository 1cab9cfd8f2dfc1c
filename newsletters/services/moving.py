"""Changing one's address: proven by a message to the new one, merged with what was known there."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .. import consent_texts
from ..addresses import fingerprint, normalise_address
from ..enums import ConsentAction, DeliveryState, MailKind, SkipReason, Source, SubscriptionState
from ..models import (
    AddressChange,
    ConsentEvent,
    Delivery,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionRequest,
    Suppression,
)
from ..people import ledger
from ..people.rules import PersonRefused
from ..people.tokens import read_change
from ..selectors import is_blocked
from ..tokens import BadTokenError
from .contact import note_contact
from .proof import proof

AN_HOUR, A_DAY = 3, 6
EVIDENCE = "Changement d’adresse confirmé depuis la nouvelle"


@transaction.atomic
def ask_change(*, subscriber: Subscriber, address: str) -> AddressChange:
    """Write to the new address, which becomes the person's once confirmed there; nothing changes before.

    However often it is asked for, an address hears of it :data:`AN_HOUR` times an hour at most. Raises
    :class:`PersonRefused` for a bad address or the one they have. The caller learns nothing of who is known.
    """
    try:
        wanted = normalise_address(address)
    except ValidationError as error:
        raise PersonRefused("address", error.messages[0], "nouvelle") from error
    if wanted == subscriber.address:
        raise PersonRefused("same", "C’est déjà l’adresse à laquelle nous écrivons.", "nouvelle")
    now = timezone.now()
    earlier = AddressChange.objects.filter(address=wanted)
    had_enough = (
        earlier.filter(created_at__gt=now - timedelta(hours=1)).count() >= AN_HOUR
        or earlier.filter(created_at__gt=now - timedelta(days=1)).count() >= A_DAY
    )
    change = AddressChange.objects.create(subscriber=subscriber, address=wanted)
    if not had_enough:
        ledger.queue(subscriber=subscriber.pk, kind=MailKind.CHANGE, moment=change.pk.hex)
    note_contact(subscriber)
    return change


@transaction.atomic
def confirm_change(*, token: str) -> Subscriber:
    """Give the person their new address; returns them. Uses the link up.

    The log ends each consent under the old address and begins it under the new. Where the new address is known
    already, the two become one person: what that address had left stays left, and being measured stays as it was
    there. Raises :class:`BadTokenError`.
    """
    change = read_change(token)
    now = timezone.now()
    if not AddressChange.objects.filter(pk=change.pk, used_at=None).update(used_at=now):
        raise BadTokenError("Ce lien a déjà servi.")
    if is_blocked(change.address):
        raise BadTokenError("Cette adresse a été exclue des envois. Écrivez à l’équipe du portail pour la rétablir.")
    Suppression.objects.filter(fingerprint=fingerprint(change.address)).delete()
    both = list(
        Subscriber.objects.select_for_update(of=("self",))
        .filter(address__in=[change.subscriber.address, change.address])
        .order_by("pk")
    )
    person = next(one for one in both if one.pk == change.subscriber_id)
    known = next((one for one in both if one.pk != change.subscriber_id), None)
    # A confirmation asked for from the old address is not the new one's.
    SubscriptionRequest.objects.filter(subscriber=person, used_at=None).update(used_at=now)
    if known is None:
        _rename(person, change.address)
        known = person
    else:
        _merge(person, known)
    note_contact(known)
    return known


def _rename(person: Subscriber, address: str) -> None:
    lists = [held.list for held in Subscription.objects.active().filter(subscriber=person).select_related("list")]
    consents: list[MailingList | None] = [*lists, *([None] if person.tracking else [])]
    events = [_ended(person, one) for one in consents]
    _send_waiting_to(person, address)
    person.address = address
    person.save(update_fields=["address"])
    events += [_begun(person, one) for one in consents]
    ConsentEvent.objects.bulk_create(events)


def _merge(person: Subscriber, known: Subscriber) -> None:
    theirs = {held.list_id: held for held in Subscription.objects.filter(subscriber=known)}
    events = [_ended(person, None)] if person.tracking else []
    for held in Subscription.objects.filter(subscriber=person).select_related("list").order_by("pk"):
        other = theirs.get(held.list_id)
        if other is None:
            held.subscriber = known
            held.save(update_fields=["subscriber"])
        if held.state != SubscriptionState.ACTIVE:
            continue
        events.append(_ended(person, held.list))
        if other is not None and other.state == SubscriptionState.PENDING:
            other.state, other.confirmed_at, other.unsubscribed_at = held.state, held.confirmed_at, None
            other.save(update_fields=["state", "confirmed_at", "unsubscribed_at"])
            events.append(_begun(known, held.list))
        elif other is None:
            events.append(_begun(known, held.list))
    ConsentEvent.objects.bulk_create(events)
    for name in ("name", "organisation", "organisation_kind", "territory"):
        if not getattr(known, name):
            setattr(known, name, getattr(person, name))
    known.save()
    known.audiences.add(*person.audiences.all())
    _send_waiting_to(person, known.address)
    Delivery.objects.filter(subscriber=person).update(subscriber=known)
    person.delete()


def _ended(person: Subscriber, one: MailingList | None) -> ConsentEvent:
    return proof(person, one, ConsentAction.WITHDRAWN, source=Source.PREFERENCES, evidence=EVIDENCE)


def _begun(person: Subscriber, one: MailingList | None) -> ConsentEvent:
    text = consent_texts.CURRENT if one else consent_texts.TRACKING
    return proof(
        person,
        one,
        ConsentAction.GIVEN,
        source=Source.LINK,
        text_version=text,
        evidence=EVIDENCE,
    )


def _send_waiting_to(person: Subscriber, address: str) -> None:
    """Copies not sent yet go to the new address, unless it has its own copy of that letter."""
    waiting = Delivery.objects.filter(subscriber=person, state=DeliveryState.WAITING)
    has_one = Delivery.objects.filter(address=address).values("campaign")
    waiting.filter(campaign__in=has_one).update(state=DeliveryState.SKIPPED, skip_reason=SkipReason.UNSUBSCRIBED)
    waiting.exclude(campaign__in=has_one).update(address=address)
