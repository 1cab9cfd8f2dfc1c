"""The default workflow of spaces: one review by whoever may publish there."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

from portal.territories.models import Space

DEFAULT_TASK = "pages.SpaceReviewTask"
NAME = "Relecture par l'équipe de l'espace"


def default_workflow() -> Workflow:
    """The workflow that spaces share, made where it is missing. Its task's class is ``settings.SPACE_REVIEW_TASK``."""
    model = apps.get_model(getattr(settings, "SPACE_REVIEW_TASK", DEFAULT_TASK))
    link = WorkflowTask.objects.select_related("workflow").filter(
        workflow__active=True, task__in=model.objects.values("pk")
    )
    found = link.order_by("pk").first()
    if found is not None:
        return found.workflow
    workflow = Workflow.objects.create(name=NAME)
    WorkflowTask.objects.create(workflow=workflow, task=model.objects.create(name=NAME), sort_order=0)
    return workflow


def ensure_workflow(space: Space) -> Workflow:
    """The workflow of ``space``, the shared one unless it was given another, attached to its page."""
    if space.workflow is None:
        space.workflow = default_workflow()
        space.save(update_fields=["workflow"])
    WorkflowPage.objects.update_or_create(page_id=space.page_id, defaults={"workflow": space.workflow})
    return space.workflow
