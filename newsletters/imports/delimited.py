"""Tables of text, record by record, in bounded memory. A bad record costs itself, not the rest of the file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import IO, Final

#: In the order of preference where two would do.
DELIMITERS: Final = ";\t,|"
#: Characters of one line, of one record over several lines, and lines of one record.
LONGEST_LINE: Final = 65_536
LONGEST_RECORD: Final = 131_072
MOST_LINES: Final = 20
SAMPLE_LINES: Final = 60
_ADDRESS: Final = re.compile(r"\s*[\"']?[^\s@\"';,|]+@[^\s@\"';,|]+\.[^\s@\"';,|]+[\"']?\s*")

OPEN_QUOTE: Final = "Un guillemet est ouvert et n’est pas fermé."
TOO_LONG: Final = "Cette ligne est trop longue."
UNREADABLE: Final = "Cette ligne est illisible."

#: Line of the file it begins at, cells, what is wrong with it.
Record = tuple[int, list[str], str]


class Delimited:
    """The records of a file of text. Reading ends where the file does; ``read`` says how many bytes were."""

    def __init__(self, file: IO[bytes], encoding: str, delimiter: str | None = None) -> None:
        file.seek(0)
        self.file = file
        self.text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)
        self.waiting: deque[str] = deque()
        self.line = 0
        sample = [line for _, line in zip(range(SAMPLE_LINES), iter(self._read, ""), strict=False)]
        self.waiting.extend(sample)
        named = re.fullmatch(r"sep=(.)\n?", sample[0], re.IGNORECASE) if sample else None
        if named:
            self.waiting.popleft()
            self.line = 1
        if delimiter is not None:
            self.delimiter = delimiter
        elif named and named[1] in DELIMITERS:
            self.delimiter = named[1]
        else:
            self.delimiter = guess_delimiter(sample[1:] if named else sample)

    @property
    def read(self) -> int:
        try:
            return self.file.tell()
        except (OSError, ValueError):
            return 0

    def close(self) -> None:
        """Leave the file open for its owner."""
        if not self.text.closed:
            self.text.detach()

    def __iter__(self) -> Iterator[Record]:
        delimiter = self.delimiter
        while line := self._next():
            start = self.line
            if len(line) > LONGEST_LINE:
                yield start, [line[:200]], TOO_LONG
                continue
            if '"' not in line:
                text = line.rstrip("\n")
                cells = text.split(delimiter) if delimiter else [text]
                yield start, cells, ""
                continue
            lines, problem = self._record(line)
            yield start, *self._cells(lines, problem)

    def _read(self) -> str:
        """The next line of the file with its end; of one that is too long, more than its first :data:`LONGEST_LINE`."""
        line = self.text.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE and not line.endswith("\n"):
            rest = line
            while rest and not rest.endswith("\n"):
                rest = self.text.readline(LONGEST_LINE)
        return line

    def _next(self) -> str:
        line = self.waiting.popleft() if self.waiting else self._read()
        self.line += bool(line)
        return line

    def _record(self, line: str) -> tuple[list[str], str]:
        """The lines of the record that ``line`` begins. One that never closes its quotes is that line alone."""
        if line.count('"') % 2 == 0 or not is_open(line, self.delimiter):
            return [line], ""
        lines, length = [line], len(line)
        while len(lines) < MOST_LINES and length < LONGEST_RECORD and (more := self._next()):
            lines.append(more)
            length += len(more)
            if '"' in more and not is_open("".join(lines), self.delimiter):
                return lines, ""
        self.waiting.extendleft(reversed(lines[1:]))
        self.line -= len(lines) - 1
        return [line], OPEN_QUOTE

    def _cells(self, lines: list[str], problem: str) -> tuple[list[str], str]:
        if problem:
            return [lines[0].rstrip("\n")[:200]], problem
        try:
            cells = next(csv.reader(lines, delimiter=self.delimiter or "\0"), [])
            # « "a@exemple.fr;Jean;Dupont" »: spreadsheets quote a line that was one cell.
            if len(cells) == 1 and self.delimiter and self.delimiter in cells[0]:
                cells = next(csv.reader([cells[0]], delimiter=self.delimiter), [])
        except csv.Error:
            return [lines[0].rstrip("\n")[:200]], UNREADABLE
        return cells, ""


def is_open(text: str, delimiter: str) -> bool:
    """Whether a quoted cell is not closed at the end of ``text``. A quote opens a cell at its beginning only."""
    inside = False
    fresh = True
    at, end = 0, len(text)
    while at < end:
        char = text[at]
        if inside:
            if char == '"':
                if text[at + 1 : at + 2] == '"':
                    at += 1
                else:
                    inside = False
        elif char == '"' and fresh:
            inside, fresh = True, False
        else:
            fresh = char == delimiter or char == "\n"
        at += 1
    return inside


def guess_delimiter(lines: list[str]) -> str:
    """What parts the cells of ``lines``; empty for one column."""
    lines = [line.rstrip("\n") for line in lines if line.strip()]
    best, chosen = (0, 0, 0, 0), ""
    for rank, sign in enumerate(DELIMITERS):
        # Roughly outside of quotes: pairs of quotes part the text in turns.
        counts = [sum(part.count(sign) for part in line.split('"')[::2]) for line in lines]
        [(usual, alike)] = Counter(each for each in counts if each).most_common(1) or [(0, 0)]
        if not usual:
            continue
        addressed = sum(any(_ADDRESS.fullmatch(cell) for cell in line.split(sign)) for line in lines)
        score = (addressed, alike, usual, -rank)
        if not chosen or score > best:
            best, chosen = score, sign
    return chosen
