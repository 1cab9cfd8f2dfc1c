"""What ``manage.py check_reviews`` verifies: one open item a page under review, and none without its review."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from wagtail.models import Page, TaskState, WorkflowState

from ..enums import OPEN_REVIEWS, ReviewOrigin, ReviewState
from ..models import ReviewItem
from . import keeping

STATES = {
    WorkflowState.STATUS_IN_PROGRESS: ReviewState.WAITING,
    WorkflowState.STATUS_NEEDS_CHANGES: ReviewState.CHANGES_REQUESTED,
}


@dataclass(frozen=True)
class Wrong:
    """One thing that is false, as a sentence in French, and what it is about."""

    what: str
    page_id: int | None
    item: ReviewItem | None = None
    state: WorkflowState | None = None


def wrong_reviews() -> list[Wrong]:
    """Everything that is false. A few queries, whatever waits."""
    states: dict[int, WorkflowState] = {}
    running = WorkflowState.objects.active().filter(
        base_content_type__app_label="wagtailcore", base_content_type__model="page"
    )
    for state in running.select_related("current_task_state").order_by("pk"):
        if state.object_id.isdigit():
            states[int(state.object_id)] = state
    known = set(Page.objects.filter(pk__in=states).values_list("pk", flat=True)) if states else set()
    open_items = ReviewItem.objects.filter(state__in=OPEN_REVIEWS).exclude(origin=ReviewOrigin.CORRECTION)
    items = {
        item.page_id: item for item in open_items.select_related("page__fact", "page__latest_revision").order_by("pk")
    }
    wrong = [
        Wrong("une page en relecture manque à la file", pk, state=state)
        for pk, state in states.items()
        if pk in known and pk not in items
    ]
    for pk, item in items.items():
        found = states.get(pk) if pk else None
        if found is None:
            wrong.append(Wrong("rien n’est en relecture", pk, item=item))
            continue
        if item.state != STATES[found.status]:
            wrong.append(Wrong("son état n’est pas celui du circuit", pk, item=item, state=found))
        page = item.page
        fact = getattr(page, "fact", None)
        if fact is not None and fact.space_id and fact.space_id != item.space_id:
            wrong.append(Wrong("elle est dans un autre espace", pk, item=item, state=found))
        editor = page and ((page.latest_revision.user_id if page.latest_revision else None) or page.owner_id)
        if editor != item.last_editor_id:
            wrong.append(Wrong("sa dernière modification est d’une autre personne", pk, item=item, state=found))
    return wrong


@transaction.atomic
def repair(wrong: Wrong) -> None:
    """Make the item what the workflow says. Nobody is told again."""
    item, state = wrong.item, wrong.state
    if state is None:
        if item is not None:
            item = ReviewItem.objects.select_for_update().get(pk=item.pk)
            keeping.settle(item, state=ReviewState.CANCELLED, actor=None, reason="")
        return
    task: TaskState | None = state.current_task_state
    if item is None and task is not None:
        item = keeping.review_started(task, told=False)
    if item is None:
        return
    item = ReviewItem.objects.select_for_update().get(pk=item.pk)
    if item.page is not None:
        keeping.refresh(item, item.page)
    item.state = STATES[state.status]
    item.task_state = task
    item.version += 1
    item.save()
