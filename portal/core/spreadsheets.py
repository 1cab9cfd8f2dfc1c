"""Exports that spreadsheets open, as CSV or XLSX: nothing that people wrote is run by them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

#: A cell that begins so is read as a formula by spreadsheets (OWASP, « CSV Injection »).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: The mark without which spreadsheets read accents wrong.
BOM: Final = "\ufeff"


#: Characters that no XLSX nor ODS file may hold (XML 1.0, Char).
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def neutral(value: Any) -> Any:
    """``value`` with an apostrophe before what a spreadsheet would run, without what no sheet may hold."""
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV file (semicolons, as French spreadsheets read it), every cell neutral."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BOM
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])


def table(kind: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole file. ``kind`` is one of :data:`TYPES`; CSV is UTF-8 with its mark."""
    lines = [list(heads), *rows]
    if kind == "csv":
        return "".join(csv_lines(lines)).encode()
    if kind == "ods":
        return _open_document(lines)
    # Fifteen megabytes of every worker, for who exports.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append([neutral(cell) for cell in line])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


_ODS_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    '<office:body><office:spreadsheet><table:table table:name="Feuille1">'
)
_ODS_TAIL: Final = "</table:table></office:spreadsheet></office:body></office:document-content>"
_ODS_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{TYPES["ods"]}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _open_document(lines: Iterable[Sequence[Any]]) -> bytes:
    """An OpenDocument sheet of texts and numbers (ODF 1.3, part 2: the type comes first, not compressed)."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TYPES["ods"], zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        with archive.open("content.xml", "w") as content:
            content.write(_ODS_HEAD.encode())
            for line in lines:
                cells = "".join(_ods_cell(cell) for cell in line)
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
            content.write(_ODS_TAIL.encode())
    return kept.getvalue()


def _ods_cell(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {number}><text:p>{value}</text:p></table:table-cell>"
    # An OpenDocument text is never run: no apostrophe is needed, but people save the file under other forms.
    paragraphs = "".join(f"<text:p>{escape(each)}</text:p>" for each in str(neutral(value)).split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
