"""Workbooks of several sheets: what a cell may hold, full sheets, one file and nothing beside it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from portal.core import workbooks

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DANGEROUS = ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"]


def write(kind: str, folder: Path, rows: list[list[Any]], title: str = "Feuille : à [voir]") -> Path:
    with workbooks.workbook(kind, folder) as (book, made):
        sheet = book.sheet(title, ["=Tête", "Nombre"])
        book.sheet("feuille à voir", ["Seule"])
        for row in rows:
            sheet.append(row)
    assert len(made) == 1
    return made[0]


def read(path: Path) -> dict[str, list[list[Any]]]:
    """The texts of each sheet."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        return {each.title: [list(row) for row in each.iter_rows(values_only=True)] for each in book.worksheets}
    with zipfile.ZipFile(path) as archive:
        if path.suffix == ".zip":
            texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
            return {name: list(csv.reader(io.StringIO(text), delimiter=";")) for name, text in texts.items()}
        assert archive.infolist()[0].filename == "mimetype"
        root = ElementTree.fromstring(archive.read("content.xml"))
    return {
        table.get(f"{TABLE}name", ""): [
            ["\n".join("".join(text.itertext()) for text in cell) or None for cell in row] for row in table
        ]
        for table in root.iter(f"{TABLE}table")
    }


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_what_people_wrote_is_never_run_nor_breaks_the_file(kind: str, tmp_path: Path) -> None:
    texts = [*DANGEROUS, "a\x00b\x0bc\ufffed\uffffe\ud800f", "<&>\"'", "x" * 40_000]
    path = write(kind, tmp_path, [[text, 1] for text in texts])
    found = next(iter(read(path).values()))
    assert found[0][0] == "'=Tête"
    shown = [str(row[0]) for row in found[1:]]
    assert all(each.startswith("'") for each in shown[: len(DANGEROUS)])
    assert shown[len(DANGEROUS) : -1] == ["abcdef", "<&>\"'"]
    assert len(shown[-1]) == workbooks.LONGEST_CELL


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_numbers_amounts_and_days(kind: str, tmp_path: Path) -> None:
    path = write(kind, tmp_path, [[-3, Decimal("-1234.50")], [dt.date(2026, 11, 3), None]])
    first, second = next(iter(read(path).values()))[1:]
    amount, day = {
        "xlsx": (-1234.5, dt.datetime(2026, 11, 3)),  # noqa: DTZ001 - as it is read
        "ods": ("-1234.50", "03/11/2026"),
        "csv": ("-1234,50", "03/11/2026"),
    }[kind]
    assert [str(first[0]), first[1]] == ["-3", amount]
    assert [second[0], second[1] or None] == [day, None]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_full_sheet_goes_on_in_another(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    found = read(write(kind, tmp_path, [[f"ligne {number}", number] for number in range(5)], "Liste"))
    assert list(found) == ["Liste", "feuille à voir", "Liste (2)", "Liste (3)"]
    assert [row[0] for name in ("Liste", "Liste (2)", "Liste (3)") for row in found[name]] == [
        "'=Tête", "ligne 0", "ligne 1", "'=Tête", "ligne 2", "ligne 3", "'=Tête", "ligne 4",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_titles_are_told_apart(kind: str, tmp_path: Path) -> None:
    names = list(read(write(kind, tmp_path, [])))
    assert [name.removesuffix(".csv") for name in names] == ["Feuille à voir", "feuille à voir (2)"]


def test_nothing_is_written_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by a book that is never saved."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    with pytest.raises(OSError, match="full"):
        _leave_halfway(tmp_path)
    assert not list(elsewhere.iterdir())


def _leave_halfway(folder: Path) -> None:
    with workbooks.workbook("xlsx", folder) as (book, _):
        book.sheet("Liste", ["Nom"]).append(["Lou"])
        raise OSError("full")
