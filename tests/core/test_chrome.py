"""What surrounds every page: header, menu, footer, error pages, icons."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from portal.core.chrome import build_menu
from portal.core.management.commands.build_icons import TARGET, stylesheet, used_icons
from portal.core.models import SiteIdentity
from portal.core.sites import site_of
from portal.core.templatetags.portal_tags import fr_date, inhabitants, pictogram

pytestmark = pytest.mark.django_db


def text_of(address: str = "/") -> str:
    return Client().get(address).content.decode()


# --- Menu ------------------------------------------------------------------------------------------------------------
def test_the_menu_has_two_levels_in_the_order_of_the_tree(landes_space, django_assert_num_queries):
    home = Site.objects.get().root_page
    with django_assert_num_queries(1):
        menu = build_menu(home)
    titles = [item.title for item in menu]
    assert titles[0] == "Actualités"
    assert titles.index("Initiatives") < titles.index("Territoires")
    territories = menu[titles.index("Territoires")]
    assert [(child.title, child.url) for child in territories.children] == [
        ("Nouvelle-Aquitaine", "/territoires/nouvelle-aquitaine/")
    ]


def test_what_is_not_public_is_not_in_the_menu(landes_space):
    aide = Page.objects.get(slug="aide")
    aide.show_in_menus = True
    aide.save()
    home = Site.objects.get().root_page
    assert "Aide" in [item.title for item in build_menu(home)]
    aide.specific.unpublish()
    assert "Aide" not in [item.title for item in build_menu(home)]


def test_the_current_entry_is_said(landes_space):
    assert 'href="/actualites/" aria-current="page"' in text_of("/actualites/")
    space = text_of("/territoires/nouvelle-aquitaine/landes/")
    assert 'href="/territoires/nouvelle-aquitaine/" aria-current="true"' in space


# --- Identity and site -----------------------------------------------------------------------------------------------
def test_the_brand_is_a_setting(landes_space):
    assert "République<br>Française" in text_of()
    SiteIdentity.objects.create(site=Site.objects.get(), title="Hub du Sud", state_brand=False, tagline="")
    text = text_of()
    assert "République<br>Française" not in text
    assert "Hub du Sud" in text


def test_reading_a_page_writes_nothing(landes_space):
    text_of()
    assert not SiteIdentity.objects.exists()


def test_the_site_is_the_one_wagtail_would_choose(landes_space, rf, settings, django_assert_num_queries):
    settings.ALLOWED_HOSTS = ["*"]
    default = Site.objects.get()
    other = Site.objects.create(hostname="landes.example", port=80, root_page=landes_space.page)
    ported = Site.objects.create(hostname="landes.example", port=8080, root_page=landes_space.page)
    for host in ("landes.example", "landes.example:8080", "landes.example:9000", "localhost", "inconnu.example"):
        request = rf.get("/", headers={"host": host}, SERVER_PORT=host.partition(":")[2] or "80")
        with django_assert_num_queries(1):
            site = site_of(request)
        assert site != default or site.root_page.specific is site.root_page
        assert site == Site.find_for_request(request), host
    assert {other, ported} == set(Site.objects.exclude(pk=default.pk))


def test_the_footer_has_the_obligatory_links(landes_space):
    footer = text_of().split("<footer")[1]
    for address in ("/plan-du-site/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/lettres/"):
        assert f'href="{address}"' in footer
    for address in ("/accessibilite/", "/mentions-legales/", "/donnees-personnelles/"):
        assert Client().get(address).status_code == 200


def test_the_chosen_territory_is_said_in_the_header(landes_space):
    client = Client()
    client.cookies["territoire"] = "departement-40"
    header = client.get("/actualites/").content.decode().split("</header>")[0]
    assert "Mon territoire" in header
    assert "Landes</a>" in header
    assert "Choisir mon territoire" not in header


def test_nothing_is_inline_or_from_elsewhere(landes_space):
    for address in ("/", "/territoires/nouvelle-aquitaine/landes/", "/nulle/part/"):
        text = text_of(address)
        assert "<style" not in text
        assert " style=" not in text
        assert "onclick=" not in text
        assert 'src="http' not in text
        assert '<link rel="stylesheet" href="http' not in text


# --- Errors ----------------------------------------------------------------------------------------------------------
def test_a_page_not_found_offers_the_search_and_the_menu(landes_space):
    response = Client().get("/actualites/nexiste-pas/")
    text = response.content.decode()
    assert response.status_code == 404
    assert "Page introuvable" in text
    assert 'id="recherche-erreur"' in text
    assert 'href="/actualites/"' in text


@pytest.mark.parametrize("address", ["/actualites/nexiste-pas/", "/sans.barre"])
def test_the_demonstration_shows_the_same_page(landes_space, settings, address):
    settings.DEBUG = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "portal.core.errors.NotFoundPageMiddleware"]
    response = Client().get(address)
    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


def test_the_error_page_needs_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        text = render_to_string("500.html")
    assert "Erreur inattendue" in text


def test_a_crash_gives_the_error_page(landes_space, monkeypatch):
    from pages.models import NewsIndexPage

    def crash(self, request):
        raise RuntimeError("planned")

    monkeypatch.setattr(NewsIndexPage, "get_form", crash)
    client = Client(raise_request_exception=False)
    response = client.get("/actualites/")
    assert response.status_code == 500
    assert "Erreur inattendue" in response.content.decode()


# --- Icons, dates, drawings ------------------------------------------------------------------------------------------
def test_every_icon_in_use_is_in_the_style_sheet():
    css = TARGET.read_text()
    missing = [name for name in used_icons() if f".fr-icon-{name}::before" not in css]
    assert missing == [], "run manage.py build_icons"


def test_an_icon_the_dsfr_does_not_have_is_an_error():
    with pytest.raises(CommandError, match="licorne-line"):
        stylesheet({"licorne-line"})


def test_dates_and_numbers_are_french():
    assert fr_date(timezone.datetime(2026, 3, 1, 12, tzinfo=timezone.get_current_timezone())) == "1er mars 2026"
    assert fr_date(timezone.datetime(2026, 3, 2).date()) == "2 mars 2026"
    assert fr_date(None) == ""
    assert inhabitants(413690) == "413\u202f690\u00a0habitants"
    assert inhabitants(1) == "1\u00a0habitant"


def test_pictograms_are_the_bundled_ones():
    assert "/static/dsfr/dist/artwork/pictograms/map/map.svg#artwork-major" in pictogram("map")
    with pytest.raises(KeyError):
        pictogram("../../secret")
