"""A file of addresses opened as a table, whatever its name says it is."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final

from .delimited import Delimited, Record
from .encodings import Encoding, detect_encoding
from .headings import guess_mapping, looks_like_header
from .refusal import TableRefused
from .workbooks import Workbook

MAX_BYTES: Final = 100 * 1024 * 1024
MOST_ROWS: Final = 2_000_000
MOST_COLUMNS: Final = 200
PREVIEW_ROWS: Final = 6
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: Final = (
    (b"%PDF", "un document PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"\x1f\x8b", "une archive"),
    (b"7z\xbc\xaf", "une archive"),
    (b"Rar!", "une archive"),
    (b"{\\rtf", "un document RTF"),
    (b"BEGIN:VCARD", "un carnet d’adresses vCard"),
)


@dataclass
class Table:
    """What is known of a file from its first rows; :meth:`rows` goes through the rest."""

    kind: str
    encoding: str = ""
    damaged: bool = False
    delimiter: str = ""
    has_header: bool = True
    headers: list[str] = field(default_factory=list)
    preview: list[list[str]] = field(default_factory=list)

    @property
    def mapping(self) -> dict[str, int]:
        """What each column seems to hold."""
        return guess_mapping(self.headers if self.has_header else [], self.preview)


def describe(file: IO[bytes], size: int) -> Table:
    """Open ``file`` of ``size`` bytes, and read its beginning. Raises :class:`TableRefused`, nothing else."""
    if size > MAX_BYTES:
        raise TableRefused(
            f"Ce fichier est trop lourd. Maximum : {MAX_BYTES // 1024 // 1024} Mo. Partagez-le en plusieurs.",
            "too_large",
        )
    if not size:
        raise TableRefused("Ce fichier est vide.", "empty")
    kind = kind_of(file)
    encoding = detect_encoding(file) if kind == "csv" else Encoding("")
    source: Delimited | Workbook = Delimited(file, encoding.name) if kind == "csv" else Workbook(file)
    try:
        # Of a header and some rows; what is empty is not looked at.
        records = list(itertools.islice((record for record in source if not _blank(record[1])), PREVIEW_ROWS))
    finally:
        source.close()
    if not records:
        raise TableRefused("Ce fichier ne contient aucune ligne.", "empty")
    widest = max(len(cells) for _, cells, _ in records)
    if widest > MOST_COLUMNS:
        raise TableRefused(
            f"Ce tableau a {widest} colonnes. Maximum : {MOST_COLUMNS}. Ne gardez que les colonnes utiles.", "columns"
        )
    first = records[0][1]
    has_header = looks_like_header(first)
    if has_header and len(records) == 1:
        raise TableRefused("Ce fichier ne contient que des titres de colonnes.", "header_only")
    titles = first if has_header else []
    headers = [
        " ".join(titles[at].replace("\0", " ").split())[:80]
        if at < len(titles) and titles[at].strip()
        else f"Colonne {at + 1}"
        for at in range(widest)
    ]
    # No database keeps a NUL in JSON.
    shown = [[cell.replace("\0", " ").strip()[:60] for cell in cells] for _, cells, _ in records[int(has_header) :]]
    return Table(kind, encoding.name, encoding.damaged, source.delimiter, has_header, headers, shown)


def rows(
    file: IO[bytes], *, kind: str, encoding: str, delimiter: str, has_header: bool
) -> Iterator[tuple[Record, int]]:
    """Each record that is not empty, its header left out, and how many bytes (of a workbook: rows) were read by then.

    Raises :class:`TableRefused` where the file cannot be read to its end.
    """
    source: Delimited | Workbook = Delimited(file, encoding, delimiter) if kind == "csv" else Workbook(file)
    skip = has_header
    number = 0
    try:
        for record in source:
            if _blank(record[1]):
                continue
            if skip:
                skip = False
                continue
            number += 1
            if number > MOST_ROWS:
                raise TableRefused(
                    f"Ce fichier a plus de {MOST_ROWS:,} lignes. Partagez-le en plusieurs.".replace(",", " "), "rows"
                )
            yield record, source.read if isinstance(source, Delimited) else source.line
    finally:
        source.close()


def kind_of(file: IO[bytes]) -> str:
    """« csv » or « xlsx », by the content. Raises :class:`TableRefused` for anything else that is recognised."""
    file.seek(0)
    head = file.read(1024)
    if head.startswith(b"PK\x03\x04"):
        return _package(file)
    if head.startswith(_OLE):
        raise TableRefused(
            "Ce classeur est d’un ancien format (.xls) ou protégé par un mot de passe. "
            "Enregistrez-le en .xlsx ou .csv.",
            "old_workbook",
        )
    for sign, what in _KINDS:
        if head.startswith(sign):
            raise TableRefused(f"Ce fichier n’est pas un tableau mais {what}.", "other_content")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise TableRefused("Ce fichier est une page web ou du XML. Enregistrez-le en .xlsx ou .csv.", "markup")
    return "csv"


def _package(file: IO[Any]) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            names = package.NameToInfo
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names and "content.xml" in names:
                raise TableRefused("Ce classeur est au format OpenDocument. Enregistrez-le en .xlsx ou .csv.", "ods")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TableRefused("Ce fichier est une archive abîmée ou incomplète.", "broken") from error
    raise TableRefused("Ce fichier est une archive ZIP : envoyez le tableau qu’elle contient.", "archive")


def _blank(cells: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)
