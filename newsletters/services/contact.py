"""Signs of life: what counts against three years of silence, and what happens after them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from ..enums import MailKind, MailState, Source, SuppressionReason
from ..models import PersonalMail, Subscriber, Subscription
from ..people import ledger

YEARS = 3
ANSWER = timedelta(days=30)
BATCH = 500


def note_contact(subscriber: Subscriber) -> None:
    """The person confirmed, clicked or wrote: they are there, and can be written to again. One query."""
    now = timezone.now()
    Subscriber.objects.filter(pk=subscriber.pk).update(last_contact_at=now, asked_at=None, unreachable_at=None)
    subscriber.last_contact_at, subscriber.asked_at, subscriber.unreachable_at = now, None, None


def silent_since(now: datetime) -> datetime:
    """The moment three years before ``now`` (the CNIL's limit for a contact without an answer)."""
    return now - timedelta(days=YEARS * 365 + 1)


@transaction.atomic
def ask_silent(*, now: datetime | None = None) -> int:
    """Ask who gave no sign for three years whether they stay, once: at most :data:`BATCH` a call. Returns how many."""
    now = now or timezone.now()
    subscribed = Subscription.objects.active().filter(subscriber=OuterRef("pk"), list__archived_at=None)
    silent = Subscriber.objects.filter(
        Exists(subscribed),
        # Asked before, then heard of, then silent again: asked once more.
        Q(asked_at=None) | Q(asked_at__lte=F("last_contact_at")),
        last_contact_at__lt=silent_since(now),
    )
    keys = list(silent.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)[:BATCH])
    Subscriber.objects.filter(pk__in=keys).update(asked_at=now)
    ledger.queue_many((key, MailKind.STAY, f"{now:%Y-%m-%d}", None) for key in keys)
    return len(keys)


def remove_silent(*, now: datetime | None = None) -> int:
    """Remove, with the proof, who did not answer within a month of the question having left, and who is subscribed to
    nothing since three years: at most :data:`BATCH` a call, each in its own transaction. Returns how many.

    A relay that is away removes nobody. Who was asked may come back as they like; of who had left before, a keyed hash
    stays, so that no import brings them back.
    """
    now = now or timezone.now()
    asked = PersonalMail.objects.filter(
        subscriber=OuterRef("pk"),
        kind=MailKind.STAY,
        state__in=[MailState.SENT, MailState.UNSURE, MailState.GIVEN_UP],
        created_at__gte=OuterRef("asked_at"),
        sent_at__lt=now - ANSWER,
    )
    subscribed = Subscription.objects.active().filter(subscriber=OuterRef("pk"))
    gone = Subscriber.objects.filter(
        Q(Exists(asked), asked_at__gt=F("last_contact_at")) | ~Exists(subscribed),
        last_contact_at__lt=silent_since(now),
    )
    removed = 0
    for key in list(gone.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        removed += _remove(key, gone)
    return removed


@transaction.atomic
def _remove(key: int, gone: object) -> int:
    from .erasure import erase

    # Read again under a lock: an answer may have come meanwhile.
    person = gone.select_for_update(of=("self",)).filter(pk=key).first()  # type: ignore[attr-defined]
    if person is None:
        return 0
    had_left = not Subscription.objects.active().filter(subscriber=person).exists()
    erase(
        subscriber=person,
        source=Source.INACTIVITY,
        suppression=SuppressionReason.ERASURE if had_left else None,
    )
    return 1


@transaction.atomic
def stay(*, subscriber: Subscriber) -> None:
    """« Je reste »: the three years begin again. Idempotent."""
    note_contact(subscriber)
