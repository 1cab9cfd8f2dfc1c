"""The review of a space's pages, as a task of Wagtail's workflows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, Task, TaskState
from wagtail.permissions import policy_registry

from ..moderation.four_eyes import REFUSED, is_last_editor

SAME_REQUEST = timedelta(seconds=20)


class SpaceReviewTask(Task):
    """Whoever may publish in a page's space reviews it: its editors, those above, the national administration.

    One task serves every space. A group task a space would cost the admin's home page a query and a nested condition
    each; here who reviews follows page permissions, wherever the page moves. Four eyes: the last editor of a page
    may ask for changes, never approve (docs/moderation.md).
    """

    class Meta:
        verbose_name = "relecture par l'équipe de l'espace"
        verbose_name_plural = "relectures par l'équipe de l'espace"

    def may_review(self, page: Page, user: Any) -> bool:
        """Whether ``user`` may approve ``page`` or ask for changes."""
        return bool(policy_registry.get(page).user_has_permission_for_instance(user, "publish", page))

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Begin the review; a page locked by somebody who may not review it is unlocked."""
        page = workflow_state.content_object
        if page.locked_by and not self.may_review(page, page.locked_by):
            page.locked, page.locked_by, page.locked_at = False, None, None
            page.save(update_fields=["locked", "locked_by", "locked_at"])
        return super().start(workflow_state, user=user)

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        return self.may_review(obj, user)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        return not self.may_review(obj, user)

    def user_can_lock(self, obj: Page, user: Any) -> bool:
        return self.may_review(obj, user)

    def user_can_unlock(self, obj: Page, user: Any) -> bool:
        return False

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        if not self.may_review(obj, user):
            return []
        actions = [("reject", "Demander des changements", True)]
        if not is_last_editor(obj, user):
            actions += [("approve", "Approuver", False), ("approve", "Approuver avec un commentaire", True)]
        return actions

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Wagtail's, on the state as the database has it now. Raises ``PermissionDenied`` on who may not, or may not
        approve: hidden buttons are no refusal.

        Who changed the page in the same request as they approve it (the editor's form does both) is not refused with
        an error: the changes are kept, the approval is left to somebody else, and ``user.review_left`` says so to
        the screen (:mod:`pages.moderation.editor`).
        """
        held = TaskState.objects.select_for_update(of=("self",)).select_related("workflow_state").get(pk=task_state.pk)
        page = held.workflow_state.content_object
        if not self.may_review(page, user):
            raise PermissionDenied
        if action_name == "approve" and is_last_editor(page, user):
            if self._just_edited(held, user):
                user.review_left = page.pk
                return
            raise PermissionDenied(REFUSED)
        held = held.specific
        super().on_action(held, user, action_name, **kwargs)

    def _just_edited(self, held: TaskState, user: Any) -> bool:
        """Whether ``user`` wrote the revision at hand moments ago: in the request that would approve it."""
        written = held.revision.created_at
        return held.revision.user_id == user.pk and timezone.now() - written < SAME_REQUEST

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        """What waits for ``user``, in one condition however many spaces they have."""
        pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "publish")
        ids = pages.order_by().annotate(_key=Cast("pk", CharField())).values("_key")
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS, workflow_state__object_id__in=ids)

    @classmethod
    def get_description(cls) -> str:
        return "Les personnes qui publient dans l'espace de la page la relisent."
