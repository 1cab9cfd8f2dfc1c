"""What the queue and its menu read: a constant number of queries, whatever waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from portal.accounts.models import User
from portal.territories.models import Space, Territory, TerritoryLink

from ..enums import ReviewState
from ..models import ReviewItem
from .deciders import candidates, own_territories, spaces_reviewed_by
from .rights import reviews_for

MOST_COUNTED = 99


def mine(user: Any) -> Q:
    """What is for ``user`` to read first: their own territories', what is called up to them, what is given to them."""
    if user.is_superuser:
        return Q()
    own = own_territories(user)
    return Q(space__territory__in=own) | Q(escalated_to__in=own) | Q(assignee=user.pk)


def waiting_count(user: Any) -> int:
    """How many wait for ``user``, counted no further than :data:`MOST_COUNTED` + 1. Two queries at most."""
    waiting = reviews_for(user).filter(mine(user), state=ReviewState.WAITING)
    return waiting.order_by().values("pk")[: MOST_COUNTED + 1].count()


def queue(
    user: Any,
    *,
    scope: str = "mine",
    state: str = ReviewState.WAITING,
    space: Space | None = None,
    territory: Territory | None = None,
    kind: str = "",
    origin: str = "",
    assignee: str = "",
    late: bool = False,
    text: str = "",
    newest: bool = False,
    now: datetime | None = None,
) -> QuerySet[ReviewItem]:
    """The reviews of ``user``, oldest first. ``scope`` "all" adds those of the territories inside theirs.

    ``assignee``: "me", "nobody" or empty. ``late``: past three working days.
    """
    found = reviews_for(user).filter(state=state) if state else reviews_for(user)
    if scope != "all":
        found = found.filter(mine(user))
    if space is not None:
        found = found.filter(space=space)
    if territory is not None:
        found = found.filter(territory__in=TerritoryLink.objects.filter(ancestor=territory).values("descendant"))
    if kind:
        found = found.filter(kind=kind)
    if origin:
        found = found.filter(origin=origin)
    if assignee:
        found = found.filter(assignee=user.pk if assignee == "me" else None)
    if late:
        found = found.filter(state=ReviewState.WAITING, due_at__lte=now or timezone.now())
    if text:
        found = found.filter(Q(title__icontains=text) | Q(requested_label__icontains=text))
    return found.order_by(*(("-submitted_at", "-pk") if newest else ("submitted_at", "pk")))


def with_names(items: QuerySet[ReviewItem]) -> QuerySet[ReviewItem]:
    """The same, with everything a row or a screen names, in the same query."""
    return items.select_related(
        "space__territory", "territory", "requested_by", "last_editor", "assignee", "decided_by", "escalated_to", "page"
    )


def spaces_of(user: Any) -> QuerySet[Space]:
    """The open spaces a person may filter by, by name."""
    spaces = spaces_reviewed_by(user)
    spaces = Space.objects.all() if spaces is None else spaces
    return spaces.filter(closed_at=None).select_related("territory").order_by("territory__name", "pk")


def may_be_given_to(item: ReviewItem) -> list[User]:
    """Those a review may be given to: who may decide in its space, its last editor left out."""
    return candidates(item.space, without=item.last_editor_id)


def history(page: Page) -> QuerySet[PageLogEntry]:
    """What was decided on a page, latest first."""
    return (
        PageLogEntry.objects.filter(page=page.pk)
        .filter(Q(action__startswith="wagtail.workflow") | Q(action__startswith="pages.review"))
        .select_related("user")
        .order_by("-timestamp", "-pk")[:50]
    )


def duplicates(item: ReviewItem) -> list[Page]:
    """Other pages with the same title, in the portal or waiting: at most five."""
    if item.page_id is None or not item.title:
        return []
    found = Page.objects.filter(Q(title__iexact=item.title) | Q(draft_title__iexact=item.title), live=True)
    return list(found.exclude(pk=item.page_id).order_by("-last_published_at", "pk")[:5])
