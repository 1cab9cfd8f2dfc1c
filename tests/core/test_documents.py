"""What the library of documents refuses, with the reason; and what it takes."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents import get_document_model

from portal.accounts.models import User

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PAGE = b"<!doctype html><title>x</title><script>alert(1)</script>"
ODT = "application/vnd.oasis.opendocument.text"


def package(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def damaged(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.fixture
def library(client):
    client.force_login(User.objects.create_superuser("admin@exemple.fr", "une phrase de passe"))

    def send(name: str, content: bytes, view: str = "wagtaildocs:add"):
        data = {"title": "Un titre gardé", "file": SimpleUploadedFile(name, content), "collection": 1}
        return client.post(reverse(view), data)

    return send


OTHER = "pas un document"
REFUSED = [
    ("vide.pdf", b"", "Ce fichier est vide (0 octet)."),
    ("page.pdf", PAGE, OTHER),
    ("programme.pdf", b"MZ\x90\0" + bytes(200), OTHER),
    ("tardif.pdf", PAGE + PDF, OTHER),
    ("page.docx", PAGE, OTHER),
    ("archive.docx", package(lisezmoi="x"), OTHER),
    ("tableur.docx", package(xl__workbook="x"), OTHER),
    ("archive.odt", package(lisezmoi="x"), OTHER),
    ("tableur.odt", package(mimetype="application/vnd.oasis.opendocument.spreadsheet"), OTHER),
    ("coupe.odt", damaged(package(mimetype=ODT, content="x" * 900)), OTHER),
    ("coupe.xlsx", damaged(package(xl__workbook="x" * 900)), OTHER),
    ("page.csv", PAGE, OTHER),
    ("binaire.csv", b"a;b\n\0\0", OTHER),
    ("page.vtt", PAGE, OTHER),
    ("page.ics", PAGE, OTHER),
    ("page.mp4", PAGE, OTHER),
    ("page.webm", PAGE, OTHER),
    ("programme.exe", b"MZ", "n’est pas autorisée"),
    ("lourd.pdf", PDF + bytes(2048), "Ce fichier est trop lourd"),
]


@pytest.mark.parametrize(("name", "content", "reason"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_bad_document_is_refused_with_one_reason_and_the_form_kept(library, settings, name, content, reason):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 2048
    response = library(name, content)
    errors = response.context["form"].errors
    assert list(errors) == ["file"]
    assert len(errors["file"]) == 1
    assert reason in errors["file"][0]
    html = response.content.decode()
    assert "Un titre gardé" in html
    assert not get_document_model().objects.exists()


def test_the_reason_is_said_by_the_upload_of_several_files_too(client, library):
    file = SimpleUploadedFile("page.pdf", PAGE)
    answer = client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "x", "files[]": file},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert OTHER in answer.json()["error_message"]
    assert not get_document_model().objects.exists()


def test_a_document_is_not_replaced_by_a_page(client, library):
    library("fiche.pdf", PDF)
    document = get_document_model().objects.get()
    data = {"title": "Autre titre", "file": SimpleUploadedFile("page.pdf", PAGE), "collection": 1}
    response = client.post(reverse("wagtaildocs:edit", args=[document.pk]), data)
    assert OTHER in response.context["form"].errors["file"][0]
    document.refresh_from_db()
    with document.open_file() as kept:
        assert kept.read() == PDF


def test_a_document_keeps_its_file_where_none_is_sent(client, library):
    library("fiche.pdf", PDF)
    document = get_document_model().objects.get()
    client.post(reverse("wagtaildocs:edit", args=[document.pk]), {"title": "Autre titre", "collection": 1})
    document.refresh_from_db()
    assert document.title == "Autre titre"


TAKEN = [
    ("fiche.pdf", PDF),
    ("fiche.PDF", b"\xef\xbb\xbf\n" + PDF),
    ("lettre.docx", package(**{"[Content_Types].xml": "x", "word/document.xml": "x"})),
    ("tableau.xlsx", package(**{"[Content_Types].xml": "x", "xl/workbook.xml": "x"})),
    ("lettre.odt", package(mimetype=ODT, content="x")),
    ("tableau.csv", "\ufeffcommune;code\nDax;40088\n".encode()),
    ("tableau-ancien.csv", "département;nom\n40;Landes\n".encode("cp1252")),
    ("sous-titres.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour"),
    ("agenda.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
    ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(20)),
    ("film.webm", b"\x1a\x45\xdf\xa3" + bytes(20)),
]


@pytest.mark.parametrize(("name", "content"), TAKEN, ids=[case[0] for case in TAKEN])
def test_a_true_document_is_taken(library, name, content):
    assert library(name, content).status_code == 302
    document = get_document_model().objects.get()
    with document.open_file() as kept:
        assert kept.read() == content
