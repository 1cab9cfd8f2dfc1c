"""The demonstration: complete, made once, only with DEBUG, taken away exactly. Seeded once for the module, on the few
territories of the baseline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.blocks import ListBlock, StreamBlock, StructBlock, StructValue
from wagtail.documents.models import Document
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.models import Collection, Page

from dossiers.enums import DecisionState, OpinionState, State
from dossiers.journal import faults
from dossiers.models import (
    Decision,
    Dossier,
    DossierEvent,
    Envelope,
    Label,
    Message,
    Opinion,
    PerimeterClaim,
    PieceVersion,
    SavedView,
)
from events.enums import Status
from events.models import EventPage, Registration, Seating
from newsletters.models import ConsentEvent, MailingList, Subscriber, Subscription
from pages.models import HelpPage, InitiativePage, NewsPage, StandardPage
from portal.accounts.models import Organisation, User
from portal.core.models import Audience, Theme
from portal.core.vocabulary import load_vocabulary
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.demo.content import dossiers, events, initiatives, news, registrations, resources, standard, subscribers
from portal.demo.content import help as help_content
from portal.demo.illustrations.scenes import SCENES
from portal.demo.models import SeededObject
from portal.demo.seed import delete_demo, seed_demo
from portal.demo.seed.files import csv_file, odt_file, pdf_file
from portal.notifications.enums import MailState
from portal.notifications.models import Notice
from portal.territories.models import Space, Territory, TerritoryLink
from resources.models import ResourcePage

# One process seeds, and runs them all.
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.wide]
MODELS = (
    *(Page, User, Organisation, Image, Document, Space, Collection, Subscriber, ConsentEvent),
    *(Dossier, DossierEvent, Decision, PieceVersion, Message, Opinion, Envelope, Label, SavedView, PerimeterClaim),
)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def _more_of_the_landes() -> None:
    """The intercommunalités of the demonstration's dossiers that the baseline has not, with a commune each."""
    landes = Territory.objects.get(level="departement", code="40")
    above = list(TerritoryLink.objects.filter(descendant=landes).values_list("ancestor", flat=True))
    for number, code in enumerate(("244000865", "244000659", "244000881", "244000824"), 1):
        given = {"region": landes.region, "departement": landes, "time_zone": landes.time_zone, "vintage": 2026}
        epci = Territory.objects.create(
            level="epci", code=code, name=f"CC {number}", slug=f"cc-{number}", kind="CC", population=1000, **given
        )
        commune = Territory.objects.create(
            level="commune",
            code=f"4090{number}",
            name=f"Commune {number}",
            slug=f"c-{number}",
            kind="commune-actuelle",
            **given,
        )
        pairs = [(key, each.pk) for each in (epci, commune) for key in [*above, each.pk]] + [(epci.pk, commune.pk)]
        TerritoryLink.objects.bulk_create(TerritoryLink(ancestor_id=a, descendant_id=d) for a, d in pairs)


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
                _more_of_the_landes()
                # As the command does: what every installation has comes before.
                call_command("load_dossier_types", verbosity=0)
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


def _used(block: Any, value: Any) -> Iterator[tuple[Any, str]]:
    """(stream block, name) of every component in ``value``, a value of ``block``, at any depth."""
    if isinstance(block, StreamBlock):
        for child in value:
            yield block, child.block_type
            yield from _used(child.block, child.value)
    elif isinstance(block, StructBlock) and isinstance(value, StructValue):
        for name, child in block.child_blocks.items():
            yield from _used(child, value[name])
    elif isinstance(block, ListBlock):
        for each in value:
            yield from _used(block.child_block, each)


def _streams(block: Any) -> Iterator[StreamBlock]:
    """``block`` and the stream blocks inside it."""
    if isinstance(block, StreamBlock):
        yield block
    for child in [*getattr(block, "child_blocks", {}).values(), *filter(None, [getattr(block, "child_block", None)])]:
        yield from _streams(child)


def test_every_component_occurs_somewhere(demo):
    """Components are read off the fields' own definitions: a new one has to enter the demonstration."""
    offered: set[tuple[str, str]] = set()
    used: set[tuple[str, str]] = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, StreamField):
                for stream in _streams(field.stream_block):
                    offered |= {(type(stream).__name__, name) for name in stream.child_blocks}
                for page in model._default_manager.all():
                    found = _used(field.stream_block, getattr(page, field.name))
                    used |= {(type(stream).__name__, name) for stream, name in found}
    assert len([name for stream, name in offered if stream == "BodyBlock"]) >= 16
    assert offered - used == set()


def test_the_components_are_valid_and_each_is_shown(demo):
    page = HelpPage.objects.get(slug="les-composants-dune-page")
    page.full_clean()
    html = Client().get(page.get_url()).content.decode()
    for sign in ("<table", "fr-quote", "fr-callout", "fr-alert--warning", "fr-accordion", "fr-tile", "fr-card",
                 "fr-card--download", "Transcription", "openstreetmap", "Horaires d’une permanence"):  # fmt: skip
        assert sign in html, sign


