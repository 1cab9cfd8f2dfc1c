"""Readers' reports and pages to read again, as editors handle them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from pages.enums import ReportReason, ReportState
from pages.models import PageReading, PageReport
from pages.reports.jobs import remind_of_stale_pages
from pages.reports.mail import write_to_reader
from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.core.facts import refresh_page
from portal.notifications.models import Notice
from portal.territories.models import Territory
from tests.events.factories import make_event
from tests.factories import make_member, make_news

pytestmark = pytest.mark.django_db
LIST = "/admin/signalements/"
STALE = "/admin/a-relire/"


@pytest.fixture
def editor(landes):
    return make_member(Role.EDITOR, landes)


@pytest.fixture
def vaucluse_space(db):
    return open_territory_space(territory=Territory.objects.get(level="departement", code="84"))


def make_report(page, space, **fields):
    return PageReport.objects.create(
        **{"page": page, "space": space, "title": page.title, "reason": ReportReason.ERRORS} | fields
    )


def old_news(space, days=400, **fields):
    page = make_news(space, **fields)
    Page.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=days))
    return page


def test_editors_see_the_reports_of_their_spaces_alone(client, editor, landes_space, vaucluse_space):
    mine = make_report(make_news(landes_space, title="La page des Landes"), landes_space)
    other = make_report(make_news(vaucluse_space, title="La page du Vaucluse"), vaucluse_space)
    client.force_login(editor)
    html = client.get(LIST).content.decode()
    assert "La page des Landes" in html
    assert "Vaucluse" not in html
    assert client.get(f"{LIST}{mine.pk}/").status_code == 200
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert client.post(f"{LIST}{other.pk}/", {"etat": "handled"}).status_code == 404
    assert client.post(f"{LIST}classer/", {"etat": "handled", "signalement": [mine.pk, other.pk]}).status_code == 404
    assert client.post(f"{LIST}classer/", {"etat": "handled", "signalement": ["x"]}).status_code == 404
    assert not PageReport.objects.exclude(state=ReportState.OPEN).exists()
    assert "Vaucluse" not in client.get(f"{LIST}?espace={vaucluse_space.pk}").content.decode()


@pytest.mark.parametrize("role", [Role.SENDER, Role.CONTRIBUTOR])
def test_who_reviews_nothing_sees_no_report(client, landes, landes_space, role):
    report = make_report(make_news(landes_space), landes_space)
    client.force_login(make_member(role, landes))
    for address in (LIST, f"{LIST}{report.pk}/", STALE):
        assert client.get(address).status_code in (302, 403)
    for address in (f"{LIST}{report.pk}/", f"{LIST}classer/", STALE):
        assert client.post(address, {"etat": "handled", "signalement": report.pk}).status_code in (302, 403)
    report.refresh_from_db()
    assert report.state == ReportState.OPEN


def test_an_answer_reaches_the_reader_once(client, editor, landes_space, commit):
    report = make_report(make_news(landes_space, title="La fête"), landes_space, email="lectrice@exemple.fr")
    client.force_login(editor)
    with commit():
        client.post(f"{LIST}{report.pk}/", {"etat": "handled", "reponse": "C’est corrigé, merci."})
    report.refresh_from_db()
    assert (report.state, report.handled_by) == (ReportState.HANDLED, editor)
    assert [(message.to, "C’est corrigé, merci." in message.body) for message in mail.outbox] == [
        (["lectrice@exemple.fr"], True)
    ]
    assert write_to_reader(str(report.pk)) is False
    entry = PageLogEntry.objects.get(action="pages.report_handled")
    assert (entry.user, entry.page_id) == (editor, report.page_id)
    assert "lectrice" not in str(entry.data)


def test_the_second_of_two_editors_is_told(client, editor, landes, landes_space):
    report = make_report(make_news(landes_space), landes_space)
    client.force_login(make_member(Role.EDITOR, landes))
    client.post(f"{LIST}{report.pk}/", {"etat": "rejected", "reponse": "Rien à corriger."})
    client.force_login(editor)
    response = client.post(f"{LIST}{report.pk}/", {"etat": "handled"}, follow=True)
    assert "Une autre personne vient de traiter ce signalement" in response.content.decode()
    report.refresh_from_db()
    assert (report.state, report.answer) == (ReportState.REJECTED, "Rien à corriger.")
    client.post(f"{LIST}{report.pk}/", {"reopen": "1"})
    report.refresh_from_db()
    assert report.state == ReportState.OPEN


@pytest.mark.parametrize("data", [{"etat": "published"}, {}, {"etat": "handled", "reponse": "a" * 2001}])
def test_a_forged_state_or_a_long_answer_changes_nothing(client, editor, landes_space, data):
    report = make_report(make_news(landes_space), landes_space)
    client.force_login(editor)
    assert client.post(f"{LIST}{report.pk}/", data).status_code == 200
    report.refresh_from_db()
    assert report.state == ReportState.OPEN


def test_several_are_closed_at_once(client, editor, landes_space):
    reports = [make_report(make_news(landes_space), landes_space) for _ in range(3)]
    client.force_login(editor)
    assert "Choisissez au moins un signalement." in client.post(f"{LIST}classer/", follow=True).content.decode()
    data = {"etat": "handled", "signalement": [report.pk for report in reports[:2]]}
    assert "2 signalements classés." in client.post(f"{LIST}classer/", data, follow=True).content.decode()
    assert PageReport.objects.open().get() == reports[2]


def test_lists_take_the_same_queries_for_one_and_three(client, editor, landes_space, django_assert_num_queries):
    client.force_login(editor)
    for count in (1, 2):
        for _ in range(count):
            page = old_news(landes_space)
            page.save_revision(user=editor)
            make_report(page, landes_space)
        client.get(LIST)
        with django_assert_num_queries(22):
            assert client.get(LIST).status_code == 200
        client.get(STALE)
        with django_assert_num_queries(21):
            assert client.get(STALE).status_code == 200


def test_filters(client, editor, landes_space, landes):
    make_report(make_news(landes_space, title="Une erreur"), landes_space)
    make_report(make_news(landes_space, title="Un doublon"), landes_space, reason=ReportReason.DUPLICATE)
    make_report(make_news(landes_space, title="Déjà traité"), landes_space, state=ReportState.HANDLED)
    client.force_login(editor)

    def shown(query):
        html = client.get(f"{LIST}{query}").content.decode()
        return {title for title in ("Une erreur", "Un doublon", "Déjà traité") if title in html}

    assert shown("") == {"Une erreur", "Un doublon"}
    assert shown("?etat=handled") == {"Déjà traité"}
    assert shown("?etat=&motif=duplicate") == {"Un doublon"}
    assert shown(f"?etat=&espace={landes_space.pk}") == {"Une erreur", "Un doublon", "Déjà traité"}
    for bad in ("?etat=x&motif=y&espace=z", "?espace=99999999999999999999"):
        assert client.get(LIST + bad).status_code == 200
    assert client.get(f"{LIST}?page=0").status_code == 404


def test_pages_nobody_read_for_a_year_are_listed_to_their_editors(client, editor, landes_space, vaucluse_space):
    old_news(landes_space, title="Vieille page")
    old_news(landes_space, days=360, title="Page récente")
    old_news(vaucluse_space, title="Vieille page d’ailleurs")
    draft = old_news(landes_space, title="Vieux brouillon")
    draft.refresh_from_db()
    draft.unpublish()
    past = make_event(landes_space, title="Vieil événement")
    Page.objects.filter(pk=past.pk).update(last_published_at=timezone.now() - timedelta(days=400))
    past.fact.date = timezone.now() - timedelta(days=390)
    past.fact.save()
    client.force_login(editor)
    html = client.get(STALE).content.decode()
    assert "Vieille page" in html
    for other in ("Page récente", "ailleurs", "Vieux brouillon", "Vieil événement"):
        assert other not in html


def test_to_say_that_pages_hold(client, editor, landes_space, vaucluse_space):
    mine, also = old_news(landes_space), old_news(landes_space)
    other = old_news(vaucluse_space)
    client.force_login(editor)
    assert "Choisissez au moins une page." in client.post(STALE, follow=True).content.decode()
    assert client.post(STALE, {"page": ["x"]}).status_code == 404
    client.post(STALE, {"page": [other.pk]})
    assert not PageReading.objects.exists()
    # The button of a line is about that line, whatever is chosen besides.
    client.post(STALE, {"seule": mine.pk, "page": [mine.pk, also.pk]})
    assert [(reading.page_id, reading.read_by) for reading in PageReading.objects.all()] == [(mine.pk, editor)]
    html = client.get(STALE).content.decode()
    assert also.title in html
    assert mine.title not in html
    client.post(STALE, {"page": [also.pk, mine.pk]})
    assert PageReading.objects.count() == 2
    assert PageLogEntry.objects.filter(action="pages.read_again").count() == 2
    PageReading.objects.filter(page=mine.pk).update(read_at=timezone.now() - timedelta(days=366))
    assert mine.title in client.get(STALE).content.decode()


def test_a_page_published_again_is_not_to_be_read(client, editor, landes_space):
    page = old_news(landes_space)
    page.refresh_from_db()
    page.save_revision().publish()
    refresh_page(page)
    client.force_login(editor)
    assert page.title not in client.get(STALE).content.decode()


def test_editors_are_reminded_once_a_month_and_a_space(editor, landes_space, vaucluse_space, settings):
    old_news(landes_space), old_news(landes_space)
    old_news(vaucluse_space)
    now = timezone.now()
    assert remind_of_stale_pages(now) == 1
    assert remind_of_stale_pages(now) == 0
    assert remind_of_stale_pages(now + timedelta(days=32)) == 1
    assert {(notice.recipient, notice.subject) for notice in Notice.objects.filter(kind="pages.stale")} == {
        (editor, "2 pages sont à relire")
    }
    settings.PAGE_STALE_DAYS = 500
    assert remind_of_stale_pages(now + timedelta(days=64)) == 0
