"""What the image library refuses, with the reason; and what it takes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as PILImage
from wagtail.images import get_image_model

from portal.accounts.models import User

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    PILImage.new("RGB", size, "#000091").save(buffer, kind)
    return buffer.getvalue()


def huge_png(width: int = 20_000, height: int = 10_000) -> bytes:
    """A PNG that announces 200 million pixels and weighs a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def archive_behind_a_picture() -> bytes:
    buffer = io.BytesIO(picture())
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("page.html", "<p>")
    return buffer.getvalue()


@pytest.fixture
def library(client):
    client.force_login(User.objects.create_superuser("admin@exemple.fr", "une phrase de passe"))

    def send(name: str, content: bytes):
        file = SimpleUploadedFile(name, content)
        return client.post(reverse("wagtailimages:add"), {"title": "Un titre gardé", "file": file, "collection": 1})

    return send


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("vide.png", b"", "Ce fichier est vide (0 octet)."),
        ("texte.png", b"Bonjour, je suis un texte.", "pas une image"),
        ("geante.png", huge_png(), "plus de 178 millions. Maximum : 50 millions"),
        ("grande.png", huge_png(10_500, 5_000), "52,5 millions. Maximum : 50 millions"),
        ("photo.jpg", picture("PNG"), "pas une image .jpeg"),
        ("dessin.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "Formats acceptés"),
        ("page.png", picture() + b"<script>alert(1)</script>", "autre chose"),
        ("page.gif", picture("GIF") + b"<!DOCTYPE html><p>", "autre chose"),
        ("archive.png", archive_behind_a_picture(), "autre chose"),
        ("pdf.jpg", picture("JPEG")[:2] + b"\xff\xfe\x00\x0b%PDF-1.7\n" + picture("JPEG")[2:], "autre chose"),
        ("coupee.jpg", picture("JPEG", (600, 400))[:-900], "abîmée"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and " " not in value else "",
)
def test_a_bad_image_is_refused_with_the_reason_and_the_form_kept(library, name, content, reason):
    html = library(name, content).content.decode().replace("&#x27;", "'")
    assert reason in html
    assert "Un titre gardé" in html
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("b.jpg", "JPEG"), ("c.webp", "WEBP"), ("d.gif", "GIF")])
def test_a_true_image_is_taken(library, name, kind):
    assert library(name, picture(kind)).status_code == 302
    assert get_image_model().objects.get().title == "Un titre gardé"
