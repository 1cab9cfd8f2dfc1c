"""Images, documents, screens of others; many spaces; titles of drafts of others."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page

from pages.models import NewsPage, TerritoryPage
from pages.services.spaces import add_sections, set_up_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.accounts.services import sync_user
from portal.territories.models import Territory, TerritoryLink
from tests.factories import make_member, make_news, make_user

from .scene import png, refused, territory

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("count", [3, *(pytest.param(count, marks=pytest.mark.wide) for count in (60, 300))])
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
