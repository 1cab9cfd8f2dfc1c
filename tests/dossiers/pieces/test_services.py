"""Files in slots: versions that never change, who may change them when, an event for each change."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from dossiers.enums import EventKind, InvitationRight
from dossiers.journal import faults
from dossiers.models import Dossier, DossierEvent, DossierInvitation, Piece, PieceVersion
from dossiers.models.types import ImmutableError
from dossiers.pieces.limits import limits_of, piece_field
from dossiers.pieces.services import (
    REFUSALS_NOTED,
    FileRefused,
    add_file,
    counts,
    current_files,
    problems,
    purge,
    remove_piece,
    replace_file,
    snapshot,
)
from dossiers.rules import DossierConflict, DossierRefused
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.files.retention import delete_unused_files
from tests.dossiers.factories import Party, act
from tests.factories import make_user
from tests.files.samples import pdf, picture, upload

from .conftest import ANY, PHOTOS, PLAN, deposited, incomplete, put

pytestmark = pytest.mark.django_db


def kinds(dossier: Dossier) -> list[str]:
    return list(DossierEvent.objects.filter(dossier=dossier).order_by("number").values_list("kind", flat=True))


def guest(dossier: Dossier, party: Party, right: str, **fields: Any) -> Any:
    user = make_user()
    now = timezone.now()
    values = {"accepted_at": now, "expires_at": now + timedelta(days=3)} | fields
    DossierInvitation.objects.create(
        dossier=dossier, email=user.email, user=user, right=right, invited_by=party.depositor, **values
    )
    return user


def test_a_file_is_a_slot_a_version_and_an_event(draft, party):
    content = pdf()
    version = put(draft, party.depositor, PLAN, "Plan “été”.pdf", content)
    assert (version.number, version.by, version.piece.field) == (1, party.depositor, PLAN)
    digest = hashlib.sha256(content).hexdigest()
    assert (version.file.sha256, version.file.purpose, version.file.size) == (digest, "dossiers", len(content))
    draft.refresh_from_db()
    event = DossierEvent.objects.get(dossier=draft, kind=EventKind.PIECE_ADDED)
    assert event.data == {
        "field": PLAN,
        "piece": str(version.piece_id),
        "version": str(version.pk),
        "number": 1,
        "file": str(version.file_id),
        "name": "Plan “été”.pdf",
        "size": len(content),
        "sha256": digest,
    }
    assert not list(faults(draft))
    assert counts(draft) == {PLAN: 1}
    assert snapshot(draft) == {PLAN: [[str(version.pk), "Plan “été”.pdf", digest]]}


def test_replacing_keeps_the_version_before_and_removing_keeps_both(draft, party):
    first = put(draft, party.depositor, PLAN)
    second = replace_file(piece=first.piece, actor=party.colleague, upload=upload("bis.pdf"))
    assert (second.number, second.piece) == (2, first.piece)
    assert current_files(draft) == {PLAN: [second]}
    remove_piece(piece=first.piece, actor=party.depositor)
    remove_piece(piece=first.piece, actor=party.depositor)
    assert current_files(draft) == counts(draft) == {}
    assert PieceVersion.objects.filter(piece=first.piece).count() == 2
    assert kinds(draft)[1:] == [EventKind.PIECE_ADDED, EventKind.PIECE_REPLACED, EventKind.PIECE_REMOVED]
    with pytest.raises(Http404):
        replace_file(piece=first.piece, actor=party.depositor, upload=upload())
    put(draft, party.depositor, PLAN)  # There is room again.


def test_a_version_never_changes(draft, party):
    version = put(draft, party.depositor)
    version.number = 7
    with pytest.raises(ImmutableError):
        version.save()


def test_files_come_in_the_order_they_were_sent_in_one_query(draft, party, django_assert_num_queries):
    names = ["b.pdf", "a.pdf", "c.pdf"]
    for name in names:
        put(draft, party.depositor, ANY, name)
    with django_assert_num_queries(1):
        found = current_files(draft)
        assert [each.file.name for each in found[ANY]] == names


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (PLAN, "Formats acceptés : PDF. Un seul fichier, 1 Mo au maximum."),
        (PHOTOS, "Formats acceptés : PNG, JPG. 3 fichiers au maximum, 21 Mo au maximum par fichier."),
        (
            ANY,
            "Formats acceptés : PDF, ODT, ODS, DOCX, XLSX, CSV, PNG, JPG. 10 fichiers au maximum, "
            "21 Mo au maximum par fichier.",
        ),
    ],
)
def test_the_limits_of_a_field_are_said(draft, key, said):
    assert limits_of(piece_field(draft, key)).text == said


def test_the_limit_of_the_portal_holds_above_that_of_a_field(draft, settings):
    settings.FILE_MAX_BYTES = 500_000
    assert limits_of(piece_field(draft, PLAN)).text == "Formats acceptés : PDF. Un seul fichier, 500 ko au maximum."


@pytest.mark.parametrize(
    ("key", "name", "content", "code", "said"),
    [
        (PLAN, "photo.png", picture(), "extension", "« .png » n’est pas un type accepté. Types acceptés : PDF."),
        (PLAN, "gros.pdf", pdf(body=b"%" + b"x" * 1_000_000 + b"\n"), "too_large", "trop lourd (1 Mo). Maximum : 1 Mo"),
        (ANY, "vide.pdf", b"", "empty", "Ce fichier est vide (0 octet)."),
        (ANY, "page.pdf", b"<html>", "other_content", "n’est pas un fichier .pdf"),
    ],
)
def test_a_file_beyond_the_limits_is_refused_and_logged(draft, party, key, name, content, code, said):
    kept = put(draft, party.depositor, ANY)
    with pytest.raises(FileRefused) as refusal:
        put(draft, party.depositor, key, name, content)
    assert refusal.value.code == code
    assert said in refusal.value.message
    event = DossierEvent.objects.filter(dossier=draft).latest("number")
    assert (event.kind, event.data["code"], event.data["name"], event.data["field"]) == (
        EventKind.FILE_REFUSED,
        code,
        name,
        key,
    )
    assert event.data["size"] == len(content)
    assert StoredFile.objects.get() == kept.file
    assert current_files(draft) == {ANY: [kept]}
    draft.refresh_from_db()
    assert not list(faults(draft))


def test_there_are_no_more_files_than_the_field_takes(draft, party):
    put(draft, party.depositor, PLAN)
    for number in range(3):
        put(draft, party.depositor, PHOTOS, f"{number}.png", picture())
    for key, name, content in ((PLAN, "a.pdf", pdf()), (PHOTOS, "a.png", picture())):
        with pytest.raises(FileRefused) as refusal:
            put(draft, party.depositor, key, name, content)
        assert refusal.value.code == "too_many"
    assert StoredFile.objects.count() == 4


def test_refusals_do_not_fill_the_log_for_ever(draft, party):
    for _ in range(REFUSALS_NOTED + 5):
        with pytest.raises(FileRefused):
            put(draft, party.depositor, ANY, "vide.pdf", b"")
    assert kinds(draft).count(EventKind.FILE_REFUSED) == REFUSALS_NOTED


def test_who_sends_too_much_in_a_day_is_refused(draft, party, settings):
    settings.FILE_DAY_BYTES = len(pdf()) + 10
    put(draft, party.depositor)
    with pytest.raises(FileRefused) as refusal:
        put(draft, party.depositor)
    assert refusal.value.code == "too_much"
    put(draft, party.colleague)
    assert kinds(draft)[-2:] == [EventKind.FILE_REFUSED, EventKind.PIECE_ADDED]


def test_who_edits_a_draft(draft, party):
    editor = guest(draft, party, InvitationRight.EDIT)
    for actor in (party.depositor, party.colleague, editor):
        put(draft, actor)
    now = timezone.now()
    others = [
        party.reader,
        guest(draft, party, InvitationRight.VIEW),
        guest(draft, party, InvitationRight.COMMENT),
        guest(draft, party, InvitationRight.EDIT, revoked_at=now),
        guest(draft, party, InvitationRight.EDIT, expires_at=now),
        guest(draft, party, InvitationRight.EDIT, accepted_at=None),
        party.instructor,
        party.validator,
        party.national,
        party.elsewhere,
        party.stranger,
        make_user(),
    ]
    version = current_files(draft)[ANY][0]
    before = kinds(draft)
    for actor in others:
        with pytest.raises(Http404):
            put(draft, actor)
        with pytest.raises(Http404):
            replace_file(piece=version.piece, actor=actor, upload=upload())
        with pytest.raises(Http404):
            remove_piece(piece=version.piece, actor=actor)
        with pytest.raises(Http404):  # Nor does the log tell of them.
            put(draft, actor, content=b"<html>")
    assert kinds(draft) == before
    assert counts(draft) == {ANY: 3}


@pytest.mark.parametrize("key", ["nom", "inconnu", "", "plan/../nom"])
def test_another_field_takes_no_file(draft, party, key):
    with pytest.raises(Http404):
        put(draft, party.depositor, key)
    assert not StoredFile.objects.exists()


def test_a_deposited_dossier_takes_no_file_any_more(draft, party):
    version = put(draft, party.depositor)
    deposited(draft, party)
    for change in (
        lambda: put(draft, party.depositor),
        lambda: replace_file(piece=version.piece, actor=party.depositor, upload=upload()),
        lambda: remove_piece(piece=version.piece, actor=party.depositor),
    ):
        with pytest.raises(DossierConflict) as refusal:
            change()
        assert refusal.value.event.kind == EventKind.DEPOSITED
        assert "déposé" in refusal.value.message
    assert current_files(draft) == {ANY: [version]}


def test_complements_open_the_fields_that_were_asked_for_and_no_other(draft, party):
    plan, note = put(draft, party.depositor, PLAN), put(draft, party.depositor, ANY)
    incomplete(draft, party, PLAN)
    newer = replace_file(piece=plan.piece, actor=party.depositor, upload=upload("corrigé.pdf"))
    for change in (
        lambda: put(draft, party.depositor, ANY),
        lambda: replace_file(piece=note.piece, actor=party.depositor, upload=upload()),
        lambda: remove_piece(piece=note.piece, actor=party.depositor),
    ):
        with pytest.raises(DossierConflict, match="n’est pas demandée"):
            change()
    with pytest.raises(Http404):
        put(draft, party.instructor, PLAN)
    act("repondre", draft, party.depositor)
    with pytest.raises(DossierConflict):
        replace_file(piece=plan.piece, actor=party.depositor, upload=upload())
    assert current_files(draft) == {PLAN: [newer], ANY: [note]}


def test_an_infected_file_stands_in_the_way_of_a_deposit_until_it_is_replaced(draft, party):
    version = put(draft, party.depositor, PLAN, "virus.pdf")
    StoredFile.objects.filter(pk=version.file_id).update(scan_state=ScanState.INFECTED)
    told = ["L’antivirus a écarté « virus.pdf » : remplacez ce fichier, ou retirez-le."]
    assert problems(draft) == {PLAN: told}
    with pytest.raises(DossierRefused) as refusal:
        deposited(draft, party)
    assert refusal.value.errors == {PLAN: told}
    replace_file(piece=version.piece, actor=party.depositor, upload=upload())
    assert problems(draft) == {}
    assert deposited(draft, party).number


@pytest.mark.parametrize("state", [ScanState.PENDING, ScanState.ERROR, ScanState.UNSCANNABLE, ScanState.NOT_SCANNED])
def test_what_the_antivirus_has_not_looked_at_does_not_hold_the_depositor_up(draft, party, state):
    version = put(draft, party.depositor, PLAN)
    StoredFile.objects.filter(pk=version.file_id).update(scan_state=state)
    assert problems(draft) == {}
    assert deposited(draft, party).number


def test_the_pieces_of_a_draft_that_is_deleted_go_with_it(draft, party, settings):
    version = put(draft, party.depositor)
    settings.FILE_UNUSED_DAYS = 0
    assert delete_unused_files() == 0
    assert purge(draft) == 1
    assert not Piece.objects.filter(dossier=draft).exists()
    assert delete_unused_files() == 1
    assert not StoredFile.objects.filter(pk=version.file_id).exists()


def test_a_file_sent_before_is_taken_up_by_its_sender_alone(draft, party):
    from tests.files.samples import make_file

    own, others = (make_file(who, purpose="dossiers") for who in (party.depositor, party.colleague))
    assert add_file(dossier=draft, actor=party.depositor, field=ANY, upload=own).file == own
    with pytest.raises(FileRefused):
        add_file(dossier=draft, actor=party.depositor, field=ANY, upload=others)
