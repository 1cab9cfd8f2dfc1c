"""What people choose to hear of by mail."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User

from ..enums import Frequency, MailState
from ..models import Notice, Preference
from ..registry import category_of, kinds_in
from .telling import due_at


@transaction.atomic
def set_frequencies(*, actor: User, frequencies: Mapping[str, str]) -> None:
    """Set how often the actor hears of each category ({category: frequency}); others stay as they are.

    What waits to be mailed follows: muted, it is not sent; asked for at once, it leaves with the next wake-up. Kinds
    that cannot be muted are not concerned. Raises ``ValueError`` on an unknown category or frequency.
    """
    now = timezone.now()
    for key, value in frequencies.items():
        if category_of(key) is None or value not in Frequency.values:
            raise ValueError(f"{key}: {value}")
        Preference.objects.update_or_create(user=actor, category=key, defaults={"frequency": value})
        kinds = [one.kind for one in kinds_in(key) if one.can_be_muted]
        # Those a process is sending right now are not taken back.
        Notice.objects.of(actor).filter(kind__in=kinds, mail=MailState.WAITING, claim=None).update(
            frequency=value,
            due_at=due_at(actor, value, now),
            mail=MailState.NONE if value == Frequency.NONE else MailState.WAITING,
        )
