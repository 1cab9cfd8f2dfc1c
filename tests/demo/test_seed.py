"""The demonstration: complete, made once, only with DEBUG, taken away exactly. Seeded once for the module, on the few
territories of the baseline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, Page

from events.models import EventPage
from pages.models import HelpPage, InitiativePage, NewsPage, StandardPage
from portal.accounts.models import Organisation, User
from portal.core.models import Audience, Theme
from portal.core.vocabulary import load_vocabulary
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.demo.content import events, initiatives, news, resources, standard
from portal.demo.content import help as help_content
from portal.demo.illustrations.scenes import SCENES
from portal.demo.models import SeededObject
from portal.demo.seed import delete_demo, seed_demo
from portal.demo.seed.files import csv_file, odt_file, pdf_file
from portal.territories.models import Space
from resources.models import ResourcePage

# One process seeds, and runs them all.
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.wide]
MODELS = (Page, User, Organisation, Image, Document, Space, Collection)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """The demonstration, in a transaction that the module's end rolls back. Yields the counts before it."""
    with django_db_blocker.unblock():
        debug, settings.DEBUG = settings.DEBUG, True
        block = transaction.atomic()
        block.__enter__()
        try:
            before = counts()
            try:
                seed_demo()
            finally:
                settings.DEBUG = debug
            yield before
        finally:
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
            connection.close_if_unusable_or_obsolete()


@pytest.fixture
def demo(seeded: dict[str, int], db: None) -> dict[str, int]:
    return seeded


def test_seeding_twice_doubles_nothing(demo, settings):
    settings.DEBUG = True
    after = counts()
    assert after != demo
    assert seed_demo() == 0
    assert counts() == after


def test_an_interrupted_seeding_is_taken_up_again(demo, settings):
    settings.DEBUG = True
    page = NewsPage.objects.first()
    SeededObject.objects.filter(key__startswith="news:", object_id=str(page.pk)).delete()
    page.delete()
    total = NewsPage.objects.count()
    assert seed_demo() == 1
    assert NewsPage.objects.count() == total + 1


def test_a_region_s_events_are_organised_by_its_hub(demo):
    event = EventPage.objects.filter(fact__space__territory__level="region", fact__space__territory__code="04").first()
    assert event.organisation.name == "Hub UltraNumérique"


def test_the_obligatory_pages_are_written(demo):
    text = Client().get("/accessibilite/").content.decode()
    assert "partiellement conforme" in text
    assert "RGAA" in text


def test_what_somebody_deleted_stays_deleted(demo, settings):
    settings.DEBUG = True
    NewsPage.objects.first().delete()
    assert seed_demo() == 0


def test_deletion_leaves_no_trace(demo):
    deleted, kept = delete_demo()
    assert (kept, counts(), SeededObject.objects.count()) == ([], demo, 0)
    assert deleted > 100
    assert not any(page.lead or page.body for page in StandardPage.objects.all())


def test_a_space_in_which_somebody_wrote_is_kept(demo):
    from tests.factories import make_news

    space = Space.objects.get(territory__level="departement", territory__code="40")
    make_news(space, title="Écrit par une personne")
    _, kept = delete_demo()
    assert "space:departement-40" in kept
    assert NewsPage.objects.get().title == "Écrit par une personne"


@pytest.mark.django_db
def test_refused_without_debug():
    before = counts(), SeededObject.objects.count()
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed_demo")
    assert (counts(), SeededObject.objects.count()) == before


def test_every_seeded_page_is_valid_and_renders_with_its_title(demo):
    client = Client()
    rendered = 0
    for model in (NewsPage, EventPage, ResourcePage, InitiativePage, HelpPage):
        for page in model.objects.all():
            page.full_clean()
            response = client.get(page.get_url())
            assert response.status_code == 200
            assert response.context["page"].title in page.title
            rendered += 1
    assert rendered > 80


def test_french_punctuation_does_not_begin_a_line(demo):
    loose = re.compile(r"\w [:;!?»]|« ")
    for model in (NewsPage, EventPage, ResourcePage, InitiativePage, HelpPage):
        for page in model.objects.all():
            assert not loose.search(
                f"{page.title} / {page.lead} / {json.dumps(page.body.get_prep_value(), ensure_ascii=False)}"
            )
    landes = Space.objects.get(territory__level="departement", territory__code="40").page.specific
    assert "inclusion numérique dans les Landes." in landes.introduction


def test_accounts_have_their_roles_and_a_verified_address(demo):
    from allauth.account.models import EmailAddress

    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password(PASSWORD)
        assert list(user.memberships.values_list("role", flat=True)) == ([account.role] if account.role else [])
        assert EmailAddress.objects.get(user=user).verified


@pytest.mark.django_db
def test_the_vocabulary_is_complete_and_loaded_once():
    load_vocabulary()
    assert load_vocabulary() == 0
    families = {family: Theme.objects.filter(family=family).count() for family in
                ("inclusion", "culture", "communs", "environnement")}  # fmt: skip
    assert families == {"inclusion": 9, "culture": 8, "communs": 5, "environnement": 7}
    assert Audience.objects.count() == 8


def test_the_content_is_as_large_and_as_varied_as_announced():
    assert len(news.NEWS) == 60
    assert len(events.EVENTS) >= 80
    assert len(resources.RESOURCES) == 40
    assert len(initiatives.INITIATIVES) == 6
    assert len(help_content.PAGES) == 12
    assert {row["fields"]["type"] for row in resources.RESOURCES} == set(resources.TYPES)
    assert {row["fields"]["status"] for row in events.EVENTS} >= {"programme", "annule", "complet", "reporte"}
    assert any(row["day"] < 0 for row in events.EVENTS)
    assert any(row["day"] > 30 for row in events.EVENTS)


def test_no_real_address_and_no_phone_number_in_the_content():
    text = repr(
        [news.NEWS, events.EVENTS, resources.RESOURCES, initiatives.INITIATIVES, help_content.PAGES, standard.PAGES]
    )
    assert set(re.findall(r"@([\w.-]+\w)", text)) == {"exemple.fr"}
    assert re.findall(r"(?:\+33|\b0)[1-9](?:[ .]?\d{2}){4}\b", text) == []
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    assert {host for host in hosts if not host.endswith(".invalid")} == set()


def test_every_image_of_the_content_is_drawn_and_shipped():
    from portal.demo.seed.media import FOLDER

    drawn = {scene.slug for scene in SCENES}
    assert len(drawn) >= 24
    assert {path.stem for path in FOLDER.glob("*.webp")} == drawn
    used = {row["image"] for row in [*news.NEWS, *events.EVENTS, *resources.RESOURCES, *initiatives.INITIATIVES]}
    assert used <= drawn
    assert all((FOLDER / f"{slug}.webp").stat().st_size < 40_000 for slug in drawn)


def test_small_files_are_what_they_say():
    pdf = pdf_file("Été (1)", ["Une ligne à œuvrer"])
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    assert pdf.startswith(b"%PDF-1.7")
    assert pdf[start : start + 4] == b"xref"
    assert b"/StructTreeRoot" in pdf
    assert odt_file("Titre", ["a < b"])[30:38] == b"mimetype"
    assert csv_file("Titre", ["a | b"]) == "\ufeffa;b\r\n".encode()
    assert pdf == pdf_file("Été (1)", ["Une ligne à œuvrer"])
