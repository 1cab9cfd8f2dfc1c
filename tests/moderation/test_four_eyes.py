"""Nobody approves alone what they last edited, whatever the door; nobody publishes around a review."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import Page

from pages.models import ReviewItem, SpaceReviewTask
from pages.moderation import services
from pages.moderation.errors import FourEyesError
from tests.factories import make_user

from .factories import draft, review, submit


def actions(page, user):
    return {name for name, _, _ in page.current_workflow_task.get_actions(page, user)}


def test_the_last_editor_is_not_offered_to_approve(landes_space, editor, colleague):
    item = review(landes_space, editor)
    page = item.page.specific
    assert actions(page, editor) == {"reject"}
    assert actions(page, colleague) == {"reject", "approve"}


@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_the_last_editor_is_refused_by_every_door(client, landes_space, editor, who):
    author = editor if who == "editor" else make_user(is_superuser=True)
    item = review(landes_space, author)
    client.force_login(author)
    page, task = item.page, item.task_state
    action = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    client.post(action, {"comment": ""})
    client.post(reverse("review_item", args=[item.pk]), {"decision": "approve", "version": item.version})
    several = {"action": "approve", "relecture": [item.pk], f"version-{item.pk}": item.version, "confirmer": "1"}
    client.post(reverse("review_several"), several)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={page.pk}&next=/admin/", {})
    with pytest.raises(FourEyesError):
        services.approve(item=item, actor=author, version=item.version)
    with pytest.raises(PermissionDenied):
        page.specific.get_latest_revision().publish(user=author)
    SpaceReviewTask.objects.get().on_action(task, author, "approve")  # Written moments ago: left to somebody else.
    item.refresh_from_db()
    page = Page.objects.get(pk=page.pk)
    assert (page.live, item.state) == (False, "waiting")


def test_an_approval_long_after_the_edition_is_an_error(landes_space, editor, monkeypatch):
    from datetime import timedelta

    from pages.models import reviews

    item = review(landes_space, editor)
    monkeypatch.setattr(reviews, "SAME_REQUEST", timedelta(0))
    with pytest.raises(PermissionDenied):
        SpaceReviewTask.objects.get().on_action(item.task_state, editor, "approve")


def test_a_moderator_who_corrects_leaves_it_to_another(landes_space, contributor, editor, colleague):
    item = review(landes_space, contributor)
    page = item.page.specific
    page.title = "Corrigée"
    page.save_revision(user=editor)
    before, item = item, ReviewItem.objects.get(pk=item.pk)
    assert (item.last_editor, item.title) == (editor, "Corrigée")
    assert item.version > before.version
    with pytest.raises(FourEyesError):
        services.approve(item=item, actor=editor, version=item.version)
    services.approve(item=item, actor=colleague, version=item.version)
    page.refresh_from_db()
    assert (page.live, page.title) == (True, "Corrigée")


def test_changes_made_while_approving_are_kept_and_approved_by_another(client, landes_space, contributor, editor):
    """Wagtail's editor saves and approves in one request."""
    item = review(landes_space, contributor)
    page = item.page.specific
    client.force_login(editor)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {"title": "Un titre plus clair", "body-count": "0"}
    data |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    for name in form.formsets:
        data |= {f"{name}-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    data |= {"action-workflow-action": "1", "workflow-action-name": "approve", "workflow-action-extra-data": "{}"}
    response = client.post(address, {key: value for key, value in data.items() if value is not False}, follow=True)
    item.refresh_from_db()
    page = Page.objects.get(pk=page.pk)
    assert (item.state, item.title, item.last_editor, page.live) == ("waiting", "Un titre plus clair", editor, False)
    assert "une autre doit l’approuver" in response.content.decode()


@pytest.mark.parametrize("door", ["editor", "tester", "bulk"])
def test_nobody_publishes_around_a_review(client, landes_space, editor, colleague, door):
    item = review(landes_space, editor)
    page = item.page.specific
    rights = page.permissions_for_user(colleague)
    assert not rights.can_publish()
    assert rights.can_set_view_restrictions()
    client.force_login(colleague)
    if door == "bulk":
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        client.post(f"{address}?id={page.pk}&next=/admin/")
    elif door == "editor":
        assert "action-publish" not in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert not Page.objects.get(pk=page.pk).live


def test_an_editor_publishes_their_own_page_and_takes_back_what_they_submitted(landes_space, editor):
    """The role table: « publish inside scope ». What one asked to be read, one may stop asking."""
    page = draft(landes_space, editor)
    assert page.permissions_for_user(editor).can_publish()
    item = submit(page, editor)
    state = page.current_workflow_state
    assert state.user_can_cancel(editor)
    state.cancel(user=editor)
    item.refresh_from_db()
    assert item.state == "cancelled"
    assert page.permissions_for_user(editor).can_publish()


def test_who_edited_last_does_not_cancel_the_review_of_another(landes_space, contributor, editor, colleague):
    item = review(landes_space, contributor)
    page = item.page.specific
    page.save_revision(user=editor)
    assert not page.current_workflow_state.user_can_cancel(editor)
    assert page.current_workflow_state.user_can_cancel(colleague)
