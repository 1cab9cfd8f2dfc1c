"""The screens of imports, as those who manage lists use them; what others get; exports."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from newsletters.imports import exporting, services
from newsletters.imports.models import SubscriberImport
from newsletters.imports.work import carry_out
from newsletters.models import Segment, Subscriber, Subscription
from newsletters.services import ensure_default_list
from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.territories.models import Territory
from tests.accounts.proofs import prove
from tests.factories import make_member

from .making import EVIDENCE, checked, csv_of, imported, list_of, prepared, sender

BASE = "/admin/lettres/imports/"
LIST = "/admin/newsletters/subscriberimport/"
PEOPLE = csv_of("ana@exemple.fr;Ana Petit;Mairie de Dax", "bob@exemple.fr;=1+1;", "jean@gmial.com;;", "x;;")


@pytest.fixture
def manager(client, landes_space):
    person = sender(landes_space)
    client.force_login(person)
    return person


def sent(landes_space, data=PEOPLE, name="adresses.csv", **fields):
    file = SimpleUploadedFile(name, data)
    values = {"mailing_list": list_of(landes_space).pk, "basis": "event", "evidence": EVIDENCE, "file": file}
    return values | fields


def url(item, end=""):
    return f"{BASE}{item.pk}/{end}"


def text(answer):
    return " ".join(answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").split())


def test_from_the_file_to_the_list_and_back(client, manager, landes_space):
    answer = client.post(f"{BASE}ajouter/", sent(landes_space))
    item = SubscriberImport.objects.get()
    assert answer["Location"] == url(item, "colonnes/")
    page = text(client.get(answer["Location"]))
    assert "Les premières lignes du fichier" in page
    assert "Mairie de Dax" in page
    assert "point-virgule" in page

    columns = {"address": "0", "name": "1", "organisation": "2", "has_header": "on", "typos": "hold"}
    assert client.post(url(item, "colonnes/"), columns)["Location"] == url(item)
    assert "Vérification en cours" in text(client.get(url(item)))
    assert carry_out(item.pk)
    page = text(client.get(url(item)))
    assert "2 adresses seront abonnées sans recevoir de message" in page
    assert "1 adresse dont le domaine semble mal écrit est mise de côté" in page
    assert "On attendrait jean@gmail.com." in page
    assert not Subscriber.objects.exists()

    client.post(url(item, "lancer/"))
    assert "Import en cours" in text(client.get(url(item, "avancement/")))
    assert carry_out(item.pk)
    assert client.get(url(item, "avancement/"))["HX-Refresh"] == "true"
    assert Subscription.objects.filter(state="active").count() == 2
    assert "Annuler tout l’import" in text(client.get(url(item)))

    client.post(url(item, "annuler/"))
    assert carry_out(item.pk)
    assert "Abonnements retirés</dt><dd>2" in text(client.get(url(item)))
    assert not Subscriber.objects.exists()
    actions = ModelLogEntry.objects.filter(action__startswith="newsletters.import").order_by("pk")
    assert [(one.action, one.user) for one in actions] == [
        ("newsletters.import", manager),
        ("newsletters.import_undo", manager),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"basis": ""}, "Dites sur quel fondement"),
        ({"evidence": "oui"}, "au moins 10"),
        ({"file": SimpleUploadedFile("a.csv", b"PK\x03\x04rien")}, "archive abîmée"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "Ce fichier est vide."),
        ({"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7")}, "un document PDF"),
        ({"mailing_list": ""}, "Choisissez une liste."),
        ({"file": ""}, "Choisissez un fichier."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    client, manager, landes_space, change, sentence
):
    answer = client.post(f"{BASE}ajouter/", sent(landes_space) | change)
    assert answer.status_code == 422
    assert sentence in text(answer)
    if "evidence" not in change:
        assert "Feuille d’émargement" in text(answer)
    assert not SubscriberImport.objects.exists()


def test_columns_are_those_of_the_file(client, manager, landes_space):
    item = prepared(manager, list_of(landes_space), PEOPLE)
    for columns in ({}, {"address": "7"}, {"address": "0", "name": "0"}, {"address": "x"}):
        answer = client.post(url(item, "colonnes/"), columns | {"typos": "hold"})
        assert answer.status_code == 422
    item.refresh_from_db()
    assert item.state == "columns"


def test_held_addresses_are_imported_once_one_says_how(client, manager, landes_space):
    item = checked(manager, list_of(landes_space), PEOPLE)
    columns = {"address": "0", "name": "1", "organisation": "2", "has_header": "on", "typos": "correct"}
    client.post(url(item, "colonnes/"), columns)
    carry_out(item.pk)
    client.post(url(item, "lancer/"))
    carry_out(item.pk)
    assert Subscriber.objects.filter(address="jean@gmail.com").exists()
    # A launched import takes no other columns.
    assert client.post(url(item, "colonnes/"), columns)["Location"] == url(item)
    item.refresh_from_db()
    assert item.state == "done"


def test_what_is_not_imported_is_downloaded_with_its_reasons(client, manager, landes_space):
    item = checked(manager, list_of(landes_space), PEOPLE + b"=cmd();;\n")
    answer = client.get(url(item), {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"].startswith("attachment")
    assert lines[1].startswith("4;Faute de frappe probable : mise de côté;jean@gmial.com;")
    assert lines[2].startswith("5;Adresse inutilisable;x;Une adresse contient un seul signe @")
    assert lines[3].startswith("6;Adresse inutilisable;'=cmd()")
    assert "ana@exemple.fr" not in "".join(lines)


def test_rows_are_filtered(client, manager, landes_space):
    item = checked(manager, list_of(landes_space), PEOPLE + b"mairie@exemple.fr;;\n")
    page = text(client.get(url(item), {"resultat": "invalid"}))
    assert "ana@exemple.fr" not in page
    page = text(client.get(url(item), {"resultat": "role"}))
    assert "mairie@exemple.fr" in page
    assert "ana@exemple.fr" not in page


def test_an_abandoned_import_leaves_nothing(client, manager, landes_space, commit):
    item = checked(manager, list_of(landes_space), PEOPLE)
    with commit():
        client.post(url(item, "abandonner/"))
    item.refresh_from_db()
    assert (item.state, item.file_id, item.rows.count(), item.preview) == ("abandoned", None, 0, [])
    client.post(url(item, "lancer/"))
    assert not Subscriber.objects.exists()


def test_anothers_imports_are_not_there(client, manager, landes_space):
    item = imported(manager, list_of(landes_space), PEOPLE)
    elsewhere = open_territory_space(territory=Territory.objects.get(level="departement", code="84"))
    client.force_login(sender(elsewhere))
    for end in ("", "colonnes/", "avancement/", "?format=csv"):
        assert client.get(url(item, end)).status_code == 404
    for end in ("colonnes/", "lancer/", "annuler/", "abandonner/"):
        assert client.post(url(item, end)).status_code == 404
    assert "adresses.csv" not in text(client.get(LIST))
    assert client.post(f"{BASE}ajouter/", sent(landes_space)).status_code == 422
    item.refresh_from_db()
    assert item.state == "done"
    # Who writes letters there, without managing lists, imports nothing either.
    client.force_login(make_member(Role.EDITOR, landes_space.territory))
    assert client.get(url(item), follow=False).status_code in (302, 403)
    assert client.post(url(item, "annuler/")).status_code in (302, 403)
    item.refresh_from_db()
    assert item.state == "done"


def test_a_région_s_team_sees_the_imports_of_its_départements(client, landes_space, nouvelle_aquitaine):
    item = checked(sender(landes_space), list_of(landes_space), PEOPLE)
    client.force_login(make_member(Role.SENDER, nouvelle_aquitaine))
    assert client.get(url(item)).status_code == 200


def count(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_lists_of_imports_and_of_rows_take_the_same_queries(client, manager, landes_space):
    letters = list_of(landes_space)
    item = checked(manager, letters, csv_of("a@exemple.fr;;"))
    one = count(client, LIST), count(client, url(item))
    many = checked(manager, letters, csv_of(*(f"b{number}@exemple.fr;;" for number in range(40))))
    checked(manager, letters, PEOPLE)
    assert (count(client, LIST), count(client, url(many))) == one
    assert "Ouvrir" in text(client.get(LIST))


# --- Exports --------------------------------------------------------------------------------------------------------
def exporting_of(landes_space):
    return f"/admin/lettres/listes/{list_of(landes_space).pk}/exporter/"


ASKED = {"purpose": "Invitation à la rencontre départementale", "states": "current", "kind": "csv"}


def test_an_export_asks_why_and_who_and_is_told_to_the_journal(client, manager, landes_space):
    imported(manager, list_of(landes_space), PEOPLE)
    address = exporting_of(landes_space)
    assert "/compte/" in client.post(address, ASKED)["Location"]
    prove(client, manager)
    assert client.post(address, ASKED | {"purpose": "x"}).status_code == 422
    assert not ModelLogEntry.objects.filter(action="newsletters.export_subscribers").exists()
    answer = client.post(address, ASKED)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Adresse e-mail;Nom;")
    assert lines[1].startswith("ana@exemple.fr;Ana Petit;Mairie de Dax;")
    assert lines[2].startswith("bob@exemple.fr;'=1+1;")
    assert len(lines) == 3
    entry = ModelLogEntry.objects.get(action="newsletters.export_subscribers")
    assert entry.user == manager
    assert entry.data == {"rows": 2, "format": "csv", "purpose": ASKED["purpose"]}


def test_an_export_as_a_workbook(client, manager, landes_space, monkeypatch):
    imported(manager, list_of(landes_space), PEOPLE)
    prove(client, manager)
    answer = client.post(exporting_of(landes_space), ASKED | {"kind": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [[cell.value for cell in row[:2]] for row in sheet.iter_rows(min_row=2)] == [
        ["ana@exemple.fr", "Ana Petit"],
        ["bob@exemple.fr", "'=1+1"],
    ]
    assert client.post(exporting_of(landes_space), ASKED | {"kind": "ods"}).status_code == 200
    monkeypatch.setattr(exporting, "MOST_IN_MEMORY", 1)
    answer = client.post(exporting_of(landes_space), ASKED | {"kind": "xlsx"})
    assert answer.status_code == 422
    assert "choisissez le format CSV" in text(answer)


def test_who_left_is_exported_when_asked_for_alone(client, manager, landes_space):
    letters = list_of(landes_space)
    imported(manager, letters, PEOPLE)
    Subscription.objects.filter(subscriber__address="bob@exemple.fr").update(state="unsubscribed")
    prove(client, manager)
    for states, expected in (("current", 1), ("all", 2)):
        answer = client.post(exporting_of(landes_space), ASKED | {"states": states})
        assert len(b"".join(answer.streaming_content).splitlines()) == 1 + expected


def test_anothers_list_or_segment_is_not_exported(client, manager, landes_space, nation):
    letters = list_of(landes_space)
    imported(manager, letters, PEOPLE)
    elsewhere = open_territory_space(territory=Territory.objects.get(level="departement", code="84"))
    segment = Segment.objects.create(territory=landes_space.territory, name="Maires")
    segment.lists.add(letters)
    stranger = sender(elsewhere)
    client.force_login(stranger)
    prove(client, stranger)
    for address in (exporting_of(landes_space), f"/admin/lettres/segments/{segment.pk}/exporter/"):
        assert client.get(address).status_code == 404
        assert client.post(address, ASKED).status_code == 404


def test_a_segment_s_export_holds_what_one_may_see(client, landes_space, nation):
    """A segment may name lists that its reader does not see: their addresses stay out."""
    letters, national = list_of(landes_space), ensure_default_list(territory=nation)
    imported(sender(landes_space), letters, csv_of("ana@exemple.fr;;"))
    imported(make_member(Role.SENDER, nation), national, csv_of("secrete@exemple.fr;;"))
    segment = Segment.objects.create(territory=landes_space.territory, name="Maires")
    segment.lists.set([letters, national])
    person = sender(landes_space)
    client.force_login(person)
    prove(client, person)
    address = f"/admin/lettres/segments/{segment.pk}/exporter/"
    answer = client.post(address, ASKED)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content).decode()
    assert "ana@exemple.fr" in content
    assert "secrete@exemple.fr" not in content


# --- The command ----------------------------------------------------------------------------------------------------
def test_operators_import_and_take_back_by_a_command(landes_space, tmp_path):
    actor, letters = sender(landes_space), list_of(landes_space)
    file = tmp_path / "adresses.csv"
    file.write_bytes(PEOPLE)
    asked = ["--list", letters.slug, "--actor", actor.email, "--basis", "form", "--evidence", EVIDENCE]
    told = io.StringIO()
    call_command("import_subscribers", str(file), *asked, "--dry-run", stdout=told)
    assert "Nouvelle adresse : 2" in told.getvalue()
    assert not Subscriber.objects.exists()
    call_command("import_subscribers", str(file), *asked, "--typos", "correct", "--column", "address=1", stdout=told)
    assert Subscriber.objects.count() == 3
    done = SubscriberImport.objects.get(state="done")
    call_command("import_subscribers", "--undo", str(done.pk), "--actor", actor.email, stdout=told)
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["--list", "x"], "Aucune liste"),
        (["--actor", "x@exemple.fr"], "Aucun compte"),
        (["--evidence", ""], "sur quel fondement"),
        (["--column", "address=x"], "n’est pas une colonne"),
        (["--column", "address=99"], "quelle colonne"),
        (["--resume", "x"], "Aucun import"),
    ],
)
def test_the_command_says_what_is_wrong(landes_space, tmp_path, change, sentence):
    file = tmp_path / "adresses.csv"
    file.write_bytes(PEOPLE)
    asked = ["--list", list_of(landes_space).slug, "--actor", sender(landes_space).email, "--basis", "form"]
    with pytest.raises(CommandError, match=sentence):
        call_command("import_subscribers", str(file), *asked, "--evidence", EVIDENCE, *change, stdout=io.StringIO())
    assert not Subscriber.objects.exists()


def test_the_schedule_wakes_what_the_queue_forgot(landes_space, django_capture_on_commit_callbacks):
    from datetime import timedelta

    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    item = prepared(sender(landes_space), list_of(landes_space), PEOPLE)
    services.set_columns(actor=item.owner, item=item, mapping=item.mapping, has_header=True)
    DBTaskResult.objects.all().delete()
    SubscriberImport.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert services.wake_forgotten_imports() == 1
    SubscriberImport.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert services.wake_forgotten_imports() == 0
