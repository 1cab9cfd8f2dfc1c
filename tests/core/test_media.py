"""An image is as private as the pages that show it."""

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import PageViewRestriction

from pages.models import NewsPage
from portal.core.models import SiteIdentity
from tests.factories import make_member, make_news, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(landes_space):
    data = BytesIO()
    Picture.new("RGB", (60, 40), "navy").save(data, "PNG")
    data.seek(0)
    return Image.objects.create(title="Dune", file=ImageFile(data, name="dune.png"), collection=landes_space.collection)


@pytest.fixture
def address(image):
    return image.get_rendition("width-20").url


def status(client, address):
    response = client.get(address)
    response.close()
    return response.status_code


def test_an_image_that_no_page_shows_is_not_public(client, address):
    assert status(client, address) == 404


def test_the_image_of_a_page_follows_the_page(client, image, address, landes_space):
    news = make_news(landes_space, image=image, image_decorative=True, live=False)
    assert status(client, address) == 404
    news.save_revision().publish()
    shown = client.get(address)
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/png"
    assert shown["Cache-Control"].startswith("public")
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    shown.close()
    NewsPage.objects.get(pk=news.pk).unpublish()
    assert status(client, address) == 404


def test_the_image_of_a_private_page_is_for_its_readers(client, image, address, landes_space):
    make_news(landes_space, image=image, image_decorative=True)
    PageViewRestriction.objects.create(page=landes_space.page, restriction_type="login")
    assert status(client, address) == 404
    client.force_login(make_user())
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    answer.close()


def test_an_image_in_the_body_is_public_with_its_page(client, image, address, landes_space, commit):
    body = [{"type": "image", "value": {"image": {"image": image.pk, "decorative": True, "alt_text": ""}}}]
    with commit():
        news = make_news(landes_space, body=body)
    assert str(image.pk) in str(news.body.get_prep_value())
    assert status(client, address) == 200


def test_the_space_s_editor_sees_it_before_publication_and_another_s_does_not(
    client, address, landes_space, nouvelle_aquitaine
):
    from pages.services import open_territory_space
    from portal.territories.models import Territory

    vaucluse = Territory.objects.get(level="departement", code="84")
    open_territory_space(territory=vaucluse)
    client.force_login(make_member("editor", landes_space.territory))
    assert status(client, address) == 200
    client.force_login(make_member("editor", vaucluse))
    assert status(client, address) == 404


def test_the_logo_is_public(client, image, address):
    from wagtail.models import Site

    identity = SiteIdentity.for_site(Site.objects.get(is_default_site=True))
    identity.logo = image
    identity.save()
    assert status(client, address) == 200


def test_a_public_image_costs_no_query_the_second_time(
    client, image, address, landes_space, settings, django_assert_num_queries, commit
):
    settings.PAGE_CACHE_SECONDS = 600
    news = make_news(landes_space, image=image, image_decorative=True)
    assert status(client, address) == 200
    with django_assert_num_queries(0):
        assert status(client, address) == 200
    with commit():
        NewsPage.objects.get(pk=news.pk).unpublish()
    assert status(client, address) == 404


@pytest.mark.parametrize(
    "name",
    [
        "../portal.sqlite3",
        "%2e%2e/settings.py",
        "nothing.png",
        "",
        "a" * 400,
        "%00.png",
        "x/../../original_images/dune.png",
    ],
)
def test_nothing_else_has_an_address(client, address, name):
    assert status(client, f"/media/images/{name}") == 404


def test_the_original_has_no_address(client, image, landes_space):
    make_news(landes_space, image=image, image_decorative=True)
    assert status(client, image.file.url) == 404
