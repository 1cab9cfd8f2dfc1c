"""« Relecture » in the admin: what is shown to whom, filters, several at once, the screen of one."""

from __future__ import annotations

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from pages.models import ReviewItem
from pages.moderation import services
from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.territories.models import Territory
from tests.factories import make_member, make_news, make_user

from .factories import review, submit

QUEUE = "/admin/relecture/"


@pytest.fixture
def theirs(landes_space):
    """A review of another space."""
    other = open_territory_space(territory=Territory.objects.get(level="departement", code="47"))
    return review(other, make_member(Role.EDITOR, other.territory), title="Un secret du Lot-et-Garonne")


def test_the_same_queries_for_one_and_three(client, landes_space, editor, colleague, django_assert_num_queries):
    client.force_login(colleague)
    for number in (1, 2):
        for _ in range(number):
            review(landes_space, editor)
        client.get(QUEUE)
        with django_assert_num_queries(21):
            client.get(QUEUE)


@pytest.mark.wide
def test_ten_thousand_waiting_cost_the_same(client, landes_space, editor, colleague, django_assert_num_queries):
    client.force_login(colleague)
    fill(landes_space, editor, 10_000)
    client.get(QUEUE)
    with django_assert_num_queries(21):
        shown = client.get(QUEUE).content.decode()
    assert "Relecture (99+)" in shown
    assert "Page 1 sur 100" in shown


def fill(space, author, number):
    now = timezone.now()
    ReviewItem.objects.bulk_create(
        [
            ReviewItem(
                origin="edition", kind="news", title=f"Page {n}", space=space, territory=space.territory,
                requested_by=author, requested_label=str(author), last_editor=author, submitted_at=now, due_at=now,
            )
            for n in range(number)
        ],
        batch_size=500,
    )  # fmt: skip


def test_another_territory_is_404(client, landes_space, editor, theirs):
    client.force_login(editor)
    for name in ("review_item", "review_preview"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
        assert client.get(reverse(name, args=[uuid.uuid4()])).status_code == 404
    data = {"decision": "approve", "version": theirs.version}
    assert client.post(reverse("review_item", args=[theirs.pk]), data).status_code == 404
    mine = review(landes_space, make_user())
    several = {"action": "refuse", "relecture": [mine.pk, theirs.pk], "confirmer": "1", "texte": "Non"}
    assert client.post(reverse("review_several"), several).status_code == 404
    assert set(ReviewItem.objects.values_list("state", flat=True)) == {"waiting"}
    for asked in ({}, {"portee": "all"}, {"q": "secret"}, {"espace": theirs.space_id}, {"etat": "tous"}):
        assert theirs.title not in client.get(QUEUE, asked).content.decode()


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SENDER, Role.INSTRUCTOR])
def test_who_reviews_nowhere_sees_nothing(client, landes_space, landes, role):
    item = review(landes_space, make_user())
    client.force_login(make_member(role, landes))
    for address in (QUEUE, reverse("review_item", args=[item.pk]), reverse("review_delays")):
        assert client.get(address).status_code in (302, 403)
    data = {"decision": "refuse", "version": item.version, "motif": "x"}
    assert client.post(reverse("review_item", args=[item.pk]), data).status_code in (302, 403)
    item.refresh_from_db()
    assert item.state == "waiting"


def test_filters(client, landes_space, editor, colleague):
    first = review(landes_space, editor, title="Le bus des Landes")
    second = review(landes_space, colleague, title="La fibre à Dax")
    services.take(item=first, actor=colleague)
    client.force_login(colleague)
    both, none = {first.pk, second.pk}, set()
    for asked, expected in [
        ({}, both),
        ({"q": "bus"}, {first.pk}),
        ({"q": "aucun mot"}, none),
        ({"confiee": "me"}, {first.pk}),
        ({"confiee": "nobody"}, {second.pk}),
        ({"nature": "news"}, both),
        ({"nature": "event"}, none),
        ({"origine": "correction"}, none),
        ({"etat": "approved"}, none),
        ({"retard": "on"}, none),
        ({"nature": "n’importe quoi"}, both),
        ({"espace": "x"}, both),
    ]:
        found = {item.pk for item in client.get(QUEUE, asked).context["items"]}
        assert found == expected, asked
    assert "une autre personne l’approuvera" in client.get(QUEUE).content.decode()


