"""The queue's rows follow Wagtail's workflows, wherever they are decided."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from pages.models import FieldComment, ReviewItem
from pages.moderation import services
from pages.moderation.errors import AlreadyDecidedError, NotAllowedError, ReviewError
from pages.moderation.signals import review_decided
from pages.services import close_territory_space, open_territory_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.notifications.models import Notice
from portal.territories.models import Territory
from tests.factories import make_member, make_news, section

from .factories import review, submit


@pytest.fixture
def decided():
    found = []

    def keep(sender, item, actor, **kwargs):
        found.append((item.state, actor))

    review_decided.connect(keep)
    yield found
    review_decided.disconnect(keep)


def kinds(user):
    return sorted(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


def test_a_submitted_page_waits(landes_space, landes, editor, colleague, regional):
    item = review(landes_space, editor, title="La fête du numérique")
    assert (item.state, item.origin, item.title, item.kind) == ("waiting", "edition", "La fête du numérique", "news")
    assert (item.space, item.territory, item.requested_by, item.last_editor) == (landes_space, landes, editor, editor)
    assert item.due_at < item.escalates_at
    assert item.escalated_to is None
    assert kinds(colleague) == ["moderation.new"]
    assert kinds(regional) == kinds(editor) == []


def test_the_page_of_a_sole_editor_goes_to_the_level_above(client, landes_space, editor, regional, nouvelle_aquitaine):
    item = review(landes_space, editor)
    assert item.escalated_to == nouvelle_aquitaine
    assert kinds(regional) == ["moderation.escalated"]
    client.force_login(editor)
    shown = client.get(reverse("review_item", args=[item.pk])).content.decode()
    assert "Personne d’autre ne relit dans l’espace Landes" in shown
    assert "elle revient à l’équipe «&nbsp;Nouvelle-Aquitaine&nbsp;»" in shown
    services.approve(item=item, actor=regional, version=item.version)
    assert kinds(editor) == ["moderation.decided"]


def test_approval_publishes_tells_and_logs(landes_space, editor, colleague, decided):
    item = review(landes_space, editor)
    done = services.approve(item=item, actor=colleague, version=item.version, comment="Très bien")
    item.refresh_from_db()
    item.page.refresh_from_db()
    assert item.page.live
    assert (item.state, item.decided_by, item.reason, done.pk) == ("approved", colleague, "Très bien", item.pk)
    assert decided == [("approved", colleague)]
    assert item.page.current_workflow_state is None
    assert (
        PageLogEntry.objects.filter(page=item.page_id, action="wagtail.workflow.approve", user=colleague).count() == 1
    )


def test_changes_asked_for_then_answered(landes_space, editor, colleague, decided):
    item = review(landes_space, editor)
    services.request_changes(
        item=item,
        actor=colleague,
        version=item.version,
        comments=[("lead", "Plus court"), ("", "Bravo"), ("body", " ")],
    )
    item.refresh_from_db()
    assert item.state == "changes_requested"
    assert list(item.comments.values_list("field", "text")) == [("lead", "Plus court"), ("", "Bravo")]
    assert decided == [("changes_requested", colleague)]
    page = item.page.specific
    page.lead = "Court"
    page.save_revision(user=editor)
    first = item.submitted_at
    page.current_workflow_state.resume(user=editor)
    item.refresh_from_db()
    assert (item.state, item.decided_at, item.decided_by) == ("waiting", None, None)
    assert item.submitted_at > first
    services.approve(item=item, actor=colleague, version=item.version)
    assert not FieldComment.objects.filter(item=item, resolved_at=None).exists()


def test_a_refusal_ends_the_review_and_keeps_the_draft(landes_space, editor, colleague, decided):
    item = review(landes_space, editor)
    with pytest.raises(ReviewError, match="motif"):
        services.refuse(item=item, actor=colleague, version=item.version, reason="  ")
    services.refuse(item=item, actor=colleague, version=item.version, reason="Hors sujet")
    item.refresh_from_db()
    item.page.refresh_from_db()
    assert (item.state, item.reason, item.page.live) == ("refused", "Hors sujet", False)
    assert item.page.current_workflow_state is None
    assert decided == [("refused", colleague)]
    assert PageLogEntry.objects.filter(page=item.page_id, action="pages.review_refused").count() == 1


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_what_is_decided_in_wagtails_editor_is_decided_here(client, landes_space, editor, colleague, decided, action):
    item = review(landes_space, editor)
    client.force_login(colleague)
    address = reverse("wagtailadmin_pages:workflow_action", args=[item.page_id, action, item.task_state_id])
    client.post(address, {"comment": "Le titre est faux"})
    item.refresh_from_db()
    state = {"approve": "approved", "reject": "changes_requested"}[action]
    assert (item.state, item.decided_by) == (state, colleague)
    assert decided == [(state, colleague)]
    if action == "reject":
        assert item.comments.get().text == "Le titre est faux"


def test_the_second_of_two_is_told_what_the_first_did(client, landes_space, editor, colleague, regional):
    item = review(landes_space, editor)
    services.refuse(item=item, actor=regional, version=item.version, reason="En double")
    with pytest.raises(AlreadyDecidedError, match=r"Rita Région le .* refusée\. En double"):
        services.approve(item=item, actor=colleague, version=item.version)
    client.force_login(colleague)
    data = {"decision": "changes", "version": item.version, "champ-title": "Un titre plus long"}
    shown = client.post(reverse("review_item", args=[item.pk]), data).content.decode()
    assert "Relecture déjà décidée par Rita Région" in shown


def test_who_read_an_older_text_is_told_and_keeps_what_they_typed(client, landes_space, contributor, editor, colleague):
    item = review(landes_space, contributor)
    page = item.page.specific
    page.save_revision(user=editor)
    client.force_login(colleague)
    data = {"decision": "changes", "version": item.version, "champ-title": "Un titre plus long"}
    shown = client.post(reverse("review_item", args=[item.pk]), data).content.decode()
    assert "a changé depuis que vous l’avez ouverte" in shown
    assert "Aïda Landes" in shown
    assert "Un titre plus long" in shown
    assert ReviewItem.objects.get(pk=item.pk).state == "waiting"


def test_a_page_deleted_during_its_review(client, landes_space, editor, colleague, decided):
    item = review(landes_space, editor)
    item.page.specific.delete(user=colleague)
    item.refresh_from_db()
    assert (item.state, item.page, item.reason) == ("cancelled", None, "La page a été supprimée.")
    assert [state for state, _ in decided] == ["cancelled"]
    client.force_login(colleague)
    shown = client.post(reverse("review_item", args=[item.pk]), {"decision": "approve", "version": item.version})
    assert "La page a été supprimée" in shown.content.decode()


def test_a_page_moved_to_another_space_is_reviewed_there(landes_space, editor, colleague, regional):
    other = open_territory_space(territory=Territory.objects.get(level="departement", code="47"))
    theirs = make_member(Role.EDITOR, other.territory)
    item = review(landes_space, editor)
    services.take(item=item, actor=colleague)
    item.page.specific.move(section(other, "actualites"), pos="last-child", user=regional)
    item.refresh_from_db()
    assert (item.space, item.territory, item.assignee) == (other, other.territory, None)
    assert kinds(theirs) == ["moderation.new"]
    with pytest.raises(NotAllowedError):
        services.approve(item=item, actor=colleague, version=item.version)
    services.approve(item=item, actor=theirs, version=item.version)
    item.page.refresh_from_db()
    assert item.page.live


def test_a_space_closed_during_a_review(landes_space, editor, colleague, decided):
    item = review(landes_space, editor)
    close_territory_space(space=landes_space)
    item.refresh_from_db()
    assert (item.state, item.reason) == ("cancelled", "L’espace a été fermé.")
    assert decided == [("cancelled", None)]
    assert item.page.current_workflow_state is None


def test_a_moderator_whose_role_ended_is_refused(client, landes_space, editor, colleague):
    item = review(landes_space, editor)
    services.take(item=item, actor=colleague)
    Membership.objects.filter(user=colleague).delete()
    item.refresh_from_db()
    with pytest.raises(NotAllowedError):
        services.approve(item=item, actor=colleague, version=item.version)
    client.force_login(colleague)
    assert client.get(reverse("review_item", args=[item.pk])).status_code in (302, 403, 404)


def test_a_live_page_under_review_keeps_its_published_text(landes_space, editor, colleague):
    page = make_news(landes_space, title="Avant", owner=editor)
    page.title = "Après"
    page.save_revision(user=editor)
    item = submit(page, editor)
    assert item.title == "Après"
    page.refresh_from_db()
    assert page.title == "Avant"
    services.approve(item=item, actor=colleague, version=item.version)
    page.refresh_from_db()
    assert page.title == "Après"


def test_reassigning_reaches_only_who_reviews_there(landes_space, editor, colleague, regional, contributor):
    item = review(landes_space, editor)
    item = services.reassign(item=item, actor=colleague, assignee=regional)
    assert item.assignee == regional
    assert kinds(regional) == ["moderation.assigned"]
    with pytest.raises(NotAllowedError):
        services.reassign(item=item, actor=colleague, assignee=contributor)
    assert services.reassign(item=item, actor=colleague, assignee=None).assignee is None
    assert PageLogEntry.objects.filter(action="pages.review_reassigned").count() == 2
