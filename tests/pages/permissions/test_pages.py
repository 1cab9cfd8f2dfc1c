"""An editor of the Landes sees and edits the Landes in Wagtail's admin, and nothing else."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from portal.accounts.enums import Role
from portal.territories.models import Space
from tests.factories import make_member, make_user, section

from .scene import OURS, THEIRS, refused, territory

pytestmark = pytest.mark.django_db


# --- Seeing ----------------------------------------------------------------------------------------------------------
def test_the_explorer_begins_at_the_space_and_stays_in_it(client, editor, landes_space, ours, theirs):
    html = client.get("/admin/pages/", follow=True).content.decode()
    assert "Actualités" in html
    listing = client.get(reverse("wagtailadmin_explore", args=[ours.get_parent().pk])).content.decode()
    assert OURS in listing
    outside = client.get(reverse("wagtailadmin_explore", args=[theirs.get_parent().pk]))
    assert outside.status_code == 302
    assert f"/admin/pages/{landes_space.page_id}/" in outside.url


LEAKS = [
    ("explorer search", "wagtailadmin_pages:search", {"q": "secret"}, {"q": "annonce"}),
    ("search results", "wagtailadmin_pages:search_results", {"q": "secret"}, {"q": "annonce"}),
    ("ageing pages", "wagtailadmin_reports:aging_pages", {}, {}),
    ("site history", "wagtailadmin_reports:site_history", {}, {}),
    ("locked pages", "wagtailadmin_reports:locked_pages", {}, {}),
    ("workflows", "wagtailadmin_reports:workflow", {}, {}),
    ("workflow tasks", "wagtailadmin_reports:workflow_tasks", {}, {}),
    ("page types", "wagtailadmin_reports:page_types_usage", {}, {}),
    ("home", "wagtailadmin_home", {}, {}),
]


@pytest.mark.parametrize(("name", "view", "query", "own"), LEAKS, ids=[leak[0] for leak in LEAKS])
def test_no_list_shows_anothers_draft(client, editor, ours, theirs, name, view, query, own):
    contributor = make_member(Role.CONTRIBUTOR, territory("departement-47"))
    theirs.get_workflow().start(theirs, contributor)
    ours.save_revision(user=editor, log_action=True)
    Page.objects.filter(pk=theirs.pk).update(locked=True, locked_by=contributor, live=True)
    response = client.get(reverse(view), query)
    assert THEIRS not in response.content.decode()
    if own:
        assert OURS in client.get(reverse(view), own).content.decode()


def test_the_page_chooser_shows_no_draft_of_another_space(client, editor, ours, theirs):
    """Links may lead to any page that readers see; drafts of others are not listed nor opened."""
    address = reverse("wagtailadmin_choose_page_search")
    assert OURS in client.get(address, {"q": "annonce"}).content.decode()
    assert THEIRS not in client.get(address, {"q": "secret"}).content.decode()
    children = client.get(reverse("wagtailadmin_choose_page_child", args=[theirs.get_parent().pk]))
    assert THEIRS not in children.content.decode()


def test_the_admin_api_lists_own_pages_only(client, editor, ours, theirs):
    answer = client.get("/admin/api/main/pages/?limit=20&type=pages.NewsPage").json()
    ids = {item["id"] for item in answer["items"]}
    assert ours.pk in ids
    assert theirs.pk not in ids
    assert client.get(f"/admin/api/main/pages/{theirs.pk}/").status_code == 404


# --- Doing -----------------------------------------------------------------------------------------------------------
ACTIONS = ["edit", "delete", "unpublish", "move", "copy", "lock", "unlock", "history", "view_draft", "set_privacy"]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", [Role.EDITOR, Role.SENDER])
def test_nothing_is_done_to_a_page_of_another_space(client, landes, other_space, theirs, action, role):
    Page.objects.filter(pk=theirs.pk).update(live=True)
    client.force_login(make_member(role, landes))
    address = reverse(f"wagtailadmin_pages:{action}", args=[theirs.pk])
    before = Page.objects.values().get(pk=theirs.pk)
    assert refused(client.get(address)), client.get(address)
    assert refused(client.post(address, {"title": "Volé", "slug": "vole", "action-publish": "1", "next": "/"}))
    assert Page.objects.values().get(pk=theirs.pk) == before


def test_nothing_is_created_in_another_space(client, editor, other_space):
    parent = section(other_space, "actualites")
    address = reverse("wagtailadmin_pages:add", args=["pages", "newspage", parent.pk])
    assert refused(client.get(address))
    assert refused(client.post(address, {"title": "Volé", "slug": "vole", "lead": "x"}))
    assert not parent.get_children().exists()


def test_an_own_page_is_neither_moved_nor_copied_into_another_space(client, editor, ours, other_space):
    parent = section(other_space, "actualites")
    assert refused(client.post(reverse("wagtailadmin_pages:move_confirm", args=[ours.pk, parent.pk])))
    client.post(
        reverse("wagtailadmin_pages:copy", args=[ours.pk]),
        {"new_title": "Copie", "new_slug": "copie", "new_parent_page": parent.pk, "alias": ""},
    )
    assert not parent.get_children().exists()
    ours.refresh_from_db()
    assert ours.get_parent().pk == section(Space.objects.get(territory__code="40"), "actualites").pk


@pytest.mark.parametrize("action", ["delete", "move", "unpublish", "publish"])
def test_bulk_actions_spare_the_pages_of_others(client, editor, theirs, action):
    Page.objects.filter(pk=theirs.pk).update(live=action != "publish")
    before = Page.objects.values().get(pk=theirs.pk)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client.post(f"{address}?id={theirs.pk}&next=/admin/", {"chooser": theirs.get_parent().pk})
    assert Page.objects.values().get(pk=theirs.pk) == before


def test_an_editor_writes_and_publishes_at_home_and_everyone_reads_it(client, editor, landes_space):
    parent = section(landes_space, "actualites")
    address = reverse("wagtailadmin_pages:add", args=["pages", "newspage", parent.pk])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {"title": "Un bus dans les Landes", "slug": "bus", "lead": "Il passe.", "action-publish": "1"}
    data |= {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    for name, formset in form.formsets.items():
        data |= {f"{name}-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
        assert formset.prefix == name
    response = client.post(address, {key: value for key, value in data.items() if value is not False})
    assert response.status_code == 302, response.context["form"].errors
    client.logout()
    assert "Un bus dans les Landes" in client.get("/actualites/").content.decode()


STRUCTURE = ["delete", "move", "unpublish", "copy"]


@pytest.mark.parametrize("action", STRUCTURE)
@pytest.mark.parametrize("target", ["root", "section"])
@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_the_frame_of_a_space_stays(client, landes_space, landes, action, target, who):
    user = make_member(Role.EDITOR, landes) if who == "editor" else make_user(is_superuser=True)
    client.force_login(user)
    page = landes_space.page if target == "root" else section(landes_space, "actualites")
    before, count = Page.objects.values("path", "live").get(pk=page.pk), Page.objects.count()
    address = reverse(f"wagtailadmin_pages:{action}", args=[page.pk])
    if action == "move":  # The choice of a destination changes nothing; the confirmation would.
        directory = Page.objects.get(slug="territoires")
        address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, directory.pk])
    response = client.post(address, {"confirm_site_name": "x"})
    assert response.status_code in (302, 403, 404), response
    assert not (response.status_code == 302 and "login" in response.url)
    assert (Page.objects.values("path", "live").get(pk=page.pk), Page.objects.count()) == (before, count)


def test_the_frame_stays_in_bulk_too(client, editor, landes_space):
    listing, count = section(landes_space, "actualites"), Page.objects.count()
    for action in ("delete", "unpublish"):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        client.post(f"{address}?id={listing.pk}&next=/admin/")
    listing.refresh_from_db()
    assert (listing.live, Page.objects.count()) == (True, count)


@pytest.mark.parametrize("action", ["move", "unpublish", "delete"])
@pytest.mark.parametrize("bulk", [False, True], ids=["one", "bulk"])
@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_the_frame_is_refused_before_any_question(client, landes_space, landes, ours, action, bulk, who):
    """No « where to? », no « are you sure? » for what will be refused; an ordinary page is asked about."""
    client.force_login(make_member(Role.EDITOR, landes) if who == "editor" else make_user(is_superuser=True))

    def ask(page):
        if bulk:
            address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
            return client.get(f"{address}?id={page.pk}&next=/admin/", follow=True)
        return client.get(reverse(f"wagtailadmin_pages:{action}", args=[page.pk]), follow=True)

    refusal = ask(section(landes_space, "actualites"))
    assert [status for _, status in refusal.redirect_chain] == [302]
    assert "fait partie de la structure" in refusal.content.decode()
    asked = ask(ours)
    assert asked.redirect_chain == []
    assert OURS in asked.content.decode()
