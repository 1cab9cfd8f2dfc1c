"""Calendars as producers write them, each with what it must give. ``*.txt`` hold cases one after another::

    == what the case is about
    BEGIN:VEVENT…     the file. Without VCALENDAR one is put around it; without VEVENT, one of UID « un »
    --
    > 20261203T083000Z/20261203T100000Z un#20261203T083000Z [cancelled] Titre     an event
    = location: Salle A      a field of the first event; « % zone: » is of the file
    ! 4 Raison.              a rejection: the line where its event begins, why
    ? 4 Texte.               a note

All events, rejections and notes are there, in order. In a line that begins with a backslash, what follows it may hold
bytes and characters written as escapes: « \\SUMMARY:caf\\xe9 ». Lines end with CR LF, but where escapes say « \\n »,
« \\r », or nothing (« \\c » at the end of a line).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from events.imports.parsed import ParsedFile

from ..reading import when

FOLDER = Path(__file__).parent
_ESCAPE = re.compile(rb"\\\\|\\x([0-9a-f]{2})|\\([nrtc])")
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"c": b""}


@dataclass
class Case:
    name: str
    body: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        """The file."""
        text = "\n".join(self.body).upper()
        body = self.body
        if not re.search(r"^\\?\s*(BEGIN|END)\b", text, re.MULTILINE):
            named = [] if "SUMMARY" in text else ["SUMMARY:Atelier"]
            body = ["BEGIN:VEVENT", "UID:un", *named, *body, "END:VEVENT"]
        if "VCALENDAR" not in text and not self.name.startswith("bare"):
            body = ["BEGIN:VCALENDAR", "VERSION:2.0", *body, "END:VCALENDAR"]
        return b"".join(_octets(line) for line in body)


def _octets(line: str) -> bytes:
    if not line.startswith("\\"):
        return line.encode() + b"\r\n"
    raw = line[1:].encode()
    ended = re.search(rb"(?<!\\)\\[nrc]\Z", raw) is not None
    return _ESCAPE.sub(_unescaped, raw) + (b"" if ended else b"\r\n")


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 16)])
    return _PLAIN[match[2]] if match[2] else b"\\"


def cases() -> Iterator[tuple[str, Case]]:
    for path in sorted(FOLDER.glob("*.txt")):
        case = None
        answer = False
        for line in path.read_text().split("\n"):
            if line.startswith("== "):
                if case:
                    yield path.stem, case
                case, answer = Case(line[3:]), False
            elif case and line == "--":
                answer = True
            elif case and (line or not answer):
                (case.expected if answer else case.body).append(line)
        if case:
            while not answer and case.body and not case.body[-1]:
                case.body.pop()
            yield path.stem, case


def told(parsed: ParsedFile, fields: list[str]) -> list[str]:
    """What the file gave, as cases say it; ``fields`` are the lines that ask for fields."""
    said = []
    for event in parsed.events:
        key = event.uid + (f"#{event.recurrence_id}" if event.recurrence_id is not None else "")
        status = "" if event.status == "confirmed" else f"[{event.status}] "
        said.append(f"> {when(event)} {key} {status}{event.title}")
    for line in fields:
        name = line[2:].partition(":")[0]
        source = parsed.events[0] if line.startswith("=") else parsed
        said.append(f"{line[0]} {name}: {show(getattr(source, name))}")
    said += [f"! {rejection.line} {rejection.reason}" for rejection in parsed.rejections]
    said += [f"? {note.line} {note.text}" + (f" ×{note.count}" if note.count > 1 else "") for note in parsed.notes]
    return said


def show(value: object) -> str:
    if isinstance(value, tuple):
        return " | ".join(value)
    return str(value).replace("\n", "⏎")