def test_several_at_once_says_first_what_cannot_be(client, landes_space, editor, colleague):
    other, own = review(landes_space, editor), review(landes_space, colleague)
    client.force_login(colleague)
    data = {"action": "approve", "relecture": [other.pk, own.pk]}
    asked = client.post(reverse("review_several"), data).content.decode()
    assert "1 relecture sur 2" in asked
    assert "Vous l’avez modifiée en dernier" in asked
    assert ReviewItem.objects.filter(state="waiting").count() == 2
    data |= {f"version-{item.pk}": item.version for item in (other, own)}
    client.post(reverse("review_several"), data | {"confirmer": "1"})
    assert {item.pk: item.state for item in ReviewItem.objects.all()} == {other.pk: "approved", own.pk: "waiting"}


def test_several_refused_need_a_reason(client, landes_space, editor, colleague):
    items = [review(landes_space, editor) for _ in range(2)]
    client.force_login(colleague)
    data = {"action": "refuse", "relecture": [item.pk for item in items], "confirmer": "1"}
    data |= {f"version-{item.pk}": item.version for item in items}
    client.post(reverse("review_several"), data)
    assert ReviewItem.objects.filter(state="waiting").count() == 2
    client.post(reverse("review_several"), data | {"texte": "Hors sujet"})
    assert set(ReviewItem.objects.values_list("state", "reason")) == {("refused", "Hors sujet")}


def test_the_difference_is_read_word_by_word(client, landes_space, editor, colleague):
    page = make_news(landes_space, title="Le bus passe lundi", owner=editor)
    page.title = "Le bus passe mardi <script>"
    page.save_revision(user=editor)
    item = submit(page, editor)
    client.force_login(colleague)
    shown = client.get(reverse("review_item", args=[item.pk])).content.decode()
    assert "<del>lundi</del>" in shown
    assert "<ins>mardi" in shown
    assert "mardi <script>" not in shown
    preview = client.get(reverse("review_preview", args=[item.pk])).content.decode()
    assert "mardi" in preview
    page.refresh_from_db()
    assert page.title == "Le bus passe lundi"


def test_a_comment_beside_its_field(client, landes_space, editor, colleague):
    item = review(landes_space, editor)
    client.force_login(colleague)
    address = reverse("review_item", args=[item.pk])
    shown = client.post(address, {"decision": "changes", "version": item.version}).content.decode()
    assert "Dites ce qui est à changer" in shown
    data = {"decision": "changes", "version": item.version, "champ-lead": "Plus court, s’il vous plaît"}
    assert client.post(address, data).status_code == 302
    assert item.comments.values_list("field", "text").get() == ("lead", "Plus court, s’il vous plaît")
    assert "Plus court, s’il vous plaît" in client.get(address).content.decode()


def test_the_queue_is_verified_and_repaired(landes_space, editor, colleague, capsys):
    kept, lost = review(landes_space, editor), review(landes_space, editor)
    call_command("check_reviews", "--check")
    page = lost.page
    lost.delete()
    ReviewItem.objects.filter(pk=kept.pk).update(last_editor=colleague, state="changes_requested")
    with pytest.raises(CommandError):
        call_command("check_reviews", "--check")
    call_command("check_reviews")
    call_command("check_reviews", "--check")
    kept.refresh_from_db()
    assert (kept.state, kept.last_editor) == ("waiting", editor)
    assert ReviewItem.objects.filter(page=page, state="waiting").exists()
    kept.page.current_workflow_state.task_states.all()
    kept.page.workflow_states.all().update(status="cancelled")
    call_command("check_reviews")
    kept.refresh_from_db()
    assert kept.state == "cancelled"
