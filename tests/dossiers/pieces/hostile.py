"""Files made to harm, to be sent as pieces: those that ``portal.files`` is tested with, and more ways to dress them."""

from __future__ import annotations

import struct
import zipfile
import zlib

from tests.files.samples import EICAR, PAGE, TYPES, docx, object_stream, odt, package, pdf, picture, xlsx
from tests.files.test_inspection import ENTITIES, MACRO_TYPES, OLE, REFUSED, RELATION, bomb

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ELF, PE = b"\x7fELF\x02\x01\x01" + bytes(300), b"MZ\x90\0" + bytes(300)
MORE_BOMBS = docx(parts={"word/a.xml": "<a>" + " " * 30_000_000 + "</a>"})


def quadratic() -> bytes:
    """One long entity, called often: no depth that a counter of levels would see."""
    text = f'<!DOCTYPE a [<!ENTITY b "{"b" * 50_000}">]><a>{"&b;" * 10_000}</a>'
    return docx(parts={"word/document.xml": text})


def zip_in_zip() -> bytes:
    return docx(parts={"word/embeddings/x.zip": package({"bombe": bytes(5_000_000)})})


def nested_stream() -> bytes:
    """An object stream that inflates a thousandfold, with a program at its end."""
    return pdf(body=object_stream(b" " * 9_000_000 + b"<</S/JavaScript/JS(1)>>"))


def huge_picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


