"""What happens when a review ends well: named by ``settings.WAGTAIL_FINISH_WORKFLOW_ACTION``.

Wagtail reads the setting while its models are made: nothing here imports a model at once.
"""

from __future__ import annotations

from typing import Any


def publish_reviewed(workflow_state: Any, user: Any = None) -> None:
    """Publish the reviewed page. Rights and four eyes were checked by the task (``SpaceReviewTask.on_action``) and by
    :func:`pages.moderation.services.approve`; direct publication, which is held back meanwhile, is not."""
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=True)
