"""Who may see and decide what waits. Asked again by every service, under the lock."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from portal.accounts.abilities import can
from portal.accounts.rules import Ability

from ..models import ReviewItem
from .deciders import spaces_reviewed_by


def reviews_for(user: Any) -> QuerySet[ReviewItem]:
    """The reviews of the spaces where ``user`` reviews, corrections of their own pages included."""
    spaces = spaces_reviewed_by(user)
    return ReviewItem.objects.all() if spaces is None else ReviewItem.objects.filter(space__in=spaces)


def may_decide(user: Any, item: ReviewItem) -> bool:
    """Whether ``user`` reviews in the item's space, which must be open. Four eyes are not looked at here."""
    return bool(user.is_active) and item.space.is_open and can(user, Ability.REVIEW, item.space)


def may_approve(user: Any, item: ReviewItem) -> bool:
    """Whether ``user`` may also approve it: they did not write it last."""
    return item.last_editor_id != user.pk
