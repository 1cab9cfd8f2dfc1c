"""Nothing that the public may not read is found, counted or suggested; and the index follows every change."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import PageViewRestriction

from portal.search.models import PageText
from portal.search.tasks import index_object, index_subtree
from tests.factories import make_member, make_news, section

from .test_page import find, titles

pytestmark = pytest.mark.django_db
SECRET = "Ornithorynque confidentiel"


def suggested(client, q: str) -> list[str]:
    return [item["title"] for item in client.get("/recherche/suggestions/", {"q": q}).json()["suggestions"]]


def assert_nowhere(client) -> None:
    for q in ("ornithorynque", "ornithorynques", "confidentiel", SECRET):
        response = client.get("/recherche/", {"q": q})
        assert titles(response) == []
        assert "Aucun résultat" in response.content.decode()
        assert "Tout (" not in response.content.decode()
    assert suggested(client, "ornitho") == []


def hide_as_draft(page):
    page.live = False
    page.save()


def hide_by_unpublishing(page):
    page.unpublish()


def hide_by_expiry(page):
    page.expire_at = timezone.now() - timezone.timedelta(minutes=1)
    page.save()
    call_command("publish_scheduled")


def hide_page_by_restriction(page):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def hide_section_by_restriction(page):
    PageViewRestriction.objects.create(
        page=page.get_parent(), restriction_type=PageViewRestriction.PASSWORD, password="x"
    )


def move_into_private_section(page):
    private = section(page.space, "initiatives")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    page.move(private, pos="last-child")


def delete(page):
    page.delete()


@pytest.mark.parametrize(
    "hide",
    [
        hide_as_draft,
        hide_by_unpublishing,
        hide_by_expiry,
        hide_page_by_restriction,
        hide_section_by_restriction,
        move_into_private_section,
        delete,
    ],
)
def test_what_is_hidden_is_found_no_more(client, landes_space, commit, engine, hide):
    with commit():
        page = make_news(landes_space, title=SECRET, lead="Un ornithorynque.")
    engine()
    assert find(client, "ornithorynque") == [SECRET]
    assert suggested(client, "ornitho") == [SECRET]
    with commit():
        hide(page)
    engine()
    assert_nowhere(client)


def test_a_signed_in_editor_sees_no_draft_on_the_public_page(client, landes_space, landes, commit):
    client.force_login(make_member("editor", landes))
    with commit():
        make_news(landes_space, title=SECRET, live=False)
    assert_nowhere(client)


def test_publication_and_correction_are_found_at_once(client, landes_space, commit, engine):
    with commit():
        page = make_news(landes_space, title="Titre provisoire", live=False)
    engine()
    assert find(client, "provisoire") == []
    with commit():
        page.title = "Le castor est de retour"
        page.save_revision().publish()
    engine()
    assert find(client, "castors") == ["Le castor est de retour"]
    assert find(client, "provisoire") == []


def test_a_moved_page_is_found_under_its_new_territory(client, landes_space, nouvelle_aquitaine, commit, engine):
    with commit():
        page = make_news(landes_space, title="Une loutre voyageuse")
    engine()
    assert find(client, "loutre", territoire="departement-40") == [page.title]
    with commit():
        page.move(section(nouvelle_aquitaine.space, "actualites"), pos="last-child")
    engine()
    assert find(client, "loutre", territoire="departement-40") == []
    assert find(client, "loutre", territoire="region-75") == [page.title]


def test_an_object_deleted_before_its_task_runs_does_not_fail(landes_space):
    page = make_news(landes_space, title=SECRET)
    pk = page.pk
    page.delete()
    index_object.call("pages", "newspage", str(pk))
    index_subtree.call(pk)
    assert not PageText.objects.filter(page_id=pk).exists()


def test_saving_enqueues_after_the_commit_only(landes_space, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        page = make_news(landes_space, title=SECRET)
        assert not PageText.objects.filter(page=page).exists()
    for callback in callbacks:
        callback()
    assert PageText.objects.get(page=page).text == "Un chapô."


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the FTS5 tables are SQLite's")
def test_deleting_a_page_leaves_no_row_behind(landes_space, commit):
    def rows() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT COUNT(*) FROM search_fts), (SELECT COUNT(*) FROM search_prefix)")
            return list(cursor.fetchone())

    before = rows()
    with commit():
        page = make_news(landes_space, title=SECRET)
    assert rows() == [count + 1 for count in before]
    page.delete()
    assert rows() == before


def test_the_index_is_rebuilt_from_nothing(client, landes_space, engine):
    make_news(landes_space, title=SECRET)  # Its task was lost: nothing ran after the commit.
    assert find(client, "ornithorynque") == []
    call_command("wagtail_update_index", verbosity=0)
    engine()
    assert find(client, "ornithorynque") == [SECRET]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the FTS5 tables are SQLite's")
def test_a_rebuild_forgets_rows_of_objects_that_are_gone(db):
    def ghosts() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM search_fts WHERE search_fts MATCH 'fantom'")
            return int(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        for rowid in (999_999, (1 << 40) * 9999 + 1):  # A page, and an object of a model that is no more.
            cursor.execute("INSERT INTO search_fts(rowid, title) VALUES (%s, 'fantom')", [rowid])
    assert ghosts() == 2
    call_command("wagtail_update_index", verbosity=0)
    assert ghosts() == 0
