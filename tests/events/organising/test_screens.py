"""Organisers at work: lists, acts, exports, sheets, check-in; and who must not see any of it."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from events.models import Occurrence, Registration, RegistrationQuestion
from events.organising.certificates import code_of
from events.organising.retention import purge_registrations
from events.registration.mailing import send_due
from events.registration.tokens import make_token
from portal.accounts.enums import Role
from tests.factories import make_member

from ..factories import a_date, day_in, make_event, make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(landes_space):
    return make_member(Role.EDITOR, landes_space.territory)


@pytest.fixture
def organiser(client, editor):
    client.force_login(editor)
    return client


def date_of(space, *dates, **fields) -> Occurrence:
    page = make_event(space, *dates, **({"registration": "internal"} | fields))
    return page.occurrences.get()


def to(name, occurrence, *args):
    return reverse(f"organising_{name}", args=[occurrence.uid, *args])


def begun(occurrence: Occurrence) -> Occurrence:
    """As if it had started an hour ago."""
    now = timezone.now()
    Occurrence.objects.filter(pk=occurrence.pk).update(starts_at=now - timedelta(hours=1), ends_at=now)
    occurrence.refresh_from_db()
    return occurrence


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(organiser, landes_space, django_assert_num_queries, count):
    for _ in range(count):
        make_registration(date_of(landes_space), "pending")
    organiser.get(reverse("organising"))
    with django_assert_num_queries(20):
        shown = organiser.get(reverse("organising"))
    assert shown.content.decode().count("<strong>1</strong>") == count


def test_people_are_listed_filtered_and_found(organiser, landes_space):
    question = RegistrationQuestion(label="Votre métier ?", kind="text")
    occurrence = date_of(landes_space, questions=[question], capacity=10)
    key = str(occurrence.page.questions.get().key)
    make_registration(occurrence, name="Élodie Œuvrard", answers={key: "Médiatrice"}, needs="LSF")
    make_registration(occurrence, "waiting", name="Camille Exemple")
    shown = organiser.get(to("date", occurrence)).content.decode()
    assert "Élodie Œuvrard" in shown
    assert "Médiatrice" in shown
    assert "LSF" in shown
    assert "1 / 10" in shown
    found = organiser.get(to("date", occurrence) + "?q=elodie").content.decode()
    assert ("Élodie" in found, "Camille" in found) == (True, False)
    waiting = organiser.get(to("date", occurrence) + "?state=waiting").content.decode()
    assert ("Élodie" in waiting, "Camille" in waiting) == (False, True)


def test_requests_are_approved_together_and_refused_with_a_reason(organiser, landes_space):
    occurrence = date_of(landes_space, approval=True)
    first, second, third = (make_registration(occurrence, "pending") for _ in range(3))
    organiser.post(to("act", occurrence), {"action": "approve", "inscription": [first.pk, second.pk]})
    silent = organiser.post(to("refuse", occurrence, third.pk), {"reason": ""})
    assert silent.status_code == 422
    assert "Dites pourquoi" in silent.content.decode()
    organiser.post(to("refuse", occurrence, third.pk), {"reason": "Réservé aux Landes."})
    states = Registration.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["confirmed", "confirmed", "refused"]
    send_due()
    assert "Réservé aux Landes." in mail.outbox[-1].body


def test_somebody_is_registered_by_hand(organiser, landes_space):
    occurrence = date_of(landes_space, capacity=0)
    body = {"name": "À la porte", "email": "porte@exemple.fr"}
    organiser.post(to("add", occurrence), body)
    assert Registration.objects.get().state == "waiting"
    assert organiser.post(to("add", occurrence), body).status_code == 422
    organiser.post(to("add", occurrence), body | {"email": "autre@exemple.fr", "beyond": "on"})
    assert Registration.objects.get(email="autre@exemple.fr").state == "confirmed"


@pytest.fixture
def proved(client, editor, monkeypatch):
    """An organiser who has just proved who they are."""
    monkeypatch.setattr("portal.accounts.stepup.proved_recently", lambda request: True)
    client.force_login(editor)
    return client


def test_an_export_asks_for_a_proof_first(organiser, landes_space):
    occurrence = date_of(landes_space)
    make_registration(occurrence, name="Camille Exemple")
    answer = organiser.post(to("export", occurrence), {"format": "csv"})
    assert answer.status_code == 302
    assert b"Camille" not in answer.content


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_exports_have_everybody_their_answers_and_run_nothing(proved, landes_space, kind):
    question = RegistrationQuestion(label="Votre métier ?", kind="text")
    occurrence = date_of(landes_space, questions=[question])
    key = str(occurrence.page.questions.get().key)
    make_registration(occurrence, name="=cmd()", answers={key: "Œuvre & <cie>"}, needs="a\nb")
    content = proved.post(to("export", occurrence), {"format": kind}).content
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    elif kind == "xlsx":
        rows = [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.infolist()[0].filename == "mimetype"
            assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
            tree = ElementTree.fromstring(archive.read("content.xml"))
        table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
        rows = [["\n".join(c.itertext()) for c in row] for row in tree.iter(f"{table}table-row")]
    assert rows[0][-1] == "Votre métier ?"
    assert (rows[1][1], rows[1][-1]) == ("'=cmd()", "Œuvre & <cie>")
    assert len(rows) == 2


def test_the_sign_in_sheet_is_a_pdf_whatever_the_names(organiser, landes_space):
    occurrence = date_of(landes_space)
    for name in ("Łukasz Żółć", "Ngô Thị Hương", "😀 中", "x" * 150, "ligne\nautre"):
        make_registration(occurrence, name=name)
    answer = organiser.get(to("sheet", occurrence))
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"


def test_check_in_at_the_door(organiser, landes_space):
    occurrence = date_of(landes_space, a_date(day_in(0), None, None))
    first, second = make_registration(occurrence), make_registration(occurrence)
    make_registration(occurrence, "waiting", name="N’est pas attendue")
    page = organiser.get(to("check_in", occurrence)).content.decode()
    assert "sur 2 attendus" in page
    assert "N’est pas attendue" not in page
    organiser.post(to("check_in", occurrence), {"inscription": first.pk, "presence": "present"})
    organiser.post(to("check_in", occurrence), {"inscription": second.pk, "presence": "absent"})
    assert list(Registration.objects.order_by("number").values_list("attended", flat=True)) == [True, False, None]
    organiser.post(to("check_in", occurrence), {"inscription": second.pk, "presence": "effacer"})
    second.refresh_from_db()
    assert second.attended is None


def test_check_in_opens_the_day_before(organiser, landes_space):
    occurrence = date_of(landes_space)
    one = make_registration(occurrence)
    organiser.post(to("check_in", occurrence), {"inscription": one.pk, "presence": "present"})
    one.refresh_from_db()
    assert one.attended is None


def test_certificates_for_those_who_came(organiser, client, landes_space):
    occurrence = begun(date_of(landes_space, certificates=True, title="Former aux démarches"))
    here = make_registration(occurrence, name="Camille Exemple", attended=True)
    away = make_registration(occurrence, attended=False)
    for _ in range(2):
        organiser.post(to("certificates", occurrence))
    send_due()
    assert [letter.to for letter in mail.outbox] == [[here.email]]
    pdf = client.get(reverse("own-certificate", args=[make_token(here)]))
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(reverse("own-certificate", args=[make_token(away)])).status_code == 404
    shown = client.get(reverse("certificate", args=[code_of(here)])).content.decode()
    assert ("Former aux démarches" in shown, "C. E." in shown, "Camille" in shown) == (True, True, False)
    assert client.get(reverse("certificate", args=[code_of(away)])).status_code == 404
    assert client.get(reverse("certificate", args=[f"{here.pk.hex}-AAAAAAAAAA"])).status_code == 404


def test_figures_by_date(organiser, landes_space):
    occurrence = date_of(landes_space)
    make_registration(occurrence, attended=True)
    make_registration(occurrence, "cancelled")
    shown = organiser.get(to("figures", occurrence)).content.decode()
    assert "<td>1</td><td>1</td><td>0</td><td>1</td><td>0</td>" in shown


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR, Role.SENDER, Role.INSTRUCTOR])
def test_nobody_else_sees_or_does_anything(client, landes_space, role):
    from pages.services import open_territory_space
    from portal.territories.models import Territory

    lot_et_garonne = Territory.objects.get(level="departement", code="47")
    open_territory_space(territory=lot_et_garonne)
    occurrence = date_of(landes_space, approval=True)
    one = make_registration(occurrence, "pending", name="Camille Exemple")
    client.force_login(make_member(role, lot_et_garonne if role == Role.EDITOR else landes_space.territory))
    for name in ("date", "add", "sheet", "check_in", "figures"):
        answer = client.get(to(name, occurrence))
        assert answer.status_code in (302, 403, 404), name
        assert "Camille" not in answer.content.decode()
    for name in ("act", "export", "certificates", "check_in", "add"):
        body = {"action": "approve", "inscription": one.pk, "presence": "present", "name": "x", "email": "x@exemple.fr"}
        assert client.post(to(name, occurrence), body).status_code in (302, 403, 404), name
    assert client.post(to("refuse", occurrence, one.pk), {"reason": "x"}).status_code in (302, 403, 404)
    assert "Camille" not in client.get(reverse("organising")).content.decode()
    assert list(Registration.objects.values_list("state", flat=True)) == ["pending"]


def test_a_registration_of_another_date_is_not_there(organiser, landes_space):
    occurrence, other = date_of(landes_space), date_of(landes_space)
    one = make_registration(other, "pending")
    assert organiser.post(to("act", occurrence), {"action": "approve", "inscription": one.pk}).status_code == 404
    assert organiser.get(to("refuse", occurrence, one.pk)).status_code == 404


def test_after_the_period_the_person_is_gone_and_the_count_stays(organiser, landes_space):
    occurrence = date_of(landes_space, a_date(day_in(-31)), retention_days=30)
    recent = date_of(landes_space, a_date(day_in(-5)), retention_days=30)
    for each in (occurrence, recent):
        make_registration(each, name="Camille Exemple", needs="LSF", attended=True)
        make_registration(each, name="Une autre", attended=True)
    assert purge_registrations() == 2
    assert purge_registrations() == 0
    gone = Registration.objects.filter(occurrence=occurrence)
    assert {(one.name, one.email, one.needs, one.user_id) for one in gone} == {("", "", "", None)}
    assert Registration.objects.filter(occurrence=recent, name="Camille Exemple").exists()
    shown = organiser.get(to("figures", occurrence)).content.decode()
    assert "<td>2</td><td>2</td>" in shown
    assert "Données effacées" in organiser.get(to("date", occurrence)).content.decode()
