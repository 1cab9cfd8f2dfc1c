"""Who is given which file of a dossier: everybody else finds nothing, on every address."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.enums import DocumentKind, EventKind, ExportFormat, ExportState, InvitationRight, Side
from dossiers.exchange.attachments import PURPOSE as EXCHANGE
from dossiers.journal import faults
from dossiers.models import (
    Dossier,
    DossierDocument,
    DossierEvent,
    DossierExport,
    DossierInvitation,
    Message,
    MessageFile,
    Opinion,
    OpinionFile,
    PartialUpload,
)
from dossiers.pieces.services import current_files, remove_piece, replace_file, sent_files
from portal.accounts.models import Membership
from portal.files.enums import ScanState
from portal.files.models import FileDownload, StoredFile
from tests.dossiers.factories import Party, act
from tests.factories import make_user
from tests.files.samples import make_file, upload

from .conftest import ANY, PLAN, deposited, incomplete, put

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def status(user: Any, stored: StoredFile) -> int:
    answer = signed_in(user).get(stored.get_absolute_url())
    answer.close()
    return answer.status_code


def invite(dossier: Dossier, party: Party, right: str = InvitationRight.VIEW, **fields: Any) -> Any:
    user, now = make_user(), timezone.now()
    values = {"accepted_at": now, "expires_at": now + timedelta(days=3)} | fields
    DossierInvitation.objects.create(
        dossier=dossier, email=user.email, user=user, right=right, invited_by=party.depositor, **values
    )
    return user


def ask(dossier: Dossier, party: Party, advisor: Any, **fields: Any) -> Opinion:
    day = timezone.localdate() + timedelta(days=9)
    values = {"question": "?", "due_on": day, "due_at": timezone.now() + timedelta(days=9)} | fields
    return Opinion.objects.create(
        dossier=dossier, advisor=advisor, email=advisor.email, asked_by=party.instructor, **values
    )


def outsiders(dossier: Dossier, party: Party) -> list[Any]:
    """Visitors, another département, another organisation, and those who were let in and are no more."""
    now = timezone.now()
    revoked, over, pending = (
        invite(dossier, party, revoked_at=now),
        invite(dossier, party, InvitationRight.EDIT, expires_at=now),
        invite(dossier, party, accepted_at=None),
    )
    former, closed = make_user(), make_user(is_active=False)
    ask(dossier, party, former, state="annule", revoked_at=now)
    ask(dossier, party, closed)
    gone = make_user()
    Membership.objects.create(user=gone, role="depositor", organisation=dossier.organisation).delete()
    return [None, party.elsewhere, party.stranger, revoked, over, pending, former, closed, gone, make_user()]


def test_a_draft_is_of_its_organisation_and_its_guests_alone(draft, party):
    stored = put(draft, party.depositor, PLAN).file
    ask(draft, party, party.advisor)
    for user in (party.depositor, party.colleague, party.reader, invite(draft, party)):
        assert status(user, stored) == 200
    for user in (party.instructor, party.validator, party.national, party.advisor, *outsiders(draft, party)):
        assert status(user, stored) == 404


def test_a_deposited_one_is_read_by_its_service_and_who_is_asked_for_an_avis(draft, party):
    stored = put(draft, party.depositor, PLAN).file
    deposited(draft, party)
    opinion = ask(draft, party, party.advisor)
    readers = [party.depositor, party.reader, party.instructor, party.validator, party.advisor, invite(draft, party)]
    for user in readers:
        assert status(user, stored) == 200
    for user in outsiders(draft, party):
        assert status(user, stored) == 404
    opinion.state, opinion.revoked_at = "annule", timezone.now()
    opinion.save()
    assert status(party.advisor, stored) == 404
    Membership.objects.filter(user=party.instructor).delete()
    assert status(party.instructor, stored) == 404
    Dossier.objects.filter(pk=draft.pk).update(binned_at=timezone.now())
    for user in (party.depositor, party.validator):
        assert status(user, stored) == 404


def test_what_was_taken_out_of_a_draft_is_not_handed_in(draft, party):
    removed, first = put(draft, party.depositor, ANY, "confidentiel.pdf"), put(draft, party.depositor, PLAN, "v1.pdf")
    remove_piece(piece=removed.piece, actor=party.depositor)
    second = replace_file(piece=first.piece, actor=party.depositor, upload=upload("v2.pdf"))
    kept = put(draft, party.depositor, ANY, "annexe.pdf")
    deposited(draft, party)
    ask(draft, party, party.advisor)
    for user in (party.instructor, party.advisor):
        assert [status(user, each.file) for each in (removed, first, second, kept)] == [404, 404, 200, 200]
    assert [status(party.depositor, each.file) for each in (removed, first, second, kept)] == [200] * 4
    incomplete(draft, party, PLAN, ANY)
    third = replace_file(piece=first.piece, actor=party.depositor, upload=upload("v3.pdf"))
    remove_piece(piece=kept.piece, actor=party.depositor)
    # What instruction had, it keeps; what is being answered is not sent yet.
    assert [status(party.instructor, each.file) for each in (first, second, third, kept)] == [404, 200, 404, 200]
    assert sent_files(draft) == {PLAN: [second], ANY: [kept]}
    act("repondre", draft, party.depositor)
    assert [status(party.instructor, each.file) for each in (first, second, third, kept)] == [404, 200, 200, 200]
    assert sent_files(draft) == current_files(draft) == {PLAN: [third]}


@pytest.mark.parametrize("state", ScanState)
def test_readers_are_given_clean_files_alone(draft, party, settings, state):
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = "tcp://127.0.0.1:1", False
    stored = put(draft, party.depositor).file
    StoredFile.objects.filter(pk=stored.pk).update(scan_state=state)
    if state == ScanState.INFECTED:
        assert status(party.reader, stored) == 409
    else:
        deposited(draft, party)
        ask(draft, party, party.advisor)
        for user in (party.colleague, party.reader, party.instructor, party.advisor):
            assert status(user, stored) == (200 if state == ScanState.CLEAN else 409)
    assert status(party.depositor, stored) == (409 if state == ScanState.INFECTED else 200)
    inside = DossierEvent.objects.filter(dossier=draft, kind=EventKind.READ_INSIDE)
    assert inside.exists() == (state == ScanState.CLEAN)


def test_messages_notes_and_avis_carry_their_files_to_their_readers(draft, party):
    deposited(draft, party)
    other = make_user()
    opinion, open_one = ask(draft, party, party.advisor), ask(draft, party, other, confidential=False)
    files = {name: make_file(make_user(), purpose=EXCHANGE, name=f"{name}.pdf") for name in ("mot", "note", "avis")}
    for name, internal in (("mot", False), ("note", True)):
        message = Message.objects.create(
            dossier=draft, author=party.instructor, author_label="x", side=Side.INSTRUCTION, internal=internal
        )
        MessageFile.objects.create(message=message, file=files[name])
    OpinionFile.objects.create(opinion=opinion, file=files["avis"])
    expected = {
        party.depositor: (200, 404, 404),
        party.reader: (200, 404, 404),
        party.instructor: (200, 200, 200),
        party.advisor: (404, 404, 200),
        open_one.advisor: (404, 404, 404),  # Confidential: not other advisors'.
    }
    for user, answers in expected.items():
        assert tuple(status(user, files[name]) for name in ("mot", "note", "avis")) == answers
    for user in outsiders(draft, party):
        assert {status(user, each) for each in files.values()} == {404}


def test_documents_are_their_parties_and_exports_their_authors_until_they_expire(draft, party):
    deposited(draft, party)
    ask(draft, party, party.advisor)
    receipt = make_file(None, purpose="dossiers", name="recepisse.pdf")
    DossierDocument.objects.create(dossier=draft, kind=DocumentKind.RECEIPT, file=receipt, event_number=99)
    for user in (party.depositor, party.reader, party.instructor):
        assert status(user, receipt) == 200
    assert status(party.advisor, receipt) == 404
    made = make_file(None, purpose="dossiers", name="export.csv", content=b"a;b\n")
    export = DossierExport.objects.create(
        requested_by=party.instructor,
        format=ExportFormat.CSV,
        state=ExportState.DONE,
        file=made,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    assert status(party.instructor, made) == 200
    for user in (party.validator, party.national, party.depositor, party.advisor):
        assert status(user, made) == 404
    for user in outsiders(draft, party):
        assert (status(user, receipt), status(user, made)) == (404, 404)
    export.expires_at = timezone.now()
    export.save()
    assert status(party.instructor, made) == 404


def test_a_download_is_an_event_hidden_from_the_organisation_where_instruction_reads(draft, party):
    version = put(draft, party.depositor, PLAN)
    deposited(draft, party)
    ask(draft, party, party.advisor)
    for user in (party.reader, party.instructor, party.advisor):
        status(user, version.file)
        signed_in(user).head(version.file.get_absolute_url()).close()
    status(party.elsewhere, version.file)
    events = list(DossierEvent.objects.filter(dossier=draft).order_by("number"))[-3:]
    assert [(each.kind, each.actor, each.side) for each in events] == [
        (EventKind.DOWNLOADED, party.reader, Side.ORGANISATION),
        (EventKind.READ_INSIDE, party.instructor, Side.INSTRUCTION),
        (EventKind.READ_INSIDE, party.advisor, Side.OPINION),
    ]
    assert events[0].data == {
        "field": PLAN,
        "piece": str(version.piece_id),
        "version": str(version.pk),
        "file": str(version.file_id),
        "name": version.file.name,
        "sha256": version.file.sha256,
    }
    assert FileDownload.objects.filter(file=version.file).count() == 3
    draft.refresh_from_db()
    assert not list(faults(draft))


def addresses(dossier: Dossier, piece: Any, begun: PartialUpload) -> list[tuple[str, str]]:
    return [
        ("get", reverse("dossiers:pieces", args=[dossier.pk, ANY])),
        ("post", reverse("dossiers:pieces", args=[dossier.pk, ANY])),
        ("post", reverse("dossiers:upload-begin", args=[dossier.pk, ANY])),
        ("post", reverse("dossiers:piece-remove", args=[piece.pk])),
        ("get", reverse("dossiers:upload", args=[begun.pk])),
        ("post", reverse("dossiers:upload", args=[begun.pk])),
        ("post", reverse("dossiers:upload-cancel", args=[begun.pk])),
    ]


@pytest.mark.parametrize("handed_in", [False, True])
def test_every_address_of_pieces_is_nothing_to_others(draft, party, handed_in):
    piece = put(draft, party.depositor, ANY, "castor.pdf").piece
    begun = PartialUpload.objects.create(dossier=draft, field=ANY, owner=party.depositor, name="castor2.pdf", size=9)
    if handed_in:
        deposited(draft, party)
        ask(draft, party, party.advisor)
    before = DossierEvent.objects.count()
    for user in (party.instructor, party.validator, party.national, party.advisor, *outsiders(draft, party)):
        client = signed_in(user)
        for method, path in addresses(draft, piece, begun):
            data = {"file": SimpleUploadedFile("a.pdf", b"<html>"), "name": "a.pdf", "size": "9"}
            answer = getattr(client, method)(path, data if method == "post" else {})
            assert answer.status_code == (404 if user is not None and user.is_active else 302), path
            assert b"castor" not in answer.content
    assert DossierEvent.objects.count() == before
    assert PartialUpload.objects.count() == 1


def test_a_reader_of_the_organisation_looks_and_changes_nothing(draft, party):
    piece = put(draft, party.depositor, ANY, "castor.pdf").piece
    begun = PartialUpload.objects.create(dossier=draft, field=ANY, owner=party.depositor, name="b.pdf", size=9)
    for user in (party.reader, invite(draft, party), invite(draft, party, InvitationRight.COMMENT)):
        answers = [getattr(signed_in(user), method)(path) for method, path in addresses(draft, piece, begun)]
        assert [each.status_code for each in answers] == [200, 404, 404, 404, 404, 404, 404]
        html = answers[0].json()["html"]
        assert "castor.pdf" in html
        assert "Retirer" not in html


@pytest.mark.parametrize("key", ["nom", "inconnu", "x" * 200])
def test_another_field_is_nothing(draft, party, key):
    client = signed_in(party.depositor)
    path = reverse("dossiers:pieces", args=[draft.pk, key])
    for answer in (client.get(path), client.post(path, {"file": upload()}), client.post(f"{path}envois/", {"size": 9})):
        assert answer.status_code == 404
    missing = reverse("dossiers:pieces", args=[uuid.uuid4(), ANY])
    assert client.get(missing).status_code == 404
