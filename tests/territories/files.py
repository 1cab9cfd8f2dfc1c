"""Reference files that a test may change."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from pathlib import Path

from portal.territories.reference.files import COLUMNS, DATA


class Files:
    """A copy of the reference files that a test changes."""

    def __init__(self, folder: Path, source: Path = DATA) -> None:
        self.folder = folder
        for name in (*COLUMNS, "source.json"):
            shutil.copy(source / name, folder / name)

    def read(self, name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(gzip.decompress((self.folder / name).read_bytes()).decode())))

    def write(self, name: str, rows: list[list[str]]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (self.folder / name).write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))

    def vintage(self, year: int) -> None:
        (self.folder / "source.json").write_text(json.dumps({"vintage": year}))

    def only_departement(self, departement: str) -> None:
        """Keep one département's communes, what they are in, and nothing else: quick to read."""
        communes = self.read("communes.csv.gz")
        kept = [communes[0], *[row for row in communes if row[2] == departement]]
        codes = {row[0] for row in kept}
        groups = {row[3] for row in kept}
        territories = self.read("territories.csv.gz")
        self.write("communes.csv.gz", kept)
        self.write(
            "territories.csv.gz",
            [row for row in territories if row[0] not in ("epci", "ept") or row[1] in groups],
        )
        self.write(
            "aliases.csv.gz", [row for row in self.read("aliases.csv.gz") if row[0] == "kind" or row[3] in codes]
        )