#: (name, content, code of the refusal, or None where any will do).
FILES: list[tuple[str, bytes, str | None]] = [
    *REFUSED,
    # Kinds that are never taken, whatever they hold.
    *((f"fichier.{kind}", content, "extension") for kind, content in [
        ("html", PAGE), ("htm", PAGE), ("xhtml", PAGE), ("mht", PAGE), ("svg", SVG), ("xml", SVG),
        ("zip", package({"a": "b"})),
        ("docm", docx()), ("xlsm", xlsx()), ("dotm", docx()), ("xltm", xlsx()), ("pptm", docx()), ("doc", OLE),
        ("xls", OLE), ("exe", PE), ("dll", PE), ("js", b"alert(1)"),
        ("vbs", b"x"), ("bat", b"x"), ("sh", b"#!/bin/sh"),
        ("lnk", b"L\0\0\0"), ("iso", bytes(600)), ("bin", bytes(600)), ("php", b"<?php"), ("jsp", b"x"),
        ("svgz", b"\x1f\x8b"),
        ("rtf", b"{\\rtf1}"), ("7z", b"7z\xbc\xaf'\x1c"), ("gif", picture("GIF")),
        ("webp", b"RIFF"), ("eml", b"From: x"),
    ]),
    # Names that say two things.
    ("x.pdf.exe", pdf(), "extension"),
    ("a.pdf%00.html", pdf(), "extension"),
    ("a.pdf\x00.html", PAGE, "extension"),
    ("facture\u202efdp.exe", PE, "extension"),
    ("facture\u200b.pdf\u200b.exe", PE, "extension"),
    ("a.pdf ", PAGE, "other_content"),
    ("a.pdf.", PAGE, "other_content"),
    ("a.pdf::$DATA", PAGE, "extension"),
    ("a.pdf;.html", PAGE, "extension"),
    ("../../etc/passwd", b"root:x:0:0", "extension"),
    ("..\\..\\windows\\win.ini", b"[x]", "extension"),
    (".htaccess", b"x", "extension"),
    (".pdf", pdf(), "extension"),
    ("pdf", pdf(), "extension"),
    ("", pdf(), "missing"),
    ("a." + "p" * 290, pdf(), "extension"),
    ("a.рdf", pdf(), "extension"),  # A Cyrillic letter.
    # Dressed up.
    ("svg.png", SVG, "other_content"),
    ("svg.jpg", SVG, "other_content"),
    ("svg.csv", SVG, "other_content"),
    ("elf.pdf", ELF, "other_content"),
    ("elf.docx", ELF, "other_content"),
    ("elf.png", ELF, "other_content"),
    ("programme.csv", PE, "other_content"),
    ("programme.jpg", PE, "other_content"),
    ("rtf.docx", b"{\\rtf1\\ansi}", "other_content"),
    ("gif.jpg", picture("GIF"), "other_content"),
    ("bmp.png", picture("BMP"), "other_content"),
    ("tiff.jpg", picture("TIFF"), "other_content"),
    ("docm.docx", docx(parts={"[Content_Types].xml": MACRO_TYPES, "word/vbaProject.bin": b"x"}), "active"),
    ("xlsm.xlsx", xlsx(parts={"xl/vbaProject.bin": b"x"}), "active"),
    ("objet-d-ailleurs.docx",
     docx(parts={"word/_rels/document.xml.rels": RELATION.format("oleObject")}), "active"),
    ("document-d-ailleurs.docx", docx(parts={"_rels/.rels": RELATION.format("attachedTemplate")}), "active"),
    ("relations-en-capitales.docx",
     docx(parts={"word/_rels/settings.xml.RELS": RELATION.format("attachedTemplate")}), "active"),
    ("partie-sans-nom.docx", docx(parts={"word/.exe": b"MZ"}), "active"),
    ("gif-javascript.jpg", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", "other_content"),
    ("pdf-page.pdf", pdf(body=b"7 0 obj(<html><script>alert(1)</script>)endobj\n"), "polyglot"),
    ("image-archive.jpg", picture("JPEG") + docx(), "polyglot"),
    ("image-page.jpg", picture("JPEG") + PAGE, "polyglot"),
    ("pdf-tronque.pdf", pdf()[:200], "broken"),
    ("pdf-tete.pdf", b"%PDF-1.7\n", "broken"),
    ("docx-tronque.docx", docx()[:100], "broken"),
    ("odt-tronque.odt", odt()[:-20], "broken"),
    ("jpeg-tronque.jpg", picture("JPEG", (900, 900))[:-4000], "broken"),
    ("zero.png", bytes(1000), "other_content"),
    ("zero.csv", bytes(1000), "other_content"),
    ("vide.pdf", b"", "empty"),
    ("vide.csv", b"", "empty"),
    ("vide.docx", b"", "empty"),
    # Bombs.
    ("bombe.xlsx", xlsx(parts={"xl/media/image1.bmp": bytes(25_000_000)}), "bomb"),
    ("bombe.odt", odt(parts={"Pictures/image1.bmp": bytes(25_000_000)}), "bomb"),
    ("bombe-cinquante.docx", bomb(50_000_000), "bomb"),
    ("bombe-d-espaces.docx", MORE_BOMBS, "bomb"),
    ("archive-dans-archive.docx", zip_in_zip(), "active"),
    ("entites-quadratiques.docx", quadratic(), "xml_bomb"),
    ("entites.xlsx", xlsx(parts={"xl/workbook.xml": ENTITIES}), "xml_bomb"),
    ("entites-relations.docx", docx(parts={"_rels/.rels": ENTITIES}), "xml_bomb"),
    ("flux.pdf", nested_stream(), None),
    ("pixels.png", huge_picture(), None),
    ("sans-compression.docx", package({"[Content_Types].xml": TYPES}, zipfile.ZIP_STORED), "other_content"),
]  # fmt: skip

#: Odd, and good: the name that is kept of them.
ODD: dict[str, str] = {
    "docx-est-un-zip.docx": "docx-est-un-zip.docx",
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\secret.pdf": "secret.pdf",
    "C:\\Users\\moi\\note.pdf": "note.pdf",
    "facture\u202egpj.pdf": "facturegpj.pdf",
    "a\u200bb\u2066c.pdf": "abc.pdf",
    "a\r\nX-Injected: 1.pdf": "a X-Injected_ 1.pdf",
    'a"; filename="b.html.pdf': "a__ filename=_b.html.pdf",
    "<script>alert(1)<script>.pdf": "_script_alert(1)_script_.pdf",
    "con.pdf": "_con.pdf",
    "=HYPERLINK(1).pdf": "=HYPERLINK(1).pdf",
    "été — bilan №1 🎉.pdf": "été — bilan №1 🎉.pdf",
    "e\u0301te\u0301.pdf": "été.pdf",
    "x" * 296 + ".pdf": "x" * 116 + ".pdf",
    "é" * 200 + ".PDF": "é" * 112 + ".PDF",
    "virus.csv": "virus.csv",
}


def odd_content(name: str) -> bytes:
    if name.endswith("docx"):
        return docx()
    return EICAR if name.endswith("csv") else pdf()
