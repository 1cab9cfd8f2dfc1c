"""Receipts and decisions as PDF: drawn up once, for both parties, whatever names hold; and checked by their code."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.utils import timezone

from dossiers.access import rights_on
from dossiers.enums import Action, DocumentKind, EventKind, State
from dossiers.exchange.messages import post_message
from dossiers.exchange.opinions import ask
from dossiers.journal import faults
from dossiers.models import Dossier, DossierDocument, Opinion
from dossiers.outputs import documents, drawing
from dossiers.outputs.documents import documents_panel, draw, draw_waiting
from dossiers.outputs.drawing import draw_sheet, shown
from dossiers.outputs.full import full
from dossiers.outputs.sheets import decision, receipt
from dossiers.pieces.services import add_file
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from tests.dossiers.factories import Party, act, decide, field, make_dossier, make_draft, make_party, make_type

pytestmark = pytest.mark.django_db
HOSTILE = '#sys.inputs ] $ x $ = * _ \\ " #panic("x") \u202efdp.exe עברית <b>'


@pytest.fixture
def party(landes_space: Any) -> Party:
    cache.clear()
    return make_party()


def content(document: DossierDocument) -> bytes:
    document.refresh_from_db()
    assert document.file is not None
    with document.file.open() as file:
        return bytes(file.read())


def accepted(party: Party, **options: Any) -> Dossier:
    return make_dossier(party, State.ACCEPTED, make_type(**options))


def test_a_deposit_has_a_receipt_with_the_fingerprints_of_its_pieces(party: Party) -> None:
    draft = make_draft(party, make_type([field("statuts", "piece", "Statuts", options={"accept": ["csv"]})]))
    version = add_file(
        dossier=draft, actor=party.depositor, field="statuts", upload=SimpleUploadedFile("s.csv", b"a;b\n")
    )
    act(Action.DEPOSIT, draft, party.depositor)
    document = DossierDocument.objects.get(dossier=draft)
    assert (document.kind, document.file, document.event_number > 0) == (DocumentKind.RECEIPT, None, True)
    sheet = receipt(document)
    [file] = sheet["parts"][1]["files"]
    assert file == {"name": "s.csv", "label": "Statuts", "sha256": version.file.sha256}
    facts = dict(sheet["facts"])
    assert facts["Dossier"] == document.dossier.number
    assert facts["Organisation"] == str(party.organisation)
    assert draw(document.pk)
    assert not draw(document.pk), "once"
    pdf = content(document)
    assert document.file is not None
    assert document.file.sha256 == hashlib.sha256(pdf).hexdigest()
    assert document.file.name == f"recepisse-{document.dossier.number}.pdf"


def test_a_pdf_is_tagged_titled_and_french(party: Party) -> None:
    document = DossierDocument.objects.get(dossier=accepted(party), kind=DocumentKind.DECISION)
    assert draw(document.pk)
    pdf = content(document)
    for part in (b"/StructTreeRoot", b"/Lang (fr", b"/MarkInfo", b"pdfuaid:part", b"/DisplayDocTitle true"):
        assert part in pdf or part.replace(b" ", b"") in pdf.replace(b" ", b"")


@pytest.mark.parametrize("text", [HOSTILE, "א" * 90, "a" * 90, "]" * 50, "#" * 50, "𓀀 你好"])
def test_whatever_names_hold_they_are_only_shown(party: Party, text: str) -> None:
    party.organisation.name = text[:150]
    party.organisation.save()
    dossier = make_dossier(party, State.INSTRUCTION, values={"nom": text})
    decide(dossier, party, State.REFUSED, reason=f"{text}\n\n{text}")
    for document in DossierDocument.objects.filter(dossier=dossier).order_by("event_number"):
        assert draw(document.pk), text
        assert content(document).startswith(b"%PDF-")


def test_nothing_turns_the_direction_of_a_text(party: Party) -> None:
    assert shown({"a": ["\u202efdp.exe\u2066", "x" * 100], "url": "y" * 100}) == {
        "a": ["fdp.exe", "\u200b".join(("x" * 45, "x" * 45, "x" * 10))],
        "url": "y" * 100,
    }


def test_the_same_sheet_gives_the_same_bytes(party: Party) -> None:
    document = DossierDocument.objects.select_related("dossier").get(dossier=make_dossier(party))
    assert draw_sheet(receipt(document), document.created_at) == draw_sheet(receipt(document), document.created_at)


def test_a_decision_says_its_reason_its_appeal_and_its_code(party: Party) -> None:
    dossier = make_dossier(party, State.REFUSED)
    document = DossierDocument.objects.get(dossier=dossier, kind=DocumentKind.DECISION)
    sheet = decision(document)
    assert document.decision is not None
    assert sheet["url"].endswith(f"/dossiers/verifier/{document.decision.code}/")
    assert [each["title"] for each in sheet["parts"]] == ["Motif", "Voies et délais de recours"]
    assert dict(sheet["facts"])["Décision"] == "Refusé"


def test_what_fails_is_tried_again_later(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    document = DossierDocument.objects.get(dossier=make_dossier(party))

    def fail(*args: Any) -> bytes:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(documents, "draw_sheet", fail)
        assert draw_waiting() == 0
    document.refresh_from_db()
    assert document.attempts == 1
    assert document.due_at > timezone.now()
    assert draw_waiting() == 0, "not before its turn"
    DossierDocument.objects.update(due_at=timezone.now())
    assert draw_waiting() == 1
    assert content(document).startswith(b"%PDF-")


def test_both_parties_have_them_and_advisors_do_not(client: Client, party: Party) -> None:
    dossier = accepted(party)
    draw_waiting()
    Opinion.objects.create(
        dossier=dossier,
        advisor=party.advisor,
        email=party.advisor.email,
        question="?",
        due_on=timezone.localdate(),
        due_at=timezone.now(),
        asked_by=party.instructor,
    )
    document = DossierDocument.objects.get(dossier=dossier, kind=DocumentKind.DECISION)
    assert document.file is not None
    document.file.scan_state = "clean"
    document.file.save()
    expected = {party.reader: (2, 200), party.instructor: (2, 200), party.advisor: (0, 404), party.elsewhere: (0, 404)}
    for user, (shown_to, status) in expected.items():
        client.force_login(user)
        assert len(documents_panel(dossier, user, rights_on(dossier, user))["lines"]) == shown_to
        answer = client.get(document.file.get_absolute_url())
        assert answer.status_code == status
        if answer.streaming:
            b"".join(answer.streaming_content)
        answer.close()
    client.force_login(party.instructor)
    assert document.file.get_absolute_url() in client.get(f"/instruction/{dossier.pk}/").content.decode()


def test_anyone_verifies_a_decision_and_reads_nothing_else(client: Client, party: Party) -> None:
    dossier = accepted(party)
    draw_waiting()
    code = dossier.decisions.get().code
    document = DossierDocument.objects.select_related("file").get(decision__code=code)
    assert document.file is not None
    html = client.get(f"/dossiers/verifier/{code}/").content.decode()
    for told in ("Cette décision est en vigueur", dossier.number, dossier.type.title, "Accepté", document.file.sha256):
        assert told is not None
        assert told in html
    for hidden in (dossier.title, "Inès", "Valentin", str(dossier.pk), str(document.file.pk)):
        assert hidden not in html
    act(Action.REOPEN, dossier, party.validator, reason="Une erreur.")
    html = client.get(f"/dossiers/verifier/{code}/").content.decode()
    assert "Cette décision est caduque" in html
    assert "Une erreur" not in html


def test_a_code_is_found_as_people_type_it(client: Client, party: Party) -> None:
    code = accepted(party).decisions.get().code or ""
    typed = code.lower().replace("-", " ")
    answer = client.get("/dossiers/verifier/", {"code": typed})
    assert answer.headers["Location"] == f"/dossiers/verifier/{code}/"
    assert client.get("/dossiers/verifier/", {"code": " "}).status_code == 422


@pytest.mark.parametrize("code", ["AAAAA-AAAAA-AAAAA-AAAAA", "x", "<b>", "é" * 300])
def test_an_unknown_code_is_said_to_be(client: Client, party: Party, code: str) -> None:
    answer = client.get(f"/dossiers/verifier/{code}/")
    assert answer.status_code == 404
    assert re.search("Aucune décision ne porte ce code", answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]


def test_codes_are_not_tried_for_long(client: Client, party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dossiers.outputs.views.CODES_AN_HOUR", 2)
    code = accepted(party).decisions.get().code
    answers = [client.get(f"/dossiers/verifier/{each}/").status_code for each in ("A", "B", code)]
    assert answers == [404, 404, 429]


class TestWholeDossier:
    COLUMNS = ({"key": "poste", "kind": "texte", "label": "Poste", "required": False, "options": {}},)

    def made(self, party: Party) -> Dossier:
        """With a piece, a table, a complement, a message, a note, an avis and a decision."""
        table = field(
            "budget", "tableau", "Budget", options={"columns": list(self.COLUMNS), "min_rows": 0, "max_rows": 500}
        )
        rows = [{"id": str(uuid.uuid4()), "poste": f"Poste {number}"} for number in range(500)]
        draft = make_draft(party, make_type([field("statuts", "piece", "Statuts"), table]), values={"budget": rows})
        upload = SimpleUploadedFile("s.csv", b"a;b\n")
        add_file(dossier=draft, actor=party.depositor, field="statuts", upload=upload)
        dossier = act(Action.DEPOSIT, draft, party.depositor)
        dossier = act(Action.TAKE, dossier, party.instructor)
        post_message(dossier=dossier, actor=party.instructor, body="Bonjour à vous")
        post_message(dossier=dossier, actor=party.instructor, body="Entre nous", internal=True)
        day = timezone.localdate() + timedelta(days=5)
        ask(dossier=dossier, actor=party.instructor, emails=["avis@exemple.fr"], question="Qu’en dire ?", due_on=day)
        return decide(dossier, party, State.REFUSED, reason="Hors du champ", waive_opinions=True)

    def test_it_holds_what_both_parties_read_and_nothing_else(self, party: Party) -> None:
        dossier = self.made(party)
        document = documents.ask_full(dossier=dossier, actor=party.depositor)
        sheet = full(document)
        text = str(sheet)
        for told in ("Un projet", "Poste 499", "s.csv", "Bonjour à vous", "Hors du champ"):
            assert told in text
        for hidden in ("Entre nous", "avis@exemple.fr", "Qu’en dire", "Note interne", "Avis demandé"):
            assert hidden not in text
        assert draw(document.pk)
        pdf = content(document)
        assert pdf.startswith(b"%PDF-")
        assert b"pdfuaid:part" in pdf

    def test_asked_again_it_is_the_same_until_something_happens(self, party: Party) -> None:
        dossier = self.made(party)
        first = documents.ask_full(dossier=dossier, actor=party.depositor)
        assert documents.ask_full(dossier=dossier, actor=party.instructor) == first
        assert dossier.events.filter(kind=EventKind.DOCUMENT).count() == 1
        post_message(dossier=dossier, actor=party.depositor, body="Et encore")
        assert documents.ask_full(dossier=dossier, actor=party.instructor) != first
        assert DossierDocument.objects.filter(dossier=dossier, kind=DocumentKind.FULL).count() == 1
        assert list(faults(Dossier.objects.get(pk=dossier.pk))) == []

    def test_by_a_button_of_either_side(self, party: Party) -> None:
        dossier = self.made(party)
        path = f"/dossiers/{dossier.pk}/pdf/"
        for user, back in (
            (party.reader, f"/dossiers/{dossier.pk}/"),
            (party.instructor, f"/instruction/{dossier.pk}/"),
        ):
            client = Client()
            client.force_login(user)
            assert path in client.get(back).content.decode()
            assert client.post(path)["Location"] == f"{back}#documents"
        draw_waiting()
        document = DossierDocument.objects.get(dossier=dossier, kind=DocumentKind.FULL)
        StoredFile.objects.filter(pk=document.file_id).update(scan_state=ScanState.CLEAN)
        for user, status in (
            (party.reader, 200),
            (party.instructor, 200),
            (party.stranger, 404),
            (party.elsewhere, 404),
        ):
            client = Client()
            client.force_login(user)
            answer = client.get(document.file.get_absolute_url())
            answer.close()
            assert answer.status_code == status
            if status == 404:
                assert client.post(path).status_code == 404

    def test_a_draft_has_none(self, party: Party) -> None:
        with pytest.raises(Http404):
            documents.ask_full(dossier=make_draft(party), actor=party.depositor)


class TestProcess:
    def test_a_document_too_long_is_stopped(self, party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
        document = DossierDocument.objects.select_related("dossier").get(dossier=make_dossier(party))
        monkeypatch.setattr(drawing, "LONGEST", 0.001)
        with pytest.raises(drawing.DrawingError, match="stopped"):
            draw_sheet(receipt(document), document.created_at)

    def test_a_process_that_fails_is_said(self, party: Party) -> None:
        with pytest.raises(drawing.DrawingError, match="exit code"):
            draw_sheet({"title": "Sans rien d’autre"}, timezone.now())

    def test_failures_are_shown_and_tried_again(self, party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
        dossier = make_dossier(party)
        DossierDocument.objects.filter(dossier=dossier).update(attempts=documents.FAILURES)
        panel = documents_panel(dossier, party.depositor, rights_on(dossier, party.depositor))
        assert panel["lines"][0]["fails"]
        client = Client()
        client.force_login(party.depositor)
        assert "La préparation a échoué" in client.get(f"/dossiers/{dossier.pk}/").content.decode()
        assert draw_waiting() == 1
