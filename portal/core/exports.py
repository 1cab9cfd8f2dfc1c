"""Tables handed out as CSV or XLSX: text stays text, whatever people wrote in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

#: A cell that begins so is read as a formula by spreadsheets (OWASP, « CSV Injection »).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def neutral(value: Any) -> Any:
    """``value`` with an apostrophe before what a spreadsheet would run, without what no sheet may hold."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{text}" if text.startswith(FORMULA) else text


def table(kind: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The file. ``kind`` is one of ``TYPES``; CSV is UTF-8 with its mark and semicolons, as French Excel opens it."""
    if kind == "xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(list(heads))
        for row in rows:
            sheet.append([neutral(value) for value in row])
        kept = io.BytesIO()
        book.save(kept)
        return kept.getvalue()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([neutral(value) for value in row] for row in rows)
    return "\ufeff".encode() + text.getvalue().encode()
