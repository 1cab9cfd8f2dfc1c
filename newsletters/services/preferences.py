"""What a person decides of what they receive, from the link of a letter or one they asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from .. import consent_texts, tasks
from ..addresses import fingerprint, normalise_address
from ..enums import ConsentAction, MailKind, Source, SubscriptionState, Visibility
from ..models import MailingList, PersonalMail, Subscriber, Subscription, Suppression
from ..people import ledger
from ..people.rules import PersonRefused
from ..selectors import is_blocked
from .contact import note_contact
from .proof import activate, proof
from .subscriptions import subscribe, unsubscribe

LONGEST_PAUSE = timedelta(days=366)
LINKS_AN_HOUR, LINKS_A_DAY = 3, 6


@dataclass
class Choice:
    """What a choice of lists changed. ``asked``: joined once they confirm by the message they were sent."""

    left: list[MailingList] = field(default_factory=list)
    joined: list[MailingList] = field(default_factory=list)
    asked: list[MailingList] = field(default_factory=list)


@transaction.atomic
def choose_lists(
    *, subscriber: Subscriber, shown: Iterable[MailingList], wanted: Iterable[MailingList], proven: bool
) -> Choice:
    """Leave the lists of ``shown`` that are not ``wanted``, and join those that are: at once where the address was
    ``proven`` lately, else by the message that subscribing sends. What was not shown is not touched.

    Public lists in use can be joined; a private one is its team's to add to. Raises :class:`PersonRefused` where the
    address is excluded from all sending.
    """
    person = Subscriber.objects.select_for_update(of=("self",)).get(pk=subscriber.pk)
    kept = {one.pk for one in wanted}
    held = {row.list_id: row for row in Subscription.objects.filter(subscriber=person).select_related("list")}
    choice = Choice()
    for one in shown:
        row = held.get(one.pk)
        is_active = row is not None and row.state == SubscriptionState.ACTIVE
        if is_active and one.pk not in kept and row is not None:
            unsubscribe(subscription=row, source=Source.PREFERENCES)
            choice.left.append(one)
        elif not is_active and one.pk in kept and one.visibility == Visibility.PUBLIC and one.archived_at is None:
            (choice.joined if proven else choice.asked).append(one)
    if (choice.joined or choice.asked) and is_blocked(person.address):
        raise PersonRefused(
            "blocked", "Cette adresse est exclue des envois. Écrivez à l’équipe du portail pour la rétablir.", "liste"
        )
    if choice.joined:
        Suppression.objects.filter(fingerprint=fingerprint(person.address)).delete()
        activate(
            subscriber=person,
            lists=choice.joined,
            source=Source.PREFERENCES,
            text_version=consent_texts.CURRENT,
        )
    if choice.asked:
        subscribe(address=person.address, lists=choice.asked, source=Source.PREFERENCES)
    note_contact(subscriber)
    return choice


@transaction.atomic
def pause(*, subscriber: Subscriber, until: date | None) -> None:
    """Send nothing before ``until`` (that day it resumes by itself); None resumes at once.

    Raises :class:`PersonRefused` for a day that is not to come, or too far.
    """
    today = timezone.localdate()
    if until is not None and until <= today:
        raise PersonRefused("past", "Choisissez un jour à venir.", "jusqu_au")
    if until is not None and until > today + LONGEST_PAUSE:
        raise PersonRefused("far", "Une pause dure un an au plus.", "jusqu_au")
    Subscriber.objects.filter(pk=subscriber.pk).update(paused_until=until)
    subscriber.paused_until = until
    note_contact(subscriber)


@transaction.atomic
def set_tracking(*, subscriber: Subscriber, on: bool, source: str = Source.PREFERENCES) -> bool:
    """Agree to being measured, or not any more; says whether that changed anything, in which case it is logged."""
    if not Subscriber.objects.filter(pk=subscriber.pk, tracking=not on).update(tracking=on):
        return False
    subscriber.tracking = on
    action = ConsentAction.GIVEN if on else ConsentAction.WITHDRAWN
    proof(subscriber, None, action, source=source, text_version=consent_texts.TRACKING if on else "").save()
    note_contact(subscriber)
    return True


def ask_link(*, address: str) -> None:
    """Have the link of their preferences sent to whoever holds ``address``, if it is known: the same work, and the
    same answer, for every address. Raises ``ValidationError`` on a bad one."""
    person = Subscriber.objects.filter(address=normalise_address(address)).values_list("pk", flat=True).first()
    transaction.on_commit(lambda: tasks.send_preferences_link.enqueue(person or 0))


@transaction.atomic
def queue_link(*, subscriber_pk: int) -> bool:
    """Put the link in the ledger, within the limits of what one address is sent. False where nothing is sent."""
    person = Subscriber.objects.select_for_update(of=("self",)).filter(pk=subscriber_pk).first()
    if person is None or is_blocked(person.address):
        return False
    now = timezone.now()
    sent = PersonalMail.objects.filter(subscriber=person, kind=MailKind.LINK)
    if (
        sent.filter(created_at__gt=now - timedelta(hours=1)).count() >= LINKS_AN_HOUR
        or sent.filter(created_at__gt=now - timedelta(days=1)).count() >= LINKS_A_DAY
    ):
        return False
    return ledger.queue(subscriber=person.pk, kind=MailKind.LINK, moment=uuid.uuid4().hex)
