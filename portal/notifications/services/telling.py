"""Telling people something: rows in the caller's transaction, mail after it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User

from .. import tasks
from ..enums import Frequency, MailState
from ..models import Notice, Preference
from ..registry import Notification, category_of, kind_of
from ..times import next_digest

# People are told in lots: the number of parameters of one statement is limited.
LOT = 400


@transaction.atomic
def notify(
    kind: str, *, recipients: Iterable[User], event: str, url: str = "", context: dict[str, Any] | None = None
) -> int:
    """Tell ``recipients`` that ``event`` happened; returns how many had not been told.

    ``recipients``: people (or a queryset of them); those disabled are left out, each is told once by (kind, event)
    however often it is called. ``event`` names what happened, in 200 characters. ``url`` is where the thing is, in the
    portal: of an absolute address, the path is kept. ``context`` holds plain values, given to the kind's texts.
    Side effects: rows in the caller's transaction; the mails that leave at once, by a task on commit. Raises
    ``KeyError`` on a kind that is not registered, ``ValueError`` on an event that is empty or too long.
    """
    told = kind_of(kind)
    if not event or len(event) > Notice._meta.get_field("event").max_length:  # type: ignore[operator]
        raise ValueError(f"{kind}: an event is named in 1 to 200 characters.")
    context = context or {}
    common = {
        "kind": kind,
        "event": event,
        "subject": " ".join(told.subject(context).split())[:200],
        "text": told.text(context).strip(),
        "url": _path(url),
        "context": context,
    }
    now, made, at_once = timezone.now(), 0, False
    for keys in _lots(recipients):
        rows = _rows(told, keys, common, now)
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        new = set(Notice.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        made += len(new)
        at_once = at_once or any(row.frequency == Frequency.INSTANT for row in rows if row.pk in new)
    if at_once:
        # A task that cannot be queued is no loss: the rows wait, and ``tick`` comes by every minute.
        transaction.on_commit(tasks.send_notices.enqueue, robust=True)
    return made


def _rows(told: Notification, keys: list[int], common: dict[str, Any], now: dt.datetime) -> list[Notice]:
    """The rows of one lot of people, two queries."""
    people = User.objects.filter(pk__in=keys, is_active=True).select_related("territory").order_by("pk")
    chosen = dict(
        Preference.objects.filter(user__in=keys, category=told.category).order_by("pk").values_list("user", "frequency")
    )
    category = category_of(told.category)
    default = category.default if category else Frequency.INSTANT
    rows = []
    for person in people:
        frequency = Frequency(chosen.get(person.pk, default)) if told.can_be_muted else Frequency.INSTANT
        rows.append(
            Notice(
                id=uuid.uuid4(),
                recipient=person,
                created_at=now,
                frequency=frequency,
                mail=MailState.NONE if frequency == Frequency.NONE else MailState.WAITING,
                due_at=due_at(person, frequency, now),
                **common,
            )
        )
    return rows


def due_at(person: User, frequency: str, now: dt.datetime) -> dt.datetime | None:
    """From when a mail of this frequency leaves; None for no mail."""
    if frequency == Frequency.NONE:
        return None
    return now if frequency == Frequency.INSTANT else next_digest(person, frequency, now)


def _lots(recipients: Iterable[User]) -> Iterator[list[int]]:
    """The keys of the people, each once, in lots."""
    keys = iter(dict.fromkeys(person.pk for person in recipients if person is not None and person.pk is not None))
    while lot := list(islice(keys, LOT)):
        yield lot


def _path(url: str) -> str:
    """The path, query and fragment of an address: a notification leads nowhere else than into the portal."""
    if not url:
        return ""
    parts = urlsplit(url)
    path = parts._replace(scheme="", netloc="", path="/" + parts.path.lstrip("/\\")).geturl()
    return path if len(path) <= 500 else ""
