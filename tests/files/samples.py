"""Files as people send them, and as they should not; each maker gives bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.files.models import StoredFile
from portal.files.services import store_upload

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ODT = "application/vnd.oasis.opendocument.text"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/xml"/></Types>'
)
PAGE = b"<!doctype html><title>x</title><script>alert(1)</script>"


def pdf(extra: bytes = b"", *, catalog: bytes = b"", trailer: bytes = b"", body: bytes = b"") -> bytes:
    """A PDF of one page; ``catalog`` and ``trailer`` go into these dictionaries, ``body`` before the table."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    out += body
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    out += b"trailer\n<</Size %d/Root 1 0 R" % (len(objects) + 1) + trailer + b">>\nstartxref\n%d\n%%%%EOF\n" % start
    return out + extra


COMPRESSED = b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode"


def object_stream(content: bytes, dictionary: bytes = COMPRESSED, head: bytes = b"9 0  ") -> bytes:
    """An object stream that holds ``content`` as object 9."""
    packed = zlib.compress(head + content)
    return b"8 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (dictionary, len(packed), packed)


def package(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(**extra: Any) -> bytes:
    """A DOCX of one paragraph; ``parts=`` adds parts or replaces them."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": '<?xml version="1.0"?><Relationships/>',
        "word/document.xml": '<?xml version="1.0"?><document>Bonjour</document>',
    }
    return package(parts | extra.get("parts", {}))


def xlsx(**extra: Any) -> bytes:
    parts = {"[Content_Types].xml": TYPES.replace("word/document", "xl/workbook"), "xl/workbook.xml": "<workbook/>"}
    return package(parts | extra.get("parts", {}))


def odt(kind: str = ODT, **extra: Any) -> bytes:
    parts = {"mimetype": kind, "content.xml": "<content/>", "META-INF/manifest.xml": "<manifest/>"}
    return package(parts | extra.get("parts", {}))


def ods() -> bytes:
    return odt("application/vnd.oasis.opendocument.spreadsheet")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "#000091").save(buffer, kind)
    return buffer.getvalue()


GOOD = {
    "note.pdf": pdf(),
    "note.odt": odt(),
    "tableau.ods": ods(),
    "note.docx": docx(),
    "tableau.xlsx": xlsx(),
    "tableau.csv": "nom;âge\nZoé;12\n".encode(),
    "windows.csv": "nom;âge\nZoé;12\n".encode("cp1252"),
    "photo.png": picture(),
    "photo.jpg": picture("JPEG"),
    "PHOTO.JPEG": picture("JPEG"),
}


def upload(name: str = "note.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def make_file(actor: Any = None, *, name: str = "note.pdf", content: bytes | None = None, **fields: Any) -> StoredFile:
    """A stored file; ``fields`` are written as they are."""
    stored = store_upload(actor=actor, upload=upload(name, content), purpose=fields.pop("purpose", "essai"))
    for field, value in fields.items():
        setattr(stored, field, value)
    if fields:
        stored.save(update_fields=list(fields))
    return stored
