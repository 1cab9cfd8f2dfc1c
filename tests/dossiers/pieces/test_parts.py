"""Large files in parts: resumed where they stopped, checked as any other, bounded, swept up."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.enums import EventKind, InvitationRight
from dossiers.models import DossierEvent, DossierInvitation, PartialUpload, PieceVersion
from dossiers.pieces import uploads
from dossiers.pieces.services import current_files, replace_file
from portal.files.models import StoredFile, private_storage
from portal.files.retention import sweep_storage
from tests.factories import make_user
from tests.files.samples import pdf, upload

from .conftest import ANY, PHOTOS, PLAN, deposited, put

pytestmark = pytest.mark.django_db
CONTENT = pdf(body=b"%" + b"a" * 300_000 + b"\n")


@pytest.fixture
def client(party):
    return signed_in(party.depositor)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begin(client, dossier, key=ANY, content=CONTENT, **given):
    data = {"name": "plan.pdf", "size": len(content), "fingerprint": hashlib.sha256(content).hexdigest()} | given
    return client.post(reverse("dossiers:upload-begin", args=[dossier.pk, key]), data)


def send(client, identifier, offset, part, **more):
    return client.generic(
        "POST",
        reverse("dossiers:upload", args=[identifier]),
        part,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
        **more,
    )


def state(client, identifier):
    return client.get(reverse("dossiers:upload", args=[identifier]))


def parts() -> list[str]:
    """What stands in the folder of parts, folders too."""
    return uploads._listed(private_storage(), uploads.FOLDER)[0]


def test_a_file_in_parts_becomes_a_piece(client, draft, party):
    answer = begin(client, draft)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["received"], told["part"]) == (0, uploads.PART_BYTES)
    first = send(client, told["id"], 0, CONTENT[:200_000])
    assert (first.status_code, first.json()["received"], first.json()["done"]) == (200, 200_000, False)
    assert not StoredFile.objects.exists()
    last = send(client, told["id"], 200_000, CONTENT[200_000:])
    assert (last.status_code, last.json()["done"]) == (201, True)
    assert "plan.pdf" in last.json()["html"]
    version = PieceVersion.objects.get()
    assert (str(version.pk), version.by, version.file.size) == (told["id"], party.depositor, len(CONTENT))
    assert version.file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    with version.file.open() as file:
        assert file.read() == CONTENT
    assert not PartialUpload.objects.exists()
    assert parts() == []


def test_it_goes_on_where_it_stopped_in_another_page(client, draft):
    identifier = begin(client, draft).json()["id"]
    send(client, identifier, 0, CONTENT[:1000])
    again = begin(client, draft).json()
    assert (again["id"], again["received"]) == (identifier, 1000)
    assert state(client, identifier).json()["received"] == 1000
    listed = client.get(reverse("dossiers:pieces", args=[draft.pk, ANY])).json()
    assert listed["stopped"] == [{"id": identifier, "name": "plan.pdf", "size": len(CONTENT), "received": 1000}]
    assert "s’est arrêté à 1\u00a0ko" in listed["html"]
    assert send(client, identifier, 1000, CONTENT[1000:]).json()["done"] is True


def test_another_file_of_the_same_name_is_not_the_same(client, draft):
    identifier = begin(client, draft).json()["id"]
    other = CONTENT.replace(b"aa", b"bb", 1)
    assert begin(client, draft, content=other).json()["id"] != identifier


def test_a_part_that_does_not_follow_is_a_conflict(client, draft):
    """Sent twice, too early, or by two windows at once: the answer says what is there."""
    identifier = begin(client, draft).json()["id"]
    send(client, identifier, 0, CONTENT[:1000])
    for offset in (0, 500, 2000, 999_999_999):
        answer = send(client, identifier, offset, CONTENT[:1000])
        assert (answer.status_code, answer.json()["received"]) == (409, 1000)
    assert send(client, identifier, 1000, CONTENT[1000:]).status_code == 201
    with PieceVersion.objects.get().file.open() as file:
        assert file.read() == CONTENT


def test_an_end_whose_answer_was_lost_is_told_again_and_done_once(client, draft):
    identifier = begin(client, draft).json()["id"]
    send(client, identifier, 0, CONTENT)
    for answer in (state(client, identifier), send(client, identifier, 0, CONTENT), send(client, identifier, 5, b"")):
        assert (answer.status_code, answer.json()["done"]) == (200, True)
    assert PieceVersion.objects.count() == StoredFile.objects.count() == 1
    assert DossierEvent.objects.filter(kind=EventKind.PIECE_ADDED).count() == 1


def test_an_end_that_was_killed_is_taken_up(client, draft, party):
    """All parts are there, the piece is not: an empty part ends it. Ending it twice makes one."""
    identifier = begin(client, draft).json()["id"]
    row = PartialUpload.objects.get(pk=identifier)
    uploads.write_part(upload=row, offset=0, content=CONTENT)
    row.refresh_from_db()
    assert send(client, identifier, len(CONTENT), b"").status_code == 201
    version = PieceVersion.objects.get()
    row.save(force_insert=True)  # As before the worker died: the end had been reached, the row was still there.
    assert state(client, identifier).json()["done"] is True
    assert uploads.add_file(
        dossier=draft, actor=party.depositor, field=ANY, upload=upload(), version_id=row.pk
    ) == version  # fmt: skip
    assert list(PieceVersion.objects.all()) == [version]


@pytest.mark.parametrize(
    ("offset", "part", "more"),
    [
        ("", CONTENT, {}),
        ("-1", CONTENT, {}),
        ("1e3", CONTENT, {}),
        ("٣", CONTENT, {}),
        ("9" * 40, CONTENT, {}),
        ("0", CONTENT + b"x", {}),
        ("0", b"x" * (uploads.PART_BYTES + 1), {}),
        ("0", CONTENT[:1000], {"CONTENT_LENGTH": "900"}),
        ("0", CONTENT[:1000], {"CONTENT_LENGTH": "nonsense"}),
    ],
)
def test_a_part_that_lies_is_refused_and_nothing_is_kept_of_it(client, draft, offset, part, more):
    identifier = begin(client, draft).json()["id"]
    answer = send(client, identifier, offset, part, **more)
    if more.get("CONTENT_LENGTH") == "900":
        # As a body of 900 bytes: what follows is another request's.
        assert answer.json()["received"] == 900
        return
    assert (answer.status_code, "recommencez" in answer.json()["message"]) == (422, True)
    assert PartialUpload.objects.get().received == 0
    assert parts() == []


def test_what_arrived_is_what_was_sent(client, draft):
    """The browser's fingerprint, and the checks of every file, at the end."""
    identifier = begin(client, draft).json()["id"]
    answer = send(client, identifier, 0, CONTENT.replace(b"a", b"b"))
    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete")
    page = b"<html>" + b"x" * 1000
    identifier = begin(client, draft, content=page).json()["id"]
    answer = send(client, identifier, 0, page)
    assert (answer.status_code, answer.json()["code"]) == (422, "other_content")
    events = DossierEvent.objects.filter(dossier=draft, kind=EventKind.FILE_REFUSED).order_by("number")
    assert [each.data["code"] for each in events] == ["incomplete", "other_content"]
    assert not PartialUpload.objects.exists()
    assert not StoredFile.objects.exists()
    assert parts() == []


