"""The reminders that leave by themselves, and the end of a delay."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from ..enums import OPEN, Action, OpinionState, RequestState, State
from ..models import ComplementRequest, Opinion, Reminder
from ..rules import DossierRefused
from ..services.transitions import perform
from . import notices, opinions

logger = logging.getLogger(__name__)
#: Days from the due day, at eight in the morning there. The last is without which nothing is held against anybody.
REMINDERS: Final = (("J-7", -7), ("J-2", -2), ("J+1", 1))
OPINION_REMINDERS: Final = (("J-2", -2), ("J+1", 1))
MORNING: Final = dt.time(8)
#: However short the grace: whoever was reminded late has a day.
AFTER_LAST: Final = dt.timedelta(days=1)


def run(now: dt.datetime | None = None) -> dict[str, int]:
    """Everything that days bring. Periodic; run twice, or by two processes, it does the same once."""
    now = now or timezone.now()
    return {"reminded": remind(now), "opinions": remind_advisors(now), "expired": expire(now)}


def remind(now: dt.datetime | None = None) -> int:
    """Remind organisations of open requests: J-7, J-2, J+1. Returns how many reminders left.

    Each is a unique row written with its notices: of two processes one writes it. Of several that are due at once (the
    portal was away) the last alone is sent.
    """
    now = now or timezone.now()
    waiting = ComplementRequest.objects.filter(
        state=RequestState.OPEN,
        dossier__state=State.INCOMPLETE,
        dossier__binned_at=None,
        due_at__lte=now + dt.timedelta(days=9),
    ).select_related("dossier__type", "dossier__territory", "dossier__organisation")
    return _remind(waiting.order_by("due_at", "pk"), REMINDERS, notices.tell_reminder, now)


def remind_advisors(now: dt.datetime | None = None) -> int:
    """The same for avis that are waited for: J-2, J+1."""
    now = now or timezone.now()
    waiting = Opinion.objects.filter(
        state=OpinionState.ASKED,
        dossier__state__in=OPEN,
        dossier__binned_at=None,
        due_at__lte=now + dt.timedelta(days=4),
    ).select_related("advisor", "dossier__type", "dossier__territory", "dossier__organisation")
    return _remind(waiting.order_by("due_at", "pk"), OPINION_REMINDERS, opinions.send_reminder, now)


def _remind(waiting: Iterable[Any], steps: Any, tell: Any, now: dt.datetime) -> int:
    subjects = list(waiting)
    done = set(Reminder.objects.filter(subject__in=[each.pk for each in subjects]).values_list("subject", "kind"))
    sent = 0
    for subject in subjects:
        zone = ZoneInfo(subject.dossier.territory.time_zone)
        due = [
            kind
            for kind, days in steps
            if subject.asked_at < _moment(subject.due_on, days, zone) <= now
            # Before the due date is before it, however late the portal wakes up.
            and (days > 0 or now <= subject.due_at)
        ]
        if not due or (subject.pk, due[-1]) in done:
            continue
        try:
            with transaction.atomic():
                _, new = Reminder.objects.get_or_create(subject=subject.pk, kind=due[-1])
                if new:
                    tell(subject, due[-1])
                    sent += 1
        except Exception:
            # One that fails holds up no other; it is tried again at the next run.
            logger.exception("The reminder %s of %s could not be written.", due[-1], subject.pk)
    return sent


def _moment(day: dt.date, days: int, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=days), MORNING, zone)


def expire(now: dt.datetime | None = None) -> int:
    """Note that requests were not answered in time: due date and grace passed, a day after the last reminder.

    Returns how many. Each by itself, through the one service of transitions: what was answered meanwhile is refused
    there.
    """
    now = now or timezone.now()
    overdue = ComplementRequest.objects.filter(
        state=RequestState.OPEN, dossier__state=State.INCOMPLETE, dossier__binned_at=None, due_at__lt=now
    ).select_related("dossier__type")
    requests = list(overdue.order_by("due_at", "pk"))
    last = dict(
        Reminder.objects.filter(subject__in=[each.pk for each in requests], kind=REMINDERS[-1][0]).values_list(
            "subject", "at"
        )
    )
    expired = 0
    for request in requests:
        reminded = last.get(request.pk)
        grace = dt.timedelta(days=request.dossier.type.grace_days)
        if reminded is None or reminded + AFTER_LAST > now or request.due_at + grace > now:
            continue
        try:
            perform(Action.EXPIRE, dossier=request.dossier_id, actor=None, version=None)
            expired += 1
        except DossierRefused:
            continue
        except Exception:
            logger.exception("The delay of request %s could not be ended.", request.pk)
    return expired
