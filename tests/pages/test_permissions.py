"""An editor of the Landes sees and edits the Landes in Wagtail's admin, and nothing else."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page

from pages.models import NewsPage, TerritoryPage
from pages.services import open_territory_space
from pages.services.spaces import add_sections, set_up_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.accounts.services import sync_user
from portal.territories.models import Space, Territory, TerritoryLink
from tests.factories import make_member, make_news, make_user, section

pytestmark = pytest.mark.django_db
OURS, THEIRS = "Une annonce des Landes", "Un brouillon secret du Lot-et-Garonne"


def territory(key):
    level, code = key.split("-")
    return Territory.objects.get(level=level, code=code)


def png(name="image.png"):
    buffer = io.BytesIO()
    Pillow.new("RGB", (8, 8), "navy").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/png")


@pytest.fixture
def other_space(landes_space):
    return open_territory_space(territory=territory("departement-47"))


@pytest.fixture
def ours(landes_space, commit):
    with commit():  # Searches are fed after the commit.
        page = make_news(landes_space, title=OURS, slug="annonce")
        page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


@pytest.fixture
def theirs(other_space, commit):
    with commit():
        page = make_news(other_space, title=THEIRS, slug="secret", live=False)
        page.save_revision()
    return NewsPage.objects.get(pk=page.pk)


@pytest.fixture
def editor(client, landes_space, landes):
    user = make_member(Role.EDITOR, landes)
    client.force_login(user)
    return user


def refused(response):
    """Wagtail refuses with 403, with 404, or by leading back to the admin's home (which says why)."""
    return response.status_code in (403, 404, 405) or (response.status_code == 302 and response.url == "/admin/")


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


# --- Media -----------------------------------------------------------------------------------------------------------
def make_image(space, title):
    return Image.objects.create(title=title, file=png(), collection=space.collection)


def make_document(space, title):
    return Document.objects.create(title=title, file=ContentFile(b"x", "x.pdf"), collection=space.collection)


def test_images_of_others_are_not_listed_chosen_or_changed(client, editor, landes_space, other_space):
    own, other = make_image(landes_space, "Notre image"), make_image(other_space, "Leur image")
    for view in ("wagtailimages:index", "wagtailimages_chooser:choose", "wagtailimages_chooser:choose_results"):
        html = client.get(reverse(view)).content.decode()
        assert own.title in html, view
        assert other.title not in html, view
    for view in ("wagtailimages:edit", "wagtailimages:delete"):
        assert refused(client.get(reverse(view, args=[other.pk])))
        assert refused(client.post(reverse(view, args=[other.pk]), {"title": "Volée"}))
    assert refused(client.get(reverse("wagtailimages_chooser:chosen", args=[other.pk])))
    other.refresh_from_db()
    assert other.title == "Leur image"
    client.post(reverse("wagtailimages:add"), {"title": "x", "file": png(), "collection": other_space.collection_id})
    assert not Image.objects.filter(title="x", collection=other_space.collection).exists()


def test_documents_of_others_are_not_listed_chosen_or_changed(client, editor, landes_space, other_space):
    own, other = make_document(landes_space, "Notre fiche"), make_document(other_space, "Leur fiche")
    for view in ("wagtaildocs:index", "wagtaildocs_chooser:choose", "wagtaildocs_chooser:choose_results"):
        html = client.get(reverse(view)).content.decode()
        assert own.title in html, view
        assert other.title not in html, view
    for view in ("wagtaildocs:edit", "wagtaildocs:delete"):
        assert refused(client.get(reverse(view, args=[other.pk])))
        assert refused(client.post(reverse(view, args=[other.pk]), {"title": "Volée"}))
    assert refused(client.get(reverse("wagtaildocs_chooser:chosen", args=[other.pk])))
    other.refresh_from_db()
    assert other.title == "Leur fiche"


# --- Who has no business there ---------------------------------------------------------------------------------------
SCREENS = [
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailimages:index",
    "wagtaildocs:index",
    "wagtailadmin_reports:site_history",
    "wagtailusers_users:index",
    "wagtailusers_groups:index",
]


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("role", [None, Role.CONTRIBUTOR, Role.INSTRUCTOR, Role.ADVISOR, "public"])
def test_the_admin_is_closed_to_others(client, landes_space, landes, screen, role):
    if role != "public":
        client.force_login(make_member(role, landes) if role else make_user())
    for response in (client.get(reverse(screen)), client.post(reverse(screen))):
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")


@pytest.mark.parametrize("screen", ["wagtailusers_users:index", "wagtailusers_users:add", "wagtailusers_groups:index"])
def test_an_editor_does_not_manage_accounts(client, editor, screen):
    assert refused(client.get(reverse(screen)))
    assert refused(client.post(reverse(screen), {"email": "x@exemple.fr"}))