@pytest.mark.parametrize(
    ("key", "given", "code"),
    [
        (ANY, {"name": "a.exe"}, "extension"),
        (ANY, {"name": "../../a.pdf%00.html"}, "extension"),
        (PHOTOS, {}, "extension"),
        (ANY, {"size": 0}, "empty"),
        (ANY, {"size": -5}, "incomplete"),
        (ANY, {"size": "1e9"}, "incomplete"),
        (ANY, {"size": "9" * 30}, "incomplete"),
        (ANY, {"size": 30_000_000}, "too_large"),
        (PLAN, {"size": 1_000_001}, "too_large"),
    ],
)
def test_what_would_be_refused_is_not_begun(client, draft, key, given, code):
    answer = begin(client, draft, key, **given)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not PartialUpload.objects.exists()


def test_nobody_begins_without_end(client, draft, settings):
    for number in range(uploads.MOST_OPEN):
        assert begin(client, draft, name=f"{number}.pdf").status_code == 201
    assert begin(client, draft, name="un-de-trop.pdf").json()["code"] == "too_many"
    PartialUpload.objects.all().delete()
    settings.FILE_DAY_BYTES = len(CONTENT) * 2
    assert begin(client, draft, name="a.pdf").status_code == 201
    assert begin(client, draft, name="b.pdf").status_code == 201
    assert begin(client, draft, name="c.pdf").json()["code"] == "too_many"


def test_an_upload_is_its_owners_alone(client, draft, party):
    identifier = begin(client, draft).json()["id"]
    for user in (party.colleague, party.reader, party.instructor, party.national, party.stranger, make_user()):
        other = signed_in(user)
        assert state(other, identifier).status_code == 404
        assert send(other, identifier, 0, CONTENT).status_code == 404
        assert other.post(reverse("dossiers:upload-cancel", args=[identifier])).status_code == 404
    visitor = Client()
    for answer in (state(visitor, identifier), send(visitor, identifier, 0, CONTENT)):
        assert (answer.status_code, "next=/dossiers/envois/" in answer["Location"]) == (302, True)
    assert PartialUpload.objects.get().received == 0


