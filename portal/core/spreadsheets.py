"""Exports that spreadsheets open, as CSV or XLSX: nothing that people wrote is run by them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

#: A cell that begins so is read as a formula by spreadsheets (OWASP, « CSV Injection »).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: The mark without which spreadsheets read accents wrong.
BOM: Final = "\ufeff"


#: Characters that no XLSX file may hold (ECMA-376, ST_Xstring).
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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
    # Fifteen megabytes of every worker, for who exports.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append([neutral(cell) for cell in line])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
