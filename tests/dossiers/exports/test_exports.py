"""Exports of the list: what is in them, for whom, for how long."""

from __future__ import annotations

import csv
import io
import uuid
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from dossiers.enums import Action, EventKind, ExportState, State
from dossiers.exports import building, services
from dossiers.models import Dossier, DossierExport, Label, Piece, PieceVersion
from dossiers.rules import DossierRefused
from portal.accounts.models import Membership, User
from portal.files.enums import ScanState
from portal.files.models import FileDownload, StoredFile
from tests.dossiers.factories import (
    Party,
    act,
    decide,
    field,
    make_dossier,
    make_draft,
    make_of_organisation,
    make_organisation,
    make_party,
    make_type,
)
from tests.files.samples import make_file

FORMULA = '=HYPERLINK("https://exemple.invalid";"ici")'


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made(user: User, kind: str = "xlsx", subject: str = "dossiers", level: str = "", **filters: str) -> DossierExport:
    export = services.ask(actor=user, subject=subject, kind=kind, filters=filters, level=level)
    building.build(export.pk)
    export.refresh_from_db()
    return export


def content(export: DossierExport) -> bytes:
    assert export.file is not None, (export.state, export.error)
    with export.file.open() as file:
        return file.read()


def text(export: DossierExport) -> str:
    """Every CSV file of the export."""
    data = content(export)
    if data[:2] != b"PK":
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())


def sheets(export: DossierExport) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content(export)))
    return {name: list(book[name].values) for name in book.sheetnames}


def elsewhere(party: Party) -> Dossier:
    """A dossier of another département and organisation."""
    organisation = make_organisation(party.elsewhere.memberships.get().territory)
    stranger = make_of_organisation("depositor", organisation)
    other = Party(**{**party.__dict__, "organisation": organisation, "depositor": stranger})
    return make_dossier(other, territory=organisation.territory, values={"nom": "Le secret du Gers"})


COLUMNS = [
    {"key": "poste", "kind": "texte", "label": "Poste", "required": False, "options": {}},
    {"key": "montant", "kind": "montant", "label": "Coût", "required": False, "options": {}},
]
FIELDS = [
    field("combien", "montant", "Combien"),
    field("budget", "tableau", "Budget", options={"columns": COLUMNS, "min_rows": 0, "max_rows": 10}),
]


def test_the_filtered_list_and_nothing_else(party: Party) -> None:
    type_ = make_type(FIELDS)
    rows = [{"id": str(uuid.uuid4()), "poste": "Salle", "montant": "12.50"}]
    values = {"nom": FORMULA, "combien": "1234.50", "budget": rows}
    mine = make_dossier(party, State.INSTRUCTION, type_, values=values)
    mine.labels.add(Label.objects.create(territory=party.territory, name="@urgent"))
    other = make_dossier(party, State.DEPOSITED, make_type())
    make_draft(party)
    hidden = elsewhere(party)
    whole = sheets(made(party.instructor))
    numbers = [row[0] for row in whole["Dossiers"][1:]]
    assert sorted(numbers) == sorted([mine.number, other.number])
    [line] = [row for row in whole["Dossiers"] if row[0] == mine.number]
    assert line[3] == "En instruction"
    assert line[-1] == "'@urgent"
    fields = whole[type_.title]
    assert fields[0] == ("Numéro", "Nom du projet", "Combien")
    assert fields[1][0] == mine.number
    assert fields[1][1] == f"'{FORMULA}"
    assert Decimal(str(fields[1][2])) == Decimal("1234.5")
    assert whole[f"Budget ({type_.title})"][1][-2:] == ("Salle", "12,50\u00a0€")
    assert hidden.number not in str(whole)
    narrowed = sheets(made(party.instructor, etat="depose"))
    assert [row[0] for row in narrowed["Dossiers"][1:]] == [other.number]
    assert type_.title not in narrowed


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_other_formats_say_the_same(party: Party, kind: str) -> None:
    dossier = make_dossier(party, State.DEPOSITED, make_type(FIELDS), values={"nom": FORMULA, "combien": "1234.50"})
    export = made(party.instructor, kind)
    assert export.file is not None
    with zipfile.ZipFile(io.BytesIO(content(export))) as archive:
        if kind == "ods":
            text = archive.read("content.xml").decode()
            assert archive.infolist()[0].filename == "mimetype"
            assert 'office:value-type="float" office:value="1234.50"' in text
            assert "'=HYPERLINK(&quot;" in text or "'=HYPERLINK(\"" in text
            assert dossier.number in text
        else:
            assert export.file.extension == "zip"
            lines = list(csv.reader(io.StringIO(archive.read("Dossiers.csv").decode("utf-8-sig")), delimiter=";"))
            assert lines[1][0] == dossier.number
            fields = archive.read(f"{dossier.type.title}.csv").decode("utf-8-sig")
            assert "1234,50" in fields
            assert "'=HYPERLINK" in fields


