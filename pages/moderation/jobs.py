"""Reminders after three working days, escalation after six. Run by ``manage.py tick``; each idempotent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from portal.notifications.services import notify

from ..enums import ReviewState
from ..models import ReviewItem
from .deciders import nearest, team_above
from .keeping import address_of, context_of, give_back

# A run does so many; the next does the rest.
LOT = 500


def remind(now: datetime | None = None) -> int:
    """Tell those who may decide what waits for three working days; returns how many items. Once a submission."""
    now = now or timezone.now()
    keys = _late().filter(reminded_at=None, due_at__lte=now).order_by("due_at", "pk").values_list("pk", flat=True)
    return sum(_remind(key, now) for key in list(keys[:LOT]))


def escalate(now: datetime | None = None) -> int:
    """Show what waits for six working days to the level above, and tell them; returns how many items."""
    now = now or timezone.now()
    keys = _late().filter(escalates_at__lte=now).order_by("escalates_at", "pk").values_list("pk", flat=True)
    return sum(_escalate(key, now) for key in list(keys[:LOT]))


def _late() -> QuerySet[ReviewItem]:
    return ReviewItem.objects.filter(state=ReviewState.WAITING, space__closed_at=None)


def _lock(key: object) -> ReviewItem | None:
    return (
        ReviewItem.objects.select_for_update(of=("self",))
        .filter(pk=key, state=ReviewState.WAITING)
        .select_related("space__territory", "escalated_to", "assignee", "page", "territory")
        .first()
    )


@transaction.atomic
def _remind(key: object, now: datetime) -> int:
    item = _lock(key)
    if item is None or item.reminded_at is not None:
        return 0
    give_back(item)
    team = nearest(item.space, without=item.last_editor_id)
    people = [item.assignee] if item.assignee else list(team.people if team else ())
    notify(
        "moderation.reminder",
        recipients=people,
        event=f"{item.pk}:{item.submitted_at:%Y%m%d%H%M%S}",
        url=address_of(item),
        context=context_of(item),
    )
    item.reminded_at = now
    item.save(update_fields=["reminded_at", "assignee"])
    return 1


@transaction.atomic
def _escalate(key: object, now: datetime) -> int:
    item = _lock(key)
    if item is None or item.escalates_at is None or item.escalates_at > now:
        return 0
    called = item.escalated_to or item.space.territory
    team = team_above(item.space, called, without=item.last_editor_id)
    # Once: the next level is called once, and the highest is not called again.
    item.escalates_at = None
    if team is not None:
        item.escalated_at, item.escalated_to = now, team.territory
        notify(
            "moderation.escalated",
            recipients=team.people,
            event=f"{item.pk}:{item.submitted_at:%Y%m%d%H%M%S}:{team.territory.pk}",
            url=address_of(item),
            context=context_of(item),
        )
        if item.page:
            log(
                instance=item.page,
                action="pages.review_escalated",
                data={"item": str(item.pk), "territory": team.territory.key},
            )
    item.save(update_fields=["escalates_at", "escalated_at", "escalated_to"])
    return 1 if team else 0
