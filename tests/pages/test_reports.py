"""« Signaler cette page »: what readers may send, and nobody else's page."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from wagtail.models import PageViewRestriction

from pages.enums import ReportState
from pages.models import PageReport
from pages.reports.forms import stamp
from pages.reports.services import KEEP_ADDRESSES, forget
from pages.services import close_territory_space
from portal.accounts.enums import Role
from portal.notifications.models import Notice
from tests.factories import make_member, make_news

pytestmark = pytest.mark.django_db


def given(**fields):
    return {"motif": "errors", "precisions": "La date est fausse.", "depuis": stamp(time.time() - 60)} | fields


@pytest.fixture
def page(landes_space):
    return make_news(landes_space, title="Une page en ligne")


def send(client, page, **fields):
    return client.post(f"/signaler/{page.pk}/", given(**fields))


def test_a_published_page_leads_to_its_form(client, page):
    assert f'href="/signaler/{page.pk}/"' in client.get(page.url).content.decode()
    response = client.get(f"/signaler/{page.pk}/")
    html = response.content.decode()
    assert "Une page en ligne" in html
    for reason in ("Inapproprié", "Obsolète", "Erreurs", "Doublon"):
        assert reason in html
    assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"]


def test_a_report_is_kept_and_its_editors_are_told(client, page, landes, nouvelle_aquitaine, commit):
    editor = make_member(Role.EDITOR, landes)
    above = make_member(Role.EDITOR, nouvelle_aquitaine)
    make_member(Role.CONTRIBUTOR, landes)
    with commit():
        response = send(client, page, adresse="lectrice@exemple.fr")
    assert response.headers["Location"] == f"/signaler/{page.pk}/merci/"
    assert "Une page en ligne" in client.get(response.headers["Location"]).content.decode()
    report = PageReport.objects.get()
    assert (report.page_id, report.reason, report.text, report.email, report.state) == (
        page.pk, "errors", "La date est fausse.", "lectrice@exemple.fr", ReportState.OPEN
    )  # fmt: skip
    assert [notice.recipient for notice in Notice.objects.filter(kind="pages.reported")] == [editor]
    assert above.pk != editor.pk


def test_where_nobody_edits_those_above_are_told(client, page, nouvelle_aquitaine, nation):
    above = make_member(Role.EDITOR, nouvelle_aquitaine)
    make_member(Role.ADMIN_NATIONAL, nation)
    send(client, page)
    assert [notice.recipient for notice in Notice.objects.filter(kind="pages.reported")] == [above]


def test_the_same_visitor_adds_to_their_report(client, page, landes):
    make_member(Role.EDITOR, landes)
    send(client, page)
    send(client, page, motif="obsolete", precisions="Et le lieu aussi.")
    send(client, page, precisions="Et le lieu aussi.")
    report = PageReport.objects.get()
    assert report.times == 3
    assert report.text == "La date est fausse.\n\nEt le lieu aussi."
    assert Notice.objects.filter(kind="pages.reported").count() == 1


def test_another_visitor_and_another_page_are_other_reports(client, page, landes_space):
    send(client, page)
    client.post(f"/signaler/{page.pk}/", given(), REMOTE_ADDR="192.0.2.7")
    other = make_news(landes_space)
    send(client, other)
    assert PageReport.objects.count() == 3
    # Nobody is followed from a page to another, and no address is kept.
    assert PageReport.objects.values("visitor").distinct().count() == 3
    assert not PageReport.objects.filter(visitor__contains="127.0.0.1").exists()


@pytest.mark.parametrize("state", ["draft", "private", "closed", "none", "huge"])
def test_only_what_anybody_reads_is_reported(client, page, landes_space, state):
    key = page.pk
    if state == "draft":
        page.unpublish()
    elif state == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")
    elif state == "closed":
        close_territory_space(space=landes_space)
    elif state == "none":
        key = 999_999
    else:
        key = 10**30
    for address in (f"/signaler/{key}/", f"/signaler/{key}/merci/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/signaler/{key}/", given()).status_code == 404
    assert not PageReport.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"motif": ""}, "Choisissez un motif."),
        ({"motif": "spam"}, "Choisissez un motif de la liste."),
        ({"adresse": "pas une adresse"}, "Saisissez une adresse e-mail valide"),
        ({"precisions": "a" * 1001}, "1 000 caractères au plus"),
        ({"precisions": "a\x00b"}, "caractère invisible"),
        ({"depuis": stamp(4e9)}, "parti très vite"),
        ({"depuis": stamp(time.time() - 3) + "x"}, "ouvert trop longtemps"),
        ({"depuis": ""}, "ouvert trop longtemps"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_is_kept(client, page, fields, said):
    response = send(client, page, **({"precisions": "Un détail précieux."} | fields))
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html.replace("\u00a0", " ")
    if "precisions" not in fields:
        assert "Un détail précieux." in html
    assert not PageReport.objects.exists()


def test_a_robot_is_thanked_and_forgotten(client, page):
    response = send(client, page, site_web="http://exemple.invalid")
    assert response.headers["Location"].endswith("/merci/")
    assert not PageReport.objects.exists()


def test_twenty_reports_in_a_minute(client, page, landes_space):
    others = [make_news(landes_space) for _ in range(11)]
    statuses = [send(client, other).status_code for other in others]
    assert statuses == [302] * 10 + [429]
    assert PageReport.objects.count() == 10
    caches["default"].clear()
    assert send(client, others[-1]).status_code == 302


def test_what_is_written_is_shown_as_text(client, page, landes):
    send(client, page, precisions="<script>alert(1)</script><img src=x onerror=alert(1)>")
    client.force_login(make_member(Role.EDITOR, landes))
    html = client.get(f"/admin/signalements/{PageReport.objects.get().pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<img src=x" not in html


def test_addresses_are_forgotten_ninety_days_after(client, page, landes):
    for number in range(3):
        client.post(
            f"/signaler/{page.pk}/", given(adresse=f"l{number}@exemple.fr"), REMOTE_ADDR=f"192.0.2.{number + 1}"
        )
    old, young, still_open = PageReport.objects.order_by("created_at")
    now = timezone.now()
    for report, days in ((old, 91), (young, 89)):
        report.state, report.handled_at = ReportState.HANDLED, now - timedelta(days=days)
        report.save()
    assert timedelta(days=90) == KEEP_ADDRESSES
    assert forget(now) == 1
    assert forget(now) == 0
    kept = {report.pk: (bool(report.email), bool(report.visitor)) for report in PageReport.objects.order_by("pk")}
    assert kept == {old.pk: (False, False), young.pk: (True, True), still_open.pk: (True, True)}