def test_who_may_not_edit_any_more_does_not_go_on(draft, party):
    guest = make_user()
    now = timezone.now()
    invitation = DossierInvitation.objects.create(
        dossier=draft,
        email=guest.email,
        user=guest,
        right=InvitationRight.EDIT,
        invited_by=party.depositor,
        accepted_at=now,
        expires_at=now + timedelta(days=1),
    )
    client = signed_in(guest)
    identifier = begin(client, draft).json()["id"]
    assert send(client, identifier, 0, CONTENT[:10]).status_code == 200
    invitation.revoked_at = now
    invitation.save()
    assert send(client, identifier, 10, CONTENT[10:]).status_code == 404
    assert not StoredFile.objects.exists()


def test_a_dossier_deposited_meanwhile_takes_no_part_any_more(client, draft, party):
    identifier = begin(client, draft).json()["id"]
    deposited(draft, party)
    answer = send(client, identifier, 0, CONTENT)
    assert (answer.status_code, "déposé" in answer.json()["message"]) == (409, True)
    assert begin(client, draft, name="autre.pdf").status_code == 409
    assert current_files(draft) == {}


def test_a_new_version_may_come_in_parts(client, draft, party):
    first = put(draft, party.depositor, PLAN)
    identifier = begin(client, draft, PLAN, piece=first.piece_id).json()["id"]
    assert send(client, identifier, 0, CONTENT).status_code == 201
    assert [each.number for each in current_files(draft)[PLAN]] == [2]
    assert begin(client, draft, ANY, piece=first.piece_id).status_code == 404
    assert begin(client, draft, PLAN, piece="nonsense").status_code == 404


def test_an_upload_is_cancelled(client, draft):
    identifier = begin(client, draft).json()["id"]
    send(client, identifier, 0, CONTENT[:1000])
    answer = client.post(reverse("dossiers:upload-cancel", args=[identifier]))
    assert (answer.status_code, answer.json()["stopped"]) == (200, [])
    assert state(client, identifier).status_code == 404
    assert parts() == []


def test_what_nobody_goes_on_with_is_swept_up(client, draft, party):
    old, fresh = (begin(client, draft, name=f"{name}.pdf").json()["id"] for name in "ab")
    for identifier in (old, fresh):
        send(client, identifier, 0, CONTENT[:1000])
    PartialUpload.objects.filter(pk=old).update(touched_at=timezone.now() - uploads.KEPT - timedelta(minutes=1))
    assert uploads.expire() == 1
    assert parts() == [uuid.UUID(fresh).hex]
    assert sweep_storage() == 0  # Parts are no contents without a row.
    assert send(client, fresh, 1000, CONTENT[1000:]).status_code == 201


def test_parts_of_a_dossier_that_is_gone_are_swept_up(client, draft, monkeypatch):
    identifier = begin(client, draft).json()["id"]
    send(client, identifier, 0, CONTENT[:1000])
    PartialUpload.objects.all().delete()
    uploads.expire()
    assert len(parts()) == 1  # They may be of a request under way.
    monkeypatch.setattr(uploads, "KEPT", timedelta(0))
    uploads.expire()
    assert parts() == []


def test_a_storage_in_trouble_loses_nothing(client, draft, monkeypatch):
    identifier = begin(client, draft).json()["id"]
    send(client, identifier, 0, CONTENT[:1000])
    storage = type(private_storage())

    def full(self, name, content, max_length=None):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(storage, "save", full)
        answer = send(client, identifier, 1000, CONTENT[1000:])
        assert (answer.status_code, answer.json()["code"]) == (422, "not_written")
    assert state(client, identifier).json()["received"] == 1000
    assert send(client, identifier, 1000, CONTENT[1000:]).status_code == 201


def test_reading_the_state_writes_nothing(client, draft, django_assert_num_queries):
    identifier = begin(client, draft).json()["id"]
    before = DossierEvent.objects.count(), PartialUpload.objects.values_list("touched_at", flat=True).get()
    state(client, identifier)
    client.get(reverse("dossiers:pieces", args=[draft.pk, ANY]))
    assert before == (DossierEvent.objects.count(), PartialUpload.objects.values_list("touched_at", flat=True).get())


def test_posts_need_the_token_of_the_form(draft, party):
    client = Client(enforce_csrf_checks=True)
    client.force_login(party.depositor)
    version = put(draft, party.depositor)
    addresses = [
        reverse("dossiers:pieces", args=[draft.pk, ANY]),
        reverse("dossiers:upload-begin", args=[draft.pk, ANY]),
        reverse("dossiers:piece-remove", args=[version.piece_id]),
        reverse("dossiers:upload", args=[uuid.uuid4()]),
        reverse("dossiers:upload-cancel", args=[uuid.uuid4()]),
    ]
    assert {client.post(each).status_code for each in addresses} == {403}
    assert replace_file(piece=version.piece, actor=party.depositor, upload=upload()).number == 2