# --- Many spaces -----------------------------------------------------------------------------------------------------
def open_many(count):
    """``count`` communes with a space each, far from one another in the tree."""
    model = territory("commune-40192")
    directory = Page.objects.get(slug="territoires").specific
    made = []
    for number in range(count):
        commune = Territory.objects.create(
            level="commune", code=f"6{number:04d}", name=f"Commune {number:03}", slug=f"commune-{number}",
            search_name=f"commune {number}", kind=model.kind, vintage=2026,
        )  # fmt: skip
        TerritoryLink.objects.create(ancestor=commune, descendant=commune)
        page = TerritoryPage(title=commune.name, slug=commune.slug)
        directory.add_child(instance=page)
        made.append(set_up_space(territory=commune, page=page))
    return made


# Screen: queries at most, the same for 3, 60 and 300 spaces; each app's entry in the menu may cost one.
BUDGET = {
    "wagtailadmin_reports:aging_pages": 21,
    "wagtailadmin_home": 40,
    "wagtailadmin_reports:workflow": 21,
    "wagtailimages:index": 23,
    "wagtaildocs:index": 23,
    "wagtailimages_chooser:choose": 21,
}


@pytest.mark.parametrize("count", [3, 60, pytest.param(300, marks=pytest.mark.wide)])
def test_the_explorer_of_an_editor_of_many_spaces(client, count, commit, django_assert_max_num_queries):
    spaces = open_many(count)
    editor = make_user()
    # One synchronisation at the end, as an import does.
    Membership.objects.bulk_create(
        Membership(user=editor, role=Role.EDITOR, territory=space.territory) for space in spaces
    )
    sync_user(editor)
    add_sections(spaces[-1])
    with commit():
        news = make_news(spaces[-1], title="Une annonce de commune")
    client.force_login(editor)

    def ask(address, most):
        client.get(address)  # Content types and sites are cached for the process.
        with django_assert_max_num_queries(most):
            response = client.get(address)
        assert response.status_code == 200
        return response.content.decode()

    listing = ask(reverse("wagtailadmin_explore", args=[spaces[0].page.get_parent().pk]), 39)
    assert any(space.territory.name in listing for space in spaces)
    assert news.title in ask(reverse("wagtailadmin_pages:search") + "?q=annonce", 29)
    for view, most in BUDGET.items():
        ask(reverse(view), most)


# --- Titles of drafts ------------------------------------------------------------------------------------------------
RETITLED = "Préfiguration confidentielle"


@pytest.fixture
def retitled(other_space, commit):
    """A published page of another space whose draft has a new title."""
    with commit():
        page = make_news(other_space, title="Point presse du réseau", slug="point-presse")
        page.save_revision().publish()
        page = NewsPage.objects.get(pk=page.pk)
        page.title = RETITLED
        page.save_revision()
    assert Page.objects.get(pk=page.pk).draft_title == RETITLED
    return NewsPage.objects.get(pk=page.pk)


def choosers(page):
    return {
        "browse": reverse("wagtailadmin_choose_page_child", args=[page.get_parent().pk]),
        "search": reverse("wagtailadmin_choose_page_search") + "?q=presse",
        "chosen": reverse("wagtailadmin_choose_page_chosen_multiple") + f"?id={page.pk}",
    }


@pytest.mark.parametrize("name", ["browse", "search", "chosen"])
def test_choosers_name_a_page_of_others_by_its_published_title(client, editor, retitled, name):
    text = client.get(choosers(retitled)[name]).content.decode()
    assert "Point presse" in text
    assert "confidentielle" not in text


def test_a_pasted_address_is_named_by_the_published_title(client, editor, retitled):
    fields = {"external-link-chooser-url": retitled.get_url(), "external-link-chooser-link_text": "Un lien"}
    answer = client.post(reverse("wagtailadmin_choose_page_external_link"), fields).json()
    assert (answer["result"]["id"], answer["result"]["adminTitle"]) == (retitled.pk, "Point presse du réseau")


def test_a_page_chosen_earlier_goes_by_its_published_title(client, editor, ours, retitled):
    ours.body = [("buttons", {"items": [{"label": "Lire", "page": retitled, "url": "", "style": "primary"}]})]
    ours.save_revision()
    screen = client.get(reverse("wagtailadmin_pages:edit", args=[ours.pk])).content.decode()
    assert "Point presse" in screen
    assert "confidentielle" not in screen


def test_its_own_editors_see_the_title_of_the_draft(client, other_space, retitled):
    client.force_login(make_member(Role.EDITOR, other_space.territory))
    for address in choosers(retitled).values():
        assert "confidentielle" in client.get(address).content.decode(), address
    explorer = client.get(reverse("wagtailadmin_explore", args=[retitled.get_parent().pk])).content.decode()
    assert RETITLED in explorer
