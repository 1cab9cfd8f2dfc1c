"""The form before a page, or a document, kept under a shared password."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from tests.factories import make_news

pytestmark = pytest.mark.django_db
SECRET = "ouvre-toi"


@pytest.fixture
def kept(landes_space):
    """A news item under a password, its address and that of the form."""
    news = make_news(landes_space, title="Réunion réservée aux préfectures")
    restriction = PageViewRestriction.objects.create(page=news, restriction_type="password", password=SECRET)
    form = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, news.pk])
    return news, news.get_url(), form


def test_the_form_is_the_portal_s_and_says_nothing_of_the_page(client, kept):
    news, address, form = kept
    response = client.get(address)
    page = response.content.decode()
    assert "restricted/page.html" in [each.name for each in response.templates]
    assert f'<form method="post" action="{form}"' in page
    assert '<label class="fr-label" for="mot-de-passe-partage">' in page
    assert f'name="return_url" value="{address}"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert news.title not in page
    assert "fr-message--error" not in page
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("typed", "said"), [("", "Saisissez"), ("sésame", "incorrect")])
def test_a_wrong_password_is_told_beside_the_field(client, kept, typed, said):
    news, address, form = kept
    page = client.post(form, {"password": typed, "return_url": address}).content.decode()
    field = page.partition('<div class="fr-input-group fr-input-group--error">')[2].partition("</form>")[0]
    assert said in field.partition('id="mot-de-passe-partage-erreur">')[2].partition("</p>")[0]
    assert 'aria-invalid="true" aria-describedby="mot-de-passe-partage-erreur"' in field
    assert f'name="return_url" value="{address}"' in page
    assert "<title>Erreur" in page
    assert news.title not in page
    assert typed == "" or typed not in page
    assert news.title not in client.get(address).content.decode()


def test_the_right_password_opens_the_page_to_that_visitor_alone(client, kept):
    news, address, form = kept
    assert client.post(form, {"password": SECRET, "return_url": address}).headers["Location"] == address
    assert news.title in client.get(address).content.decode()
    assert news.title not in type(client)().get(address).content.decode()


def test_the_form_asked_for_by_its_own_address_leads_home(client, kept):
    form = kept[2]
    assert 'name="return_url" value="/"' in client.get(form).content.decode()
    elsewhere = client.post(form, {"password": SECRET, "return_url": "https://ailleurs.invalid/"})
    assert "ailleurs" not in elsewhere.headers["Location"]


def test_a_space_under_a_password_does_not_show_its_name(client, landes_space):
    PageViewRestriction.objects.create(page=landes_space.page, restriction_type="password", password=SECRET)
    page = client.get(landes_space.page.get_url()).content.decode()
    assert "Mot de passe partagé" in page
    assert "Landes" not in page


def test_documents_of_a_collection_under_a_password(client, landes_space):
    document = Document.objects.create(
        title="Compte rendu", file=ContentFile(b"%PDF-1.4", "compte-rendu.pdf"), collection=landes_space.collection
    )
    restriction = CollectionViewRestriction.objects.create(
        collection=landes_space.collection, restriction_type="password", password=SECRET
    )
    form = reverse("wagtaildocs_authenticate_with_password", args=[restriction.pk])
    response = client.get(document.url)
    page = response.content.decode()
    assert "restricted/document.html" in [each.name for each in response.templates]
    assert f'<form method="post" action="{form}"' in page
    assert "Compte rendu" not in page
    refused = client.post(form, {"password": "non", "return_url": document.url}).content.decode()
    assert 'id="mot-de-passe-partage-erreur">Le mot de passe' in refused
    accepted = client.post(form, {"password": SECRET, "return_url": document.url})
    assert accepted.headers["Location"] == document.url
