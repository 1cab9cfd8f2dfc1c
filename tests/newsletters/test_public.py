"""What the public sees of letters: public lists, and never an address, a private list or a name."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.html import escape

from newsletters import services
from newsletters.models import MailingList, Subscriber, Subscription
from pages.services import ensure_site, open_territory_space
from portal.territories.enums import Level
from portal.territories.models import Territory

LANDES = "/territoires/nouvelle-aquitaine/landes/"
SURFACES = [
    "/",
    "/lettres/",
    f"{LANDES}lettres/",
    LANDES,
    "/lettres/abonnement/",
    "/lettres/abonnement/?liste=interne&liste=lettre-landes",
    "/lettres/abonnement/merci/",
    "/recherche/?q=camille",
    "/recherche/?q=interne",
    "/actualites/rss/",
    "/ressources/atom/",
]


@pytest.fixture
def planted(landes_space, landes):
    private = MailingList.objects.create(
        territory=landes, name="Interne des coordinateurs", slug="interne", visibility="private"
    )
    person = Subscriber.objects.create(address="camille.secrete@exemple.fr", name="Camille Secrète")
    for one in MailingList.objects.filter(territory=landes):
        Subscription.objects.create(list=one, subscriber=person, state="active", confirmed_at=timezone.now())
    return private


@pytest.mark.parametrize("address", SURFACES)
def test_no_address_and_no_private_list_on_any_public_surface(client, planted, address):
    response = client.get(address)
    assert response.status_code == 200
    content = response.content.decode()
    for secret in ("camille.secrete", "Camille Secrète", planted.name):
        assert secret not in content


def test_a_space_shows_its_lists_and_those_above_and_the_national_page_shows_them_all(client, landes_space, landes):
    own = MailingList.objects.get(territory=landes)
    region = MailingList.objects.get(territory__level="region", is_default=True)
    national = MailingList.objects.get(territory__level="nation")
    for page in ("/lettres/", f"{LANDES}lettres/"):
        content = client.get(page).content.decode()
        for one in (own, region, national):
            assert escape(one.name) in content, page
    assert escape(own.name) not in client.get("/territoires/nouvelle-aquitaine/lettres/").content.decode()
    own.archived_at = timezone.now()
    own.save()
    assert escape(own.name) not in client.get("/lettres/").content.decode()


def test_a_space_has_one_default_list_however_often_it_opens_and_keeps_its_settings(landes_space, landes):
    MailingList.objects.filter(territory=landes).update(name="Notre lettre", frequency="weekly")
    open_territory_space(territory=landes)
    ensure_site()
    assert MailingList.objects.get(territory=landes).name == "Notre lettre"
    assert services.ensure_default_list(territory=landes).frequency == "weekly"
    assert MailingList.objects.filter(territory__level="nation").count() == 1


@pytest.mark.parametrize("address", ["/lettres/", f"{LANDES}lettres/"])
def test_the_page_costs_the_same_with_one_more_list_or_three(
    client, landes_space, landes, address, django_assert_num_queries
):
    MailingList.objects.create(territory=landes, name="Une", slug="une")
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)
    for slug in ("deux", "trois"):
        MailingList.objects.create(territory=landes, name=slug, slug=slug)
    client.get(address)
    with django_assert_num_queries(7):
        assert "trois" in client.get(address).content.decode()


def test_regions_follow_the_alphabet_accents_aside(client, landes_space):
    for code, name in (("32", "Hauts-de-France"), ("11", "Île-de-France")):
        region = Territory.objects.filter(level=Level.REGION).exclude(code__in=("75", "11", "32")).first()
        Territory.objects.filter(pk=region.pk).update(code=code, name=name)
        services.ensure_default_list(territory=Territory.objects.get(pk=region.pk))
    page = BeautifulSoup(client.get("/lettres/").content, "html.parser")
    names = [legend.get_text() for legend in page.select(".letters-regions legend")]
    assert names == ["Hauts-de-France", "Île-de-France", "Nouvelle-Aquitaine"]
