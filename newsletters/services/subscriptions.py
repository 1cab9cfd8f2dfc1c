"""Subscribing, confirming, unsubscribing, suppressing. Each writes its proof in the consent log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.territories.models import Territory

from .. import consent_texts, tasks
from ..addresses import fingerprint, normalise_address
from ..enums import ConsentAction, OptIn, Source, SubscriptionState, SuppressionReason
from ..models import ConsentEvent, MailingList, Subscriber, Subscription, SubscriptionRequest, Suppression
from ..selectors import is_blocked
from ..tokens import BadTokenError, read_confirmation
from .contact import note_contact
from .proof import activate, proof

STALE = timedelta(days=30)
# The same form sent again within this time is one request: two clicks, a reloaded page.
TWICE = timedelta(seconds=30)


@transaction.atomic
def subscribe(
    *,
    address: str,
    lists: Iterable[MailingList],
    name: str = "",
    organisation: str = "",
    territory: Territory | None = None,
    source: str = Source.FORM,
    actor: User | None = None,
) -> SubscriptionRequest:
    """Note that somebody asks for ``lists`` with ``address``, and write to that address once, after commit.

    Where a list asks for a double opt-in (or the person had left it) nothing is subscribed before :func:`confirm`; a
    list with a single opt-in is subscribed at once. What is subscribed already is not touched: the message says so.
    The caller learns nothing of what was known. ``name`` and the rest are kept aside until the address is proven.
    Adds a ``requested`` or ``given`` event for each list that was not active. The same request again within
    :data:`TWICE`, or at the same moment, is that request. Raises ``ValidationError`` on a bad address.
    """
    normal = normalise_address(address)
    wanted = list(lists)
    known_as, _ = Subscriber.objects.get_or_create(address=normal)
    # Two requests at once for one address: the second waits here, and finds what the first wrote.
    subscriber = Subscriber.objects.select_for_update(of=("self",)).get(pk=known_as.pk)
    asked_for = {"name": name, "organisation": organisation, "territory": territory}
    if twice := _just_asked(subscriber, wanted, asked_for):
        return twice
    request = SubscriptionRequest.objects.create(subscriber=subscriber, text_version=consent_texts.CURRENT, **asked_for)
    request.lists.set(wanted)
    known = {held.list_id: held for held in Subscription.objects.filter(subscriber=subscriber, list__in=wanted)}
    # Whoever was erased comes back by confirming: that lifts the suppression.
    suppressed = Suppression.objects.filter(fingerprint=fingerprint(normal)).exists()
    text = consent_texts.CURRENT
    events, at_once = [], []
    for one in wanted:
        held = known.get(one.pk)
        if held and held.state == SubscriptionState.ACTIVE:
            continue
        if one.opt_in == OptIn.SINGLE and not suppressed and (held is None or not held.unsubscribed_at):
            at_once.append(one)
            continue
        if held is None:
            Subscription.objects.create(list=one, subscriber=subscriber)
        events.append(proof(subscriber, one, ConsentAction.REQUESTED, source=source, text_version=text, actor=actor))
    ConsentEvent.objects.bulk_create(events)
    activate(subscriber=subscriber, lists=at_once, source=source, text_version=text, actor=actor)
    transaction.on_commit(lambda: tasks.send_subscription_message.enqueue(str(request.pk)))
    return request


@transaction.atomic
def send_again(*, request_pk: str) -> bool:
    """Send the message of a request that still waits once more, as a request of its own: an address hears from us no
    more often for it. Says whether one was made; the same request within :data:`TWICE` is one. Consents are not logged
    again: nothing new is asked for.
    """
    found = SubscriptionRequest.objects.select_for_update(of=("self",)).filter(pk=request_pk, used_at=None).first()
    if found is None or not found.is_usable:
        return False
    lists = list(found.lists.all())
    said = {"name": found.name, "organisation": found.organisation, "territory": found.territory}
    if _just_asked(found.subscriber, lists, said):
        return False
    again = SubscriptionRequest.objects.create(subscriber=found.subscriber, text_version=found.text_version, **said)
    again.lists.set(lists)
    transaction.on_commit(lambda: tasks.send_subscription_message.enqueue(str(again.pk)))
    return True


@transaction.atomic
def confirm(*, token: str) -> list[MailingList]:
    """Subscribe the holder of a confirmation link to what they asked for; returns those lists.

    Uses the link up. Keeps the name, organisation and territory given with the request; lifts the suppression of a
    person who had asked to be erased. Adds a ``given`` event for each list. Raises :class:`BadTokenError` for a
    link that is forged, expired or used, or an address that must not be written to.
    """
    request = read_confirmation(token)
    now = timezone.now()
    # One of two simultaneous confirmations wins here.
    if not SubscriptionRequest.objects.filter(pk=request.pk, used_at=None).update(used_at=now):
        raise BadTokenError("Ce lien de confirmation a déjà servi.")
    subscriber = request.subscriber
    if is_blocked(subscriber.address):
        raise BadTokenError("Cette adresse a été exclue des envois. Écrivez à l’équipe du portail pour la rétablir.")
    Suppression.objects.filter(fingerprint=fingerprint(subscriber.address)).delete()
    lists = list(request.lists.current())
    for field in ("name", "organisation", "territory"):
        if value := getattr(request, field):
            setattr(subscriber, field, value)
    subscriber.save(update_fields=["name", "organisation", "territory"])
    activate(subscriber=subscriber, lists=lists, source=Source.LINK, text_version=request.text_version)
    note_contact(subscriber)
    return lists


@transaction.atomic
def unsubscribe(*, subscription: Subscription, source: str = Source.LINK, actor: User | None = None) -> bool:
    """End a subscription, with any confirmation of it still awaited; returns whether it was one.

    Idempotent: the second time logs nothing.
    """
    now = timezone.now()
    # A confirmation still on its way must not bring them back.
    SubscriptionRequest.objects.filter(
        subscriber=subscription.subscriber_id, lists=subscription.list_id, used_at=None
    ).update(used_at=now)
    changed = (
        Subscription.objects.filter(pk=subscription.pk)
        .exclude(state=SubscriptionState.UNSUBSCRIBED)
        .update(state=SubscriptionState.UNSUBSCRIBED, unsubscribed_at=now)
    )
    if not changed:
        return False
    subscription.refresh_from_db(fields=["state", "unsubscribed_at"])
    proof(subscription.subscriber, subscription.list, ConsentAction.WITHDRAWN, source=source, actor=actor).save()
    return True


@transaction.atomic
def suppress(*, address: str, reason: str, note: str = "", actor: User | None = None) -> Suppression:
    """Never write to ``address`` again: its subscriptions end, its keyed hash is kept. Idempotent.

    A reason never takes the place of a stronger one: who is erased after a complaint stays excluded for it.
    """
    normal, wanted = normalise_address(address), SuppressionReason(reason)
    suppression, is_new = Suppression.objects.get_or_create(
        fingerprint=fingerprint(normal), defaults={"reason": wanted, "note": note}
    )
    if not is_new and wanted.outweighs(suppression.reason):
        suppression.reason, suppression.note = wanted, note
        suppression.save(update_fields=["reason", "note"])
    for subscription in Subscription.objects.filter(subscriber__address=normal).select_related("list", "subscriber"):
        unsubscribe(subscription=subscription, source=wanted.source, actor=actor)
    return suppression


@transaction.atomic
def forget_stale_requests() -> int:
    """Delete requests older than :data:`STALE`, then the never confirmed subscriptions and people nothing else keeps.

    Whoever typed an address that was never proven leaves no trace but the consent log's keyed hash. Returns the
    number of people forgotten.
    """
    limit = timezone.now() - STALE
    SubscriptionRequest.objects.filter(created_at__lt=limit).delete()
    Subscription.objects.filter(
        state=SubscriptionState.PENDING, created_at__lt=limit, subscriber__requests=None
    ).delete()
    people = Subscriber.objects.filter(created_at__lt=limit, subscriptions=None, requests=None)
    _, by_model = people.delete()
    return by_model.get("newsletters.Subscriber", 0)


def _just_asked(
    subscriber: Subscriber, wanted: list[MailingList], asked_for: dict[str, Any]
) -> SubscriptionRequest | None:
    """The same request, made a moment ago and still to be answered."""
    recent = SubscriptionRequest.objects.filter(
        subscriber=subscriber,
        used_at=None,
        created_at__gt=timezone.now() - TWICE,
        text_version=consent_texts.CURRENT,
        **asked_for,
    ).prefetch_related("lists")
    keys = {one.pk for one in wanted}
    return next((each for each in recent if {one.pk for one in each.lists.all()} == keys), None)
