"""Small, valid files without a library: tagged PDF, OpenDocument text, CSV. The same input gives the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.sax.saxutils import escape

_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def csv_file(title: str, lines: list[str]) -> bytes:
    """UTF-8 with a byte order mark, so that office software reads the accents; columns split at « | »."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([cell.strip() for cell in line.split("|")] for line in lines)
    return ("\ufeff" + out.getvalue()).encode()


def odt_file(title: str, lines: list[str]) -> bytes:
    """An OpenDocument text: its title as a heading, a paragraph a line."""
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_ODF}:office:1.0" '
        f'xmlns:text="{_ODF}:text:1.0" office:version="1.2"><office:body><office:text>'
        f'<text:h text:outline-level="1">{escape(title)}</text:h>{paragraphs}'
        "</office:text></office:body></office:document-content>"
    )
    meta = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="{_ODF}:office:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"><office:meta>'
        f"<dc:title>{escape(title)}</dc:title><dc:language>fr-FR</dc:language>"
        "</office:meta></office:document-meta>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0" '
        f'manifest:version="1.2">{entries}</manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (
            ("mimetype", kind),
            ("content.xml", content),
            ("meta.xml", meta),
            ("META-INF/manifest.xml", manifest),
        ):
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def _wrapped(text: str, width: int) -> list[str]:
    rows, row = [], ""
    for word in text.split():
        if len(row) + len(word) + 1 > width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]


def _literal(text: str) -> bytes:
    data = text.replace("\u202f", "\u00a0").encode("cp1252", "replace")
    return b"(" + data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def pdf_file(title: str, lines: list[str]) -> bytes:
    """A one-page tagged PDF (ISO 32000-1, 14.8): title and language declared, a heading and paragraphs in order."""
    stream, y = [], 780
    for number, text in enumerate([title, *lines]):
        size, tag = (18, "H1") if number == 0 else (11, "P")
        stream.append(f"/{tag} <</MCID {number}>> BDC BT /F{1 if number == 0 else 2} {size} Tf".encode())
        stream.append(f"{size * 1.4:.1f} TL 60 {y} Td".encode())
        rows = _wrapped(text, 48 if number == 0 else 86)
        for place, row in enumerate(rows):
            stream.append((b"T* " if place else b"") + _literal(row) + b" Tj")
        stream.append(b"ET EMC")
        y -= round(size * 1.4 * len(rows)) + 10
    content = b"\n".join(stream)
    count = len(lines) + 1
    first = 9
    kids = " ".join(f"{first + i} 0 R" for i in range(count))
    info = b"\xfe\xff" + title.encode("utf-16-be")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Lang(fr-FR)/MarkInfo<</Marked true>>/StructTreeRoot 7 0 R"
        b"/ViewerPreferences<</DisplayDocTitle true>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>"
        b"/Contents 4 0 R/StructParents 0>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/StructTreeRoot/K 8 0 R/ParentTree<</Nums[0[%s]]>>>>" % kids.encode(),
        b"<</Type/StructElem/S/Document/P 7 0 R/K[%s]>>" % kids.encode(),
        *[f"<</Type/StructElem/S/{'P' if i else 'H1'}/P 8 0 R/Pg 3 0 R/K {i}>>".encode() for i in range(count)],
        b"<</Title<%s>>>" % info.hex().encode(),
    ]
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)
