"""Who is given a file, in which state, and with which headers."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.files import access, references
from portal.files.enums import ScanState
from portal.files.models import FileDownload, StoredFile, private_storage
from portal.files.names import attachment_header
from tests.factories import make_user

from .samples import make_file, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers(monkeypatch):
    """People who may read the files of « essai », beside nobody."""
    people = []
    monkeypatch.setattr(access, "_readers", {})
    access.register_reader(
        "essai", lambda user: StoredFile.objects.all() if user in people else StoredFile.objects.none()
    )
    return people


@pytest.fixture
def used(monkeypatch):
    """Identifiers of the files that something uses."""
    found = []
    monkeypatch.setattr(references, "_references", {})
    references.register_reference("essai", lambda: StoredFile.objects.filter(pk__in=found).values("pk"))
    return found


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def status(user, stored) -> int:
    client = signed_in(user) if user else Client()
    response = client.get(stored.get_absolute_url())
    response.close()
    return response.status_code


def test_a_reader_is_given_the_file_as_an_attachment(readers, used):
    stored = make_file(make_user(), name="Été — bilan.pdf")
    reader = make_user()
    readers.append(reader)
    response = signed_in(reader).get(stored.get_absolute_url())
    assert b"".join(response.streaming_content) == pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename=\"Ete  bilan.pdf\"; filename*=UTF-8''%C3%89t%C3%A9%20%E2%80%94%20bilan.pdf"
    )
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert int(response["Content-Length"]) == stored.size
    assert FileDownload.objects.values_list("file", "user").get() == (stored.pk, reader.pk)


def test_others_are_told_nothing(readers, used):
    stored = make_file(make_user())
    missing = "/fichiers/00000000-0000-0000-0000-000000000000/"
    for client in (Client(), signed_in(make_user())):
        answers = [client.get(stored.get_absolute_url()), client.get(missing)]
        assert [each.status_code for each in answers] == [404, 404]
        assert stored.name not in answers[0].content.decode()
        assert client.head(stored.get_absolute_url()).status_code == 404
    assert not FileDownload.objects.exists()


def test_its_sender_has_a_file_back_until_something_uses_it(readers, used):
    sender = make_user()
    stored = make_file(sender)
    assert status(sender, stored) == 200
    used.append(stored.pk)
    assert status(sender, stored) == 404
    readers.append(sender)
    assert status(sender, stored) == 200


def test_a_purpose_that_nobody_declared_is_read_by_its_sender_alone(readers, used):
    sender, other = make_user(), make_user()
    readers.append(other)
    stored = make_file(sender, purpose="inconnu")
    assert (status(sender, stored), status(other, stored)) == (200, 404)


@pytest.mark.parametrize("state", ScanState)
def test_readers_are_given_clean_files_only(readers, used, settings, state):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    sender, reader = make_user(), make_user()
    readers += [sender, reader]
    stored = make_file(sender, scan_state=state)
    assert status(reader, stored) == (200 if state == ScanState.CLEAN else 409)
    assert status(sender, stored) == (409 if state == ScanState.INFECTED else 200)


def test_without_a_scanner_by_choice_files_are_given_unscanned(readers, used, settings):
    reader = make_user()
    readers.append(reader)
    stored = make_file(make_user())
    assert stored.scan_state == ScanState.NOT_SCANNED
    assert status(reader, stored) == 200
    settings.FILES_WITHOUT_SCANNER = False
    assert status(reader, stored) == 409


def test_the_page_says_why_a_file_is_not_given(readers, used):
    reader = make_user()
    readers.append(reader)
    client = signed_in(reader)
    for state, words in [
        (ScanState.INFECTED, "programme malveillant"),
        (ScanState.UNSCANNABLE, "n’a pas pu analyser"),
        (ScanState.PENDING, "n’a pas encore analysé"),
    ]:
        response = client.get(make_file(make_user(), scan_state=state).get_absolute_url())
        assert words in response.content.decode()
        assert "no-store" in response["Cache-Control"]


def test_only_reading_is_allowed_and_a_head_is_no_download(readers, used):
    reader = make_user()
    readers.append(reader)
    stored, client = make_file(make_user()), signed_in(reader)
    assert client.post(stored.get_absolute_url()).status_code == 405
    response = client.head(stored.get_absolute_url())
    response.close()
    assert response.status_code == 200
    assert not FileDownload.objects.exists()


def test_a_file_whose_content_is_gone_is_not_there(readers, used):
    reader = make_user()
    readers.append(reader)
    stored = make_file(make_user())
    private_storage().delete(stored.key)
    assert status(reader, stored) == 404


@pytest.mark.parametrize(
    ("delivery", "header", "start"),
    [("x-accel-redirect", "X-Accel-Redirect", "/_fichiers/"), ("x-sendfile", "X-Sendfile", "/")],
)
def test_the_web_server_may_send_the_content(readers, used, settings, delivery, header, start):
    settings.FILES_DELIVERY = delivery
    reader = make_user()
    readers.append(reader)
    stored = make_file(make_user())
    response = signed_in(reader).get(stored.get_absolute_url())
    assert response[header].startswith(start)
    assert response[header].endswith(stored.key)
    assert response.content == b""
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ('a"b\r\nX-Evil: 1.pdf', "a_b X-Evil_ 1.pdf"),
        ("日本.pdf", "fichier.pdf"),
        ("été.pdf", "ete.pdf"),
        ("../../etc/passwd", "passwd"),
    ],
)
def test_the_header_is_well_formed_whatever_the_name(name, plain):
    header = attachment_header(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