def test_each_letter_has_a_few_fictitious_subscribers(demo):
    lists = MailingList.objects.filter(territory__space__closed_at=None, is_default=True)
    assert lists.count() >= 5
    for one in lists:
        assert 3 <= one.subscriptions.count() <= 5
        assert one.subscriptions.active().count() >= 3
    assert all(person.address.endswith("@exemple.fr") for person in Subscriber.objects.all())
    assert ConsentEvent.objects.count() == Subscription.objects.count()


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
    assert len(help_content.PAGES) >= 21
    assert {row["fields"]["type"] for row in resources.RESOURCES} == set(resources.TYPES)
    assert {row["fields"]["status"] for row in events.EVENTS} == set(Status.values)
    moved = [row for row in events.EVENTS if row["fields"]["status"] == Status.PASSE_EN_LIGNE]
    assert all(row["day"] > 0 and row["mode"] == "en_ligne" and not row["venue"] for row in moved)
    assert any(row["day"] < 0 for row in events.EVENTS)
    assert any(row["day"] > 30 for row in events.EVENTS)


def test_no_real_address_and_no_phone_number_in_the_content():
    text = repr(
        [
            news.NEWS,
            events.EVENTS,
            resources.RESOURCES,
            initiatives.INITIATIVES,
            help_content.PAGES,
            standard.PAGES,
            subscribers.SUBSCRIBERS,
            registrations.SERIES,
            registrations.REGISTERED,
            dossiers.DOSSIERS,
        ]
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


def test_the_series_of_the_demonstration(demo):
    page = EventPage.objects.get(title="Les jeudis de l’inclusion numérique")
    dates = list(page.occurrences.order_by("starts_at"))
    assert len(dates) > 15
    assert {each.mode for each in dates} == {"sur_place", "en_ligne"}
    assert [each.status for each in dates].count("annule") == 1
    assert [each.start_date.weekday() for each in dates if each.status == "reprogramme"] == [2]
    assert sorted({each.capacity for each in dates}) == [12, 20]
    text = Client().get(page.get_url()).content.decode()
    assert "Sur place\u00a0: le jeudi, une semaine sur 2" in text
    assert "En ligne\u00a0: le jeudi, une semaine sur 2" in text
    assert "visio.exemple.invalid" not in text


def test_registrations_of_the_demonstration_are_of_every_kind_and_counted(demo):
    rows = Registration.objects.order_by("pk")
    assert {row.state for row in rows} >= {"confirmed", "waiting", "pending", "refused", "cancelled"}
    assert all(row.email.endswith("@exemple.fr") for row in rows)
    assert rows.filter(attended=True).count() == 7
    assert rows.filter(attended=False).count() == 3
    for seating in Seating.objects.order_by("pk"):
        mine = rows.filter(occurrence=seating.occurrence_id)
        assert seating.taken + seating.taken_online == mine.holding().count()
        assert seating.waiting == mine.in_line().count()
    free = Client().get("/territoires/nouvelle-aquitaine/landes/agenda/?places=libres").content.decode()
    assert "accompagner sans faire à la place" in free
    assert "reconnaître les fraudes" not in free
    full = EventPage.objects.get(title__contains="fraudes")
    assert "Rejoindre la liste d’attente" in Client().get(full.get_url()).content.decode()


def test_near_dax_in_the_demonstration(demo):
    found = Client().get("/territoires/nouvelle-aquitaine/landes/agenda/?autour=Dax&km=10").content.decode()
    assert "accompagner sans faire à la place" in found
    assert "Les jeudis de l’inclusion numérique" not in found


def test_dossiers_of_the_demonstration_are_in_every_state_and_their_logs_hold(demo):
    assert {each.state for each in Dossier.objects.all()} == set(State.values)
    assert [fault for each in Dossier.objects.all() for fault in faults(each)] == []
    incomplete = Dossier.objects.get(state=State.INCOMPLETE)
    assert incomplete.complement_due_at > timezone.now()
    assert incomplete.requests.get().items.count() == 2
    assert Decision.objects.filter(state=DecisionState.PROPOSED).exists()
    assert Decision.objects.filter(state=DecisionState.LAPSED).exists()
    assert Opinion.objects.filter(state=OpinionState.GIVEN).exists()
    assert Dossier.objects.filter(due_at__lt=timezone.now(), state=State.INSTRUCTION).exists(), "one is late"
    assert Dossier.objects.filter(published_page__live=True).count() == 3
    first = DossierEvent.objects.order_by("at").first()
    assert first.at < timezone.now() - timedelta(days=200)
    assert not Notice.objects.filter(kind__startswith="dossier.").exclude(mail=MailState.NONE).exists()
    assert Envelope.objects.filter(committed=Decimal(30000)).count() == 1