def test_nothing_found_is_an_empty_list(party: Party) -> None:
    export = made(party.instructor, "csv")
    assert export.file is not None
    assert export.file.extension == "csv"
    assert content(export).decode("utf-8-sig").startswith("Numéro;Type")


def test_sums_by_territory(party: Party) -> None:
    accepted = decide(make_dossier(party, State.INSTRUCTION), party, State.ACCEPTED)
    hidden = elsewhere(party)
    book = sheets(made(party.instructor, level="departement"))
    rows, types = book["Par territoire"], book["Par type"]
    assert [row[1] for row in types[1:]] == [accepted.type.title, "Total"]
    assert types[1][types[0].index("Acceptés")] == 1
    assert [row[2] for row in rows[1:]] == ["Landes", "Tous les dossiers de l’export"]
    assert rows[1][rows[0].index("Acceptés")] == 1
    whole = sheets(made(party.national, level="departement"))["Par territoire"]
    assert [row[2] for row in whole[1:]] == ["Gers", "Landes", "Tous les dossiers de l’export"]
    assert accepted.number != hidden.number


def test_the_archive_holds_clean_pieces_and_says_what_is_missing(party: Party) -> None:
    dossier = make_draft(party, make_type([field("statuts", "piece", "Statuts", options={"max_files": 5})]))
    for name, state in (("a.pdf", ScanState.CLEAN), ("b.pdf", ScanState.PENDING)):
        stored = make_file(party.depositor, purpose="dossiers", name=name)
        StoredFile.objects.filter(pk=stored.pk).update(scan_state=state, name="statuts.pdf")
        piece = Piece.objects.create(dossier=dossier, field="statuts")
        PieceVersion.objects.create(piece=piece, number=1, file=stored, by=party.depositor)
    dossier = act(Action.DEPOSIT, dossier, party.depositor)
    export = made(party.instructor, "zip")
    with zipfile.ZipFile(io.BytesIO(content(export))) as archive:
        names = archive.namelist()
        assert f"{dossier.number}/statuts.pdf" in names
        assert len([name for name in names if name.startswith(dossier.number)]) == 1
        manifest = list(csv.reader(io.StringIO(archive.read("manifeste.csv").decode("utf-8-sig")), delimiter=";"))
        assert archive.read(f"{dossier.number}/statuts.pdf")[:4] == b"%PDF"
    assert sorted(row[-1] for row in manifest[1:]) == ["non : en attente d’analyse", "oui"]
    assert {row[1] for row in manifest[1:]} == {"Statuts"}
    assert dossier.events.get(kind=EventKind.EXPORTED).actor == party.instructor
    assert "exporté" not in as_(party.depositor).get(f"/dossiers/{dossier.pk}/").content.decode().lower()


