"""Wagtail's own groups and workflow: gone as long as nobody uses them."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from pages.services import ensure_site
from tests.factories import make_user

pytestmark = pytest.mark.django_db
GROUPS = ("Editors", "Moderators")


def names() -> set[str]:
    return {*Group.objects.filter(name__in=GROUPS).values_list("name", flat=True)}


def wagtails_own() -> Workflow:
    """What Wagtail's migrations make."""
    for name in GROUPS:
        Group.objects.get_or_create(name=name)
    task = GroupApprovalTask.objects.create(name="Moderators approval")
    task.groups.add(Group.objects.get(name="Moderators"))
    workflow = Workflow.objects.create(name="Moderators approval")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def test_a_new_site_has_none_of_wagtails_groups_and_workflows():
    assert names() == set()
    assert not Workflow.objects.filter(name="Moderators approval").exists()


def test_unused_they_go_and_again_nothing_changes():
    workflow = wagtails_own()
    WorkflowPage.objects.create(page=Page.get_first_root_node(), workflow=workflow)
    pages = Page.objects.count()
    for _ in range(2):
        ensure_site()
        assert names() == set()
        assert not Workflow.objects.filter(name="Moderators approval").exists()
        assert not GroupApprovalTask.objects.filter(name="Moderators approval").exists()
        assert Page.objects.count() == pages


def test_a_group_that_somebody_is_in_stays():
    wagtails_own()
    make_user().groups.add(Group.objects.get(name="Editors"))
    ensure_site()
    assert names() == {"Editors"}


def test_a_workflow_of_a_page_stays_with_its_group():
    page = ensure_site().get_children().order_by("pk")[0]
    workflow = wagtails_own()
    WorkflowPage.objects.create(page=page, workflow=workflow)
    ensure_site()
    assert Workflow.objects.filter(pk=workflow.pk).exists()
    assert names() == {"Moderators"}
