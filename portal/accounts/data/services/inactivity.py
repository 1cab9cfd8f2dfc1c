"""Accounts nobody uses: told twice, then erased. Run by ``tick``."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.core.templatetags.portal_tags import fr_date
from portal.notifications.enums import MailState
from portal.notifications.models import Notice
from portal.notifications.services import notify

from ...models import Membership, User
from ...rules import NATIONAL_ROLES
from ..enums import Origin
from ..kinds import Inactive, InactiveAdministrator
from .erasure import erase_account

AT_ONCE = 500
FIRST, FINAL = "first", "final"


def watch_inactive(now: dt.datetime | None = None) -> dict[str, int]:
    """Tell, or erase, those who have not signed in for long; returns how many ("first", "final", "erased", "admins").

    After ``INACTIVITY_FIRST_NOTICE_DAYS`` a first notice; after ``INACTIVITY_FINAL_NOTICE_DAYS`` (and no sooner than
    ``INACTIVITY_GRACE_DAYS`` after the first) a second; ``INACTIVITY_GRACE_DAYS`` after its mail left, erasure. Signing
    in at any time starts again. Who administers the portal is told, never erased. Accounts disabled by somebody cannot
    be told: they are erased after ``INACTIVITY_DISABLED_DAYS``. Idempotent: each notice is unique.
    """
    now = now or timezone.now()
    done = {FIRST: 0, FINAL: 0, "erased": 0, "admins": 0}
    administrators = set(
        Membership.objects.valid().filter(role__in=NATIONAL_ROLES).order_by("pk").values_list("user", flat=True)
    )
    idle = list(_idle(now).filter(is_active=True).order_by("seen_at", "pk")[:AT_ONCE])
    told = _told(idle)
    for person in idle:
        seen: dt.datetime = person.seen_at  # type: ignore[attr-defined]
        if person.pk in administrators or person.is_superuser:
            event = f"inactive-admin:{seen:%Y-%m-%d}"
            context = {"last": fr_date(seen)}
            done["admins"] += notify(InactiveAdministrator.kind, recipients=[person], event=event, context=context)
            continue
        first, final = (told.get((person.pk, _event(step, seen))) for step in (FIRST, FINAL))
        if first is None:
            done[FIRST] += _tell(person, FIRST, seen, now)
        elif final is None:
            rested = now - first.created_at >= _days("GRACE")
            if rested and now - seen >= _days("FINAL_NOTICE"):
                done[FINAL] += _tell(person, FINAL, seen, now)
        elif _was_told(final) and now - (final.sent_at or final.created_at) >= _days("GRACE"):
            erase_account(user=person, origin=Origin.INACTIVE)
            done["erased"] += 1
    for person in _disabled(now).order_by("pk")[:AT_ONCE]:
        erase_account(user=person, origin=Origin.INACTIVE)
        done["erased"] += 1
    return done


def _days(name: str) -> dt.timedelta:
    return dt.timedelta(days=getattr(settings, f"INACTIVITY_{name}_DAYS"))


def _seen() -> QuerySet[User]:
    """People with ``seen_at``: their last sign-in, or the day they joined."""
    return User.objects.annotate(seen_at=Coalesce("last_login", "date_joined"))


def _idle(now: dt.datetime) -> QuerySet[User]:
    return _seen().filter(seen_at__lte=now - _days("FIRST_NOTICE"))


def _disabled(now: dt.datetime) -> QuerySet[User]:
    """Accounts disabled by somebody and left so; one whose erasure is pending has its own day."""
    left = _seen().filter(is_active=False, seen_at__lte=now - _days("DISABLED"))
    return left.exclude(Q(erasures__done_at__isnull=False) | Q(erasures__cancelled_at=None, erasures__isnull=False))


def _event(step: str, seen: dt.datetime) -> str:
    return f"inactive-{step}:{seen:%Y-%m-%d}"


def _told(people: list[User]) -> dict[tuple[int, str], Notice]:
    """The notices they had, by (person, event). One query."""
    found = Notice.objects.filter(recipient__in=people, kind=Inactive.kind).order_by("pk")
    return {(notice.recipient_id, notice.event): notice for notice in found}


def _tell(person: User, step: str, seen: dt.datetime, now: dt.datetime) -> int:
    left = _days("GRACE") if step == FINAL else max(seen + _days("FINAL_NOTICE") - now, _days("GRACE")) + _days("GRACE")
    context = {"last": fr_date(seen), "until": fr_date(now + left), "final": step == FINAL}
    return notify(
        Inactive.kind, recipients=[person], event=_event(step, seen), url=settings.LOGIN_REDIRECT_URL, context=context
    )


def _was_told(notice: Notice) -> bool:
    """Whether its mail left (or never could): a relay that is away erases nobody."""
    return notice.mail in (MailState.SENT, MailState.GIVEN_UP)
