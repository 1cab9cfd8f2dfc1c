"""Workbooks of several sheets, written row by row to a file: memory does not grow with the rows.

XLSX (openpyxl, write only), ODS (ODF 1.3), or CSV, which is an archive where there are several sheets. What people
wrote is never run (:func:`~portal.core.spreadsheets.neutral`).
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol
from xml.sax.saxutils import escape, quoteattr

from .spreadsheets import BOM, TYPES, neutral

#: What a cell holds in XLSX; the others follow, so that files say the same.
LONGEST_CELL: Final = 32_767
LONGEST_TITLE: Final = 31
#: What a sheet of XLSX holds, and of the programs that read ODS.
MOST_ROWS: Final = 1_048_576
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


class Sheet(Protocol):
    def append(self, row: Sequence[Any]) -> None:
        """Texts, whole numbers, Decimal, dates; None and "" are empty cells."""


class Book(Protocol):
    def sheet(self, title: str, heads: Sequence[str]) -> Sheet:
        """A further sheet with its first row. Sheets may be filled in turn. Titles are made unique, 31 characters."""


@contextmanager
def workbook(kind: str, folder: Path) -> Iterator[tuple[Book, list[Path]]]:
    """A book of ``kind`` (:data:`~portal.core.spreadsheets.TYPES`) and, once the block ends, its one file in ``folder``
    (an empty folder of the caller's): ``[path]``, whose suffix says what it became."""
    kinds: dict[str, type[_Xlsx | _Ods | _Csv]] = {"xlsx": _Xlsx, "ods": _Ods, "csv": _Csv}
    made = kinds[kind](folder)
    result: list[Path] = []
    with ExitStack() as made.parts:
        yield made, result
        result.append(made.close())


class _Book:
    """``parts``: the files of sheets, closed whatever happens."""

    parts: ExitStack


class _Titles:
    def __init__(self) -> None:
        self.known: set[str] = set()

    def unique(self, title: str) -> str:
        base = " ".join(_FORBIDDEN.sub(" ", title).split())[:LONGEST_TITLE] or "Feuille"
        found, number = base, 2
        while found.casefold() in self.known:
            end = f" ({number})"
            found, number = base[: LONGEST_TITLE - len(end)] + end, number + 1
        self.known.add(found.casefold())
        return found


def _cut(value: Any) -> Any:
    return neutral(value)[:LONGEST_CELL] if isinstance(value, str) else value


class _Rows:
    """The rows of a sheet, on further sheets with the same head where one is full. ``begin``: a further sheet; what
    it returns writes a row."""

    def __init__(self, begin: Callable[[], Callable[[Sequence[Any]], Any]], heads: Sequence[str]) -> None:
        self.begin, self.heads = begin, heads
        self._further()

    def _further(self) -> None:
        self.write, self.count = self.begin(), 1
        self.write(self.heads)

    def append(self, row: Sequence[Any]) -> None:
        if self.count >= MOST_ROWS:
            self._further()
        self.write(row)
        self.count += 1


class _Xlsx(_Book):
    def __init__(self, folder: Path) -> None:
        # Fifteen megabytes of every worker, for who exports.
        from openpyxl import Workbook

        self.folder, self.book, self.titles = folder, Workbook(write_only=True), _Titles()

    def sheet(self, title: str, heads: Sequence[str]) -> Sheet:
        return _Rows(lambda: self._begin(title), heads)

    def _begin(self, title: str) -> Callable[[Sequence[Any]], Any]:
        made = self.book.create_sheet(self.titles.unique(title))
        made.freeze_panes = "A2"
        self._write_in_folder(made)
        return lambda row: made.append([_cut(cell) for cell in row])

    def _write_in_folder(self, made: Any) -> None:
        """Left to itself openpyxl writes each sheet where all programs of the machine do, and leaves it there when the
        book is never saved."""
        from openpyxl.worksheet import _writer

        path = self.folder / f"{len(self.book.worksheets):03}.part"
        made._writer = _writer.WorksheetWriter(made, out=str(path))
        # Nothing to clean up: the folder goes as a whole.
        made._writer.cleanup = lambda: None
        made._writer.write_top()
        self.parts.callback(_leave, made)

    def close(self) -> Path:
        path = self.folder / "classeur.xlsx"
        self.book.save(path)
        return path


def _leave(made: Any) -> None:
    """End the sheet of a book that is not saved: its file is closed."""
    if not made.closed:
        with suppress(OSError):
            made.close()


class _Csv(_Book):
    """Semicolons, decimal commas and days as French spreadsheets read them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.titles = folder, _Titles()
        self.open: list[tuple[Path, Any]] = []

    def sheet(self, title: str, heads: Sequence[str]) -> Sheet:
        path = self.folder / f"{len(self.open):03}.part"
        file = self.parts.enter_context(path.open("w", encoding="utf-8", newline=""))
        file.write(BOM)
        self.open.append((self.folder / f"{self.titles.unique(title)}.csv", file))
        rows = _CsvSheet(csv.writer(file, delimiter=";"))
        rows.append(heads)
        return rows

    def close(self) -> Path:
        for _, file in self.open:
            file.close()
        if len(self.open) == 1:
            return self._part(0).rename(self.folder / "liste.csv")
        path = self.folder / "feuilles.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (name, _) in enumerate(self.open):
                archive.write(self._part(number), name.name)
        return path

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:03}.part"


class _CsvSheet:
    def __init__(self, writer: Any) -> None:
        self.writer = writer

    def append(self, row: Sequence[Any]) -> None:
        self.writer.writerow([self._cell(cell) for cell in row])

    def _cell(self, value: Any) -> Any:
        if isinstance(value, Decimal | float):
            return str(value).replace(".", ",")
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else _cut(value)


_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    "<office:body><office:spreadsheet>"
)
_TAIL: Final = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{TYPES["ods"]}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


class _Ods(_Book):
    """Each sheet in a file of its own, put together at the end (ODF 1.3, part 2: the type comes first, not packed)."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.titles = folder, _Titles()
        self.open: list[tuple[str, Path, Any]] = []

    def sheet(self, title: str, heads: Sequence[str]) -> Sheet:
        return _Rows(lambda: self._begin(title), heads)

    def _begin(self, title: str) -> Callable[[Sequence[Any]], Any]:
        path = self.folder / f"{len(self.open):03}.part"
        file = self.parts.enter_context(path.open("w", encoding="utf-8"))
        self.open.append((self.titles.unique(title), path, file))
        return lambda row: file.write(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>")

    def close(self) -> Path:
        path = self.folder / "classeur.ods"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", TYPES["ods"], zipfile.ZIP_STORED)
            archive.writestr("META-INF/manifest.xml", _MANIFEST)
            with archive.open("content.xml", "w", force_zip64=True) as content:
                content.write(_HEAD.encode())
                for title, part, file in self.open:
                    file.close()
                    content.write(f"<table:table table:name={quoteattr(title)}>".encode())
                    with part.open("rb") as rows:
                        shutil.copyfileobj(rows, content)
                    content.write(b"</table:table>")
                content.write(_TAIL.encode())
        return path


def _ods_cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        kind = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
    if isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        return f"<table:table-cell {kind}><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
    paragraphs = "".join(f"<text:p>{escape(each)}</text:p>" for each in _lines(_cut(str(value))))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def _lines(text: str) -> Iterable[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