def test_contacts_with_their_counts(party: Party) -> None:
    carrying = field(
        "souhait", "choix", "Souhait", role="portage", options={"choices": [{"value": "porter", "label": "Porter"}]}
    )
    people = field(
        "membres",
        "tableau",
        "Membres",
        options={
            "columns": [
                {"key": "nom", "kind": "texte", "label": "Nom", "required": False, "options": {}},
                {"key": "contact", "kind": "e-mail", "label": "Adresse", "required": False, "options": {}},
            ],
            "min_rows": 0,
            "max_rows": 10,
        },
    )
    fields = [
        carrying,
        people,
        field("c-nom", "texte", "Contact", role="contact-nom"),
        field("c-mail", "e-mail", "E-mail", role="contact-e-mail"),
    ]
    member = {"id": str(uuid.uuid4()), "nom": "=Lou", "contact": "lou@exemple.fr"}
    values = {"nom": "x", "souhait": "porter", "c-nom": "Camille", "c-mail": "camille@exemple.fr", "membres": [member]}
    make_dossier(party, State.DEPOSITED, make_type(fields), values=values)
    elsewhere(party)
    book = sheets(made(party.instructor, subject="contacts"))
    assert [(row[5], row[6], row[9]) for row in book["Contacts"][1:]] == [
        ("Porter", "Camille", "camille@exemple.fr"),
        ("Porter", "'=Lou", "lou@exemple.fr"),
    ]
    assert book["Par nature et souhait"][1:] == [("Intercommunalité", "Porter", 1)]


def test_the_file_is_its_author_s_until_it_is_over(party: Party) -> None:
    make_dossier(party)
    export = made(party.instructor)
    assert export.file is not None
    assert export.expires_at - export.finished_at == timedelta(hours=32)
    path = export.file.get_absolute_url()
    for user in (party.validator, party.elsewhere, party.depositor, party.national):
        assert as_(user).get(path).status_code == 404
    answer = as_(party.instructor).get(path)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert FileDownload.objects.get().user == party.instructor
    assert ModelLogEntry.objects.get(action="dossiers.export").data["format"] == "xlsx"
    Membership.objects.filter(user=party.instructor).delete()
    assert as_(User.objects.get(pk=party.instructor.pk)).get(path).status_code == 404
    assert services.expire() == 0
    DossierExport.objects.update(expires_at=timezone.now())
    assert services.expire() == 1
    assert not StoredFile.objects.filter(pk=export.file.pk).exists()
    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.EXPIRED, None)


def test_rights_are_those_of_when_it_is_made(party: Party) -> None:
    make_dossier(party)
    export = services.ask(actor=party.instructor, subject="dossiers", kind="csv", filters={})
    Membership.objects.filter(user=party.instructor).delete()
    assert not building.build(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error) == (ExportState.FAILED, "Vous n’instruisez plus de dossiers.")
    for user in (party.depositor, party.reader):
        with pytest.raises(Http404):
            services.ask(actor=user, subject="dossiers", kind="csv", filters={})


def test_one_at_a_time_and_a_form_sent_twice_is_one(party: Party) -> None:
    given = {"actor": party.instructor, "subject": "dossiers", "kind": "csv", "filters": {}}
    first = services.ask(**given, key="same")
    assert services.ask(**given, key="same") == first
    with pytest.raises(DossierRefused, match="en cours"):
        services.ask(**given, key="other")
    services.ask(**given | {"subject": "contacts"}, key="other")
    assert building.build(first.pk)
    assert not building.build(first.pk), "made once"


def test_what_a_killed_process_left_is_begun_again(party: Party, monkeypatch: Any) -> None:
    dossier = make_dossier(party)
    export = services.ask(actor=party.instructor, subject="dossiers", kind="csv", filters={})
    with monkeypatch.context() as patched:
        patched.setattr(building.Sheets, "add", _killed)
        with pytest.raises(KeyboardInterrupt):
            building.build(export.pk)
    assert services.build_waiting() == 0, "its lease is not over"
    DossierExport.objects.update(leased_until=timezone.now())
    assert services.build_waiting() == 1
    export.refresh_from_db()
    assert dossier.number in text(export)


