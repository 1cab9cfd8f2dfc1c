"""Compile ``templates/locale/**/*.po`` into the ``.mo`` files beside them, without gettext's tools.

``python scripts/compile_messages.py`` writes them; with ``--check`` it only says whether they are up to date. The
format is that of https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html, sorted and without a hash table,
so that the same text gives the same bytes everywhere.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "locale"
_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])?\s+)?(".*")')
_MAGIC, _HEADER = 0x950412DE, 28


class CatalogueError(Exception):
    """A line that is not understood, or a message said twice."""


def read(text: str) -> dict[str, str]:
    """Messages by key, as a ``.mo`` file has them: context, ``\\x04``, text; plural forms are joined with ``\\x00``.

    Messages without a translation and those marked ``fuzzy`` are left out. Raises :class:`CatalogueError`.
    """
    found: dict[str, str] = {}
    entry: dict[str, str] = {}
    current, fuzzy = "", False

    def keep() -> None:
        if "msgid" not in entry or fuzzy:
            return
        key = entry["msgid"]
        if "msgid_plural" in entry:
            key += "\x00" + entry["msgid_plural"]
        if "msgctxt" in entry:
            key = entry["msgctxt"] + "\x04" + key
        forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if not all(forms):
            return
        if key in found:
            raise CatalogueError(f"Said twice: {key!r}")
        found[key] = "\x00".join(forms)

    for number, line in enumerate([*text.splitlines(), ""], 1):
        line = line.strip()
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line:
            keep()
            entry, current, fuzzy = {}, "", False
            continue
        match = _LINE.fullmatch(line)
        if match is None or not (match[1] or current):
            raise CatalogueError(f"Line {number} is not understood: {line}")
        if match[1]:
            current = match[1] + (f"[{match[2]}]" if match[2] else "")
            entry[current] = ""
        entry[current] += ast.literal_eval(match[3])
    return found


def compiled(text: str) -> bytes:
    """The ``.mo`` file of a ``.po`` file's text."""
    messages = sorted((key.encode(), value.encode()) for key, value in read(text).items())
    start = _HEADER + 16 * len(messages)
    tables, strings = [b"", b""], b""
    for column in (0, 1):
        for message in messages:
            tables[column] += struct.pack("<II", len(message[column]), start + len(strings))
            strings += message[column] + b"\x00"
    header = struct.pack(
        "<7I", _MAGIC, 0, len(messages), _HEADER, _HEADER + 8 * len(messages), 0, _HEADER + 16 * len(messages)
    )
    return header + tables[0] + tables[1] + strings


def outdated(folder: Path = FOLDER) -> list[Path]:
    """The ``.po`` files whose ``.mo`` is missing or says something else."""
    return [
        source
        for source in sorted(folder.rglob("*.po"))
        if not (target := source.with_suffix(".mo")).exists() or target.read_bytes() != compiled(source.read_text())
    ]


def main() -> int:
    late = outdated()
    for source in late:
        if "--check" in sys.argv:
            print(f"{source.relative_to(FOLDER)} is not compiled: run scripts/compile_messages.py")
        else:
            source.with_suffix(".mo").write_bytes(compiled(source.read_text()))
            print(f"{source.relative_to(FOLDER)} compiled")
    return 1 if late and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
