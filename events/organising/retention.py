"""The end of personal data: after the period an event sets, and at a person's own request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from portal.core.personal_data import Record

from ..enums import ACTIVE, EventMailState
from ..models import EventMail, Registration
from ..registration import services
from ..registration.forms import answers_in_words
from ..registration.rules import RegistrationRefused

_BATCH = 500
_EMPTY = {"name": "", "email": "", "organisation": "", "needs": "", "answers": {}, "reason": ""}
# What makes addresses one is unique among those registered to a date: each row has its own, that says nothing.
_NO_KEY = Concat(Value("-"), Cast("id", CharField()))


def empty(rows: QuerySet[Registration], now: datetime) -> int:
    """Take the person out of registrations: the rows stay and count. Returns how many."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH])
    with transaction.atomic():
        EventMail.objects.filter(registration__in=keys, state=EventMailState.WAITING).update(
            state=EventMailState.SKIPPED
        )
        # A refusal's reason, a message: what was written to them goes too; that a mail left stays.
        EventMail.objects.filter(registration__in=keys).update(context={})
        return Registration.objects.filter(pk__in=keys).update(**_EMPTY, email_key=_NO_KEY, user=None, purged_at=now)


def purge_registrations(*, now: datetime | None = None) -> int:
    """Empty the registrations whose event's period has passed; returns how many. Idempotent, in batches: a job."""
    now = now or timezone.now()
    total = 0
    for days in set(_periods()):
        due = Registration.objects.filter(
            purged_at=None,
            occurrence__ends_at__lt=now - timedelta(days=days),
            occurrence__page__retention_days=days,
        )
        while count := empty(due, now):
            total += count
    return total


def _periods() -> list[int]:
    """The periods in use among events that hold registrations not yet emptied. One query."""
    found = Registration.objects.filter(purged_at=None).order_by()
    return list(found.values_list("occurrence__page__retention_days", flat=True).distinct())


# --- A person's own data --------------------------------------------------------------------------------------------
def of_person(user: Any) -> QuerySet[Registration]:
    """What is held of somebody: what they made signed in, and what bears their verified address."""
    return Registration.objects.filter(Q(user=user) | Q(email_key=services.email_key(user.email)), purged_at=None)


def export_person(user: Any) -> list[Record]:
    found = of_person(user).select_related("occurrence__page").prefetch_related("occurrence__page__questions")
    return [
        {
            "Événement": one.occurrence.shown_title,
            "Date": one.occurrence.when,
            "État": one.get_state_display(),
            "Nom": one.name,
            "Adresse e-mail": one.email,
            "Structure": one.organisation,
            "Besoin particulier": one.needs,
            "Inscription le": one.created_at,
            "Réponses": [
                f"{label} {text}" for label, text in answers_in_words(one, one.occurrence.page.questions.all())
            ],
        }
        for one in found.order_by("created_at", "pk")
    ]


def erase_person(user: Any) -> None:
    """Withdraw what is to come (the seat goes to who waits), then empty every row."""
    now = timezone.now()
    for one in of_person(user).filter(state__in=ACTIVE, occurrence__starts_at__gt=now).order_by("pk"):
        try:
            services.withdraw(registration=one, actor=None)
        except RegistrationRefused:
            continue
    while empty(of_person(user), now):
        pass
