"""Exports that spreadsheets open: nothing that people wrote is run by them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any, Final

#: A cell that begins so is read as a formula by spreadsheets (OWASP, « CSV Injection »).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: The mark without which spreadsheets read accents wrong.
BOM: Final = "\ufeff"


def neutral(value: Any) -> Any:
    """``value`` with an apostrophe before what a spreadsheet would run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV file (semicolons, as French spreadsheets read it), every cell neutral."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BOM
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])
