"""Files as people send them: good ones under every encoding, and all sorts of bad ones. Each is built here.

``GOOD``: {name: (content, addresses that are taken)}. ``REFUSED``: {name: (content, code of the refusal)}. ``ROWS``:
{name: (content, {line: outcome})}.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from typing import Any

from newsletters.imports.delimited import LONGEST_LINE

from .making import csv_of, xlsx_of

HEAD = "Adresse électronique;Prénom;Nom;Structure"
BODY = "ana@exemple.fr;Anaïs;Lefèvre;Forêt Numérique\nbob@exemple.fr;Loïc;Çelik;Mairie de Dax\n"
TEXT = f"{HEAD}\n{BODY}"
BOTH = ["ana@exemple.fr", "bob@exemple.fr"]


def archive(**parts: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return kept.getvalue()


def workbook(change: Callable[[Any], None]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    change(book)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one part instead of its own."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
    return kept.getvalue()


def fill(sheet: Any, *rows: list[Any]) -> None:
    for row in rows:
        sheet.append(row)


def formulas(book: Any) -> None:
    fill(book.active, ["E-mail", "Nom"], ["ana@exemple.fr", "=CMD()"], ["=HYPERLINK(A2)", "x"], ["bob@exemple.fr", 3])


def two_sheets(book: Any) -> None:
    fill(book.active, ["E-mail"], ["cachee@exemple.fr"])
    book.active.sheet_state = "hidden"
    fill(book.create_sheet("Visible"), ["E-mail"], ["ana@exemple.fr"], ["bob@exemple.fr"])
    book.active = 1


def far_cell(book: Any) -> None:
    fill(book.active, ["E-mail"], ["ana@exemple.fr"], ["bob@exemple.fr"])
    book.active["A90000"] = "loin@exemple.fr"


SHEET = xlsx_of([["E-mail", "Nom", "Département"], ["ana@exemple.fr", "Ana", 40], ["bob@exemple.fr", None, 40.0]])
PLAIN = b"E-mail;Nom\nana@exemple.fr;Ana\nbob@exemple.fr;Bob\n"

GOOD: dict[str, tuple[bytes, list[str]]] = {
    "utf-8": (TEXT.encode(), BOTH),
    "utf-8 with its mark": (TEXT.encode("utf-8-sig"), BOTH),
    "utf-16": (TEXT.encode("utf-16"), BOTH),
    "utf-16 big": (b"\xfe\xff" + TEXT.encode("utf-16-be"), BOTH),
    "utf-16 without its mark": (TEXT.encode("utf-16-le"), BOTH),
    "utf-16 big without its mark": (TEXT.encode("utf-16-be"), BOTH),
    "utf-32": (TEXT.encode("utf-32"), BOTH),
    "windows-1252": (TEXT.encode("cp1252"), BOTH),
    "latin-9": (TEXT.replace("Forêt", "Cœur €").encode("iso8859-15"), BOTH),
    "mac roman": (TEXT.encode("mac_roman"), BOTH),
    "utf-8 damaged here and there": ((TEXT * 30).encode() + b"cleo@exemple.fr;Cl\xe9o;;\n", [*BOTH, "cleo@exemple.fr"]),
    "commas": (PLAIN.replace(b";", b","), BOTH),
    "tabs": (PLAIN.replace(b";", b"\t"), BOTH),
    "bars": (PLAIN.replace(b";", b"|"), BOTH),
    "sep=": (b"sep=;\r\n" + PLAIN, BOTH),
    "windows line ends": (PLAIN.replace(b"\n", b"\r\n"), BOTH),
    "old mac line ends": (PLAIN.replace(b"\n", b"\r"), BOTH),
    "no last line end": (PLAIN.rstrip(), BOTH),
    "no header": (b"ana@exemple.fr;Ana\nbob@exemple.fr;Bob\n", BOTH),
    "one column": (b"E-mail\nana@exemple.fr\nbob@exemple.fr\n", BOTH),
    "one column without header": (b"ana@exemple.fr\nbob@exemple.fr", BOTH),
    "one row": (b"ana@exemple.fr", ["ana@exemple.fr"]),
    "titles twice": (b"E-mail;E-mail;Nom\nana@exemple.fr;;A\nbob@exemple.fr;;B\n", BOTH),
    "titles empty": (b";;\nana@exemple.fr;A;\nbob@exemple.fr;B;\n", BOTH),
    "blank lines": (b"\n\n;;\n" + PLAIN.replace(b"\n", b"\n\n  \n"), BOTH),
    "all quoted": (b'"E-mail";"Nom"\n"ana@exemple.fr";"A;B"\n"bob@exemple.fr";"a ""b"" c"\n', BOTH),
    "lines quoted whole": (b'E-mail;Nom\n"ana@exemple.fr;Ana"\n"bob@exemple.fr;Bob"\n', BOTH),
    "line ends within quotes": (b'E-mail;Nom\nana@exemple.fr;"Ana\nPetit\n"\nbob@exemple.fr;B\n', BOTH),
    "a quote within a cell": (b'E-mail;Nom\nana@exemple.fr;Ecran 5" large\nbob@exemple.fr;B\n', BOTH),
    "commas within cells": ("E-mail;Nom, prénom\nana@exemple.fr;A, B\nbob@exemple.fr;C, D\n".encode(), BOTH),
    "ragged": (b"Nom;E-mail\n;ana@exemple.fr;;;;;\nx\nB;bob@exemple.fr\n", BOTH),
    "address among others": (b"N;Contact;Mail\n1;Ana;ana@exemple.fr\n2;Bob;bob@exemple.fr\n", BOTH),
    "workbook": (SHEET, BOTH),
    "workbook with formulas": (workbook(formulas), BOTH),
    "workbook with a hidden sheet": (workbook(two_sheets), BOTH),
    "workbook with a far cell": (workbook(far_cell), [*BOTH, "loin@exemple.fr"]),
    "spaces and quotes around": ("E-mail\n ana@exemple.fr \n« bob@exemple.fr »\n".encode(), BOTH),
    "names with addresses": (b"E-mail\nAna Petit <ana@exemple.fr>\n<bob@exemple.fr>\n", BOTH),
    "mailto": (b"E-mail\nmailto:ana@exemple.fr?subject=x\nMAILTO:bob@exemple.fr\n", BOTH),
    "capital letters": (b"E-MAIL\nANA@Exemple.FR\nBob@exemple.fr\n", BOTH),
    "zero-width": ("E-mail\n\u200bana@exemple.fr\u200b\n\ufeffbob@exemple.fr\n".encode(), BOTH),
    "neutralised by an export": (b"E-mail;Nom\n'ana@exemple.fr;'=1+1\nbob@exemple.fr;'-\n", BOTH),
    "formula texts": (b'E-mail;Nom\n"=""ana@exemple.fr""";A\nbob@exemple.fr;B\n', BOTH),
    "international domain": ("E-mail\nana@forêt.fr\nbob@exemple.fr\n".encode(), ["ana@xn--fort-ipa.fr", BOTH[1]]),
}  # fmt: skip

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "a mark alone": (b"\xef\xbb\xbf", "empty"),
    "blank": (b" \n\n ;;; \n", "empty"),
    "header only": (b"E-mail;Nom\n", "header_only"),
    "workbook with a header only": (xlsx_of([["E-mail", "Nom"]]), "header_only"),
    "empty workbook": (xlsx_of([]), "empty"),
    "10,000 columns": (";".join(f"c{n}" for n in range(10_000)).encode() + b"\na@exemple.fr\n", "columns"),
    "workbook of 300 columns": (xlsx_of([["E-mail", *range(299)], ["a@exemple.fr"]]), "columns"),
    "zip named csv": (archive(adresses="E-mail\na@exemple.fr\n"), "archive"),
    "zip cut": (SHEET[: len(SHEET) // 2], "broken"),
    "zip of nothing": (b"PK\x03\x04", "broken"),
    "open document": (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_xml="<x/>"), "ods"),
    "document of Word": (archive(word__document_xml="<x/>"), "archive"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_workbook"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\n", "other_content"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(100), "other_content"),
    "gzip": (gzip.compress(PLAIN), "other_content"),
    "vcard": (b"BEGIN:VCARD\nEMAIL:a@exemple.fr\nEND:VCARD\n", "other_content"),
    "page": (b"<!DOCTYPE html><table><tr><td>a@exemple.fr</td></tr></table>", "markup"),
    "table of a page named xls": (b"<table><tr><td>a@exemple.fr</td></tr></table>", "markup"),
    "xml": (b'\xef\xbb\xbf<?xml version="1.0"?><a/>', "markup"),
    "binary": (bytes(range(256)) * 20, "binary"),
    "workbook with broken xml": (repacked(SHEET, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"), "broken"),
    "workbook with an entity": (
        repacked(SHEET, "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'),
        "xml_bomb",
    ),
    "workbook without a sheet": (repacked(SHEET, "xl/workbook.xml", b"<workbook/>"), "broken"),
    "workbook that is a bomb": (
        repacked(SHEET, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"),
        "bomb",
    ),
}

LONG = b"x" * (LONGEST_LINE + 10)
ROWS: dict[str, tuple[bytes, dict[int, str]]] = {
    "a quote never closed": (
        b'E-mail;Nom\nana@exemple.fr;"Ana\nbob@exemple.fr;Bob\n', {2: "invalid", 3: "new"}
    ),
    "a quote never closed at the end": (
        b'E-mail;Nom\nana@exemple.fr;A\nbob@exemple.fr;"Bob', {2: "new", 3: "invalid"}
    ),
    "a line too long": (
        b"E-mail;Nom\nana@exemple.fr;A\nbob@exemple.fr;" + LONG + b"\ncleo@exemple.fr;\n",
        {2: "new", 3: "invalid", 4: "new"},
    ),
    "nul": (b"E-mail;No\x00m\nana@exemple.fr;A\x00na\nbo\x00b@exemple.fr;B\n" + b"x" * 200,
            {2: "new", 3: "invalid", 4: "invalid"}),
    "two addresses in a cell": (
        b"E-mail,Nom\n\"a@exemple.fr; b@exemple.fr\",x\nc@exemple.fr,\n", {2: "invalid", 3: "new"}
    ),
    "what is no address": (
        csv_of("a@", "@exemple.fr", "a@@exemple.fr", "a@b@exemple.fr", "a b@exemple.fr", "a@exemple", "n/a", "#REF!",
               "a" * 65 + "@exemple.fr", "a@" + "b" * 320 + ".fr", "é@exemple.fr", '"a b"@exemple.fr', "a@127.0.0.1",
               "a@exemple..fr", "a@-exemple.fr", "bon@exemple.fr", head="E-mail"),
        {**dict.fromkeys(range(2, 17), "invalid"), 17: "new"},
    ),
    "header of an address said in a cell": (
        b'E-mail;Nom\n"ana@exemple.fr\nBcc: x@exemple.fr";A\nbob@exemple.fr;B\n', {2: "invalid", 4: "new"}
    ),
    "broken characters in the address": (
        b"E-mail;Nom\n" + "ana@exemple.fr;\u00e9\n".encode() * 30 + b"b\xe9b@exemple.fr;B\n",
        {2: "new", **dict.fromkeys(range(3, 32), "duplicate"), 32: "invalid"},
    ),
    "doubles under several spellings": (
        b"E-mail\nana@exemple.fr\nANA@EXEMPLE.FR\n ana@exemple.fr\nAna <ana@exemple.fr>\n",
        {2: "new", 3: "duplicate", 4: "duplicate", 5: "duplicate"},
    ),
}  # fmt: skip