def _killed(*args: Any) -> None:
    raise KeyboardInterrupt


def test_a_failure_is_told_in_the_end(party: Party, monkeypatch: Any, caplog: Any) -> None:
    make_dossier(party)

    def full(self: Path, *args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    export = services.ask(actor=party.instructor, subject="dossiers", kind="csv", filters={})
    monkeypatch.setattr(building, "store_own", full)
    for _ in range(building.MOST_ATTEMPTS):
        DossierExport.objects.update(leased_until=timezone.now())
        assert not building.build(export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert "n’a pas pu être fait" in as_(party.instructor).get("/instruction/exports/").content.decode()


def test_too_many_is_said(party: Party, monkeypatch: Any) -> None:
    make_dossier(party)
    make_dossier(party)
    monkeypatch.setattr(building, "MOST", 1)
    assert "plus de 1 dossiers" in made(party.instructor, "csv").error


class TestScreens:
    def test_from_the_list_to_the_file(self, party: Party, commit: Any) -> None:
        make_dossier(party)
        kept = make_dossier(party, State.INSTRUCTION)
        client = as_(party.instructor)
        assert (
            "/instruction/exports/nouveau/?etat=en_instruction"
            in client.get("/instruction/?etat=en_instruction").content.decode()
        )
        page = client.get("/instruction/exports/nouveau/?etat=en_instruction").content.decode()
        assert "1 dossier, selon les filtres de la liste" in page
        given = {"kind": "csv", "level": "", "query": "etat=en_instruction&confie=forged", "key": "k"}
        with commit():
            assert client.post("/instruction/exports/nouveau/", given).status_code == 302
        export = DossierExport.objects.get()
        assert export.filters == {"etat": "en_instruction"}
        building.build(export.pk)
        export.refresh_from_db()
        page = client.get("/instruction/exports/").content.decode()
        assert export.file.get_absolute_url() in page
        assert kept.number in text(export)
        assert export.file.get_absolute_url() not in as_(party.validator).get("/instruction/exports/").content.decode()

    @pytest.mark.parametrize("given", [{"kind": "exe"}, {"kind": "csv", "level": "commune"}, {}])
    def test_what_is_wrong_is_said(self, party: Party, given: dict[str, str]) -> None:
        answer = as_(party.instructor).post("/instruction/exports/nouveau/", given)
        assert answer.status_code == 422
        assert "Choisissez" in answer.content.decode()
        assert not DossierExport.objects.exists()

    def test_contacts_ask_for_a_proof(self, party: Party) -> None:
        client = as_(party.instructor)
        assert client.get("/instruction/exports/contacts/").status_code == 302
        assert client.post("/instruction/exports/contacts/", {"kind": "csv"}).status_code == 302
        assert not DossierExport.objects.exists()

    def test_contacts_after_a_proof(self, party: Party, proved: None) -> None:
        client = as_(party.instructor)
        assert client.post("/instruction/exports/contacts/", {"kind": "zip"}).status_code == 422
        given = {"kind": "csv", "territoire": "departement-40"}
        assert client.post("/instruction/exports/contacts/", given).status_code == 302
        assert DossierExport.objects.get().filters == {"territoire": "departement-40"}
        given["territoire"] = "departement-32"
        assert client.post("/instruction/exports/contacts/", given).status_code == 422

    def test_the_list_of_exports_costs_the_same(self, party: Party, django_assert_num_queries: Any) -> None:
        client = as_(party.instructor)
        made(party.instructor, "csv")
        client.get("/instruction/exports/")
        with django_assert_num_queries(13):
            client.get("/instruction/exports/")
        made(party.instructor, "csv")
        made(party.instructor, "ods")
        with django_assert_num_queries(13):
            client.get("/instruction/exports/")
