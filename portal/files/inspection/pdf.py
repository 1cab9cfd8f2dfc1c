"""PDF (ISO 32000-2): whole, not encrypted, nothing in it that acts.

The whole file is looked through, not the objects that its cross-reference table names: programs that show PDF repair a
table that is wrong, each in its own way, and so do those who write hostile ones. Objects may be written plainly, or
within compressed object streams (7.5.7), which are unpacked; names may be written with escapes (7.3.5). Time is
linear in the size of the file, and what is unpacked is bounded.
"""

from __future__ import annotations

import io
import itertools
import mmap
import re
import zlib
from collections.abc import Iterator
from typing import IO, Any, Final

from .common import Clock, active, broken, encrypted, other_content, polyglot

Bytes = bytes | mmap.mmap

HEAD: Final = 1024
#: Where programs look for the end of the file, the comment that others leave there included.
TAIL: Final = 2048
#: Of object streams, together. The objects of a document of 1,000 pages take some 10 MB.
UNPACKED: Final = 100_000_000
CHUNK: Final = 1 << 20
_PAGE_MARKS: Final = (b"<html", b"<script", b"<!doctype", b"<?php", b"<svg")


def _name(*names: str) -> str:
    """A pattern of the names as a PDF may write them: « /Launch », « /L#61unch », « /#4caunch »."""
    spelled = ("".join(f"(?:{each}|#(?i:{ord(each):02x}))" for each in name) for name in names)
    return rf"/(?:{'|'.join(spelled)})(?=[\x00\t\n\f\r /<>\[\]()%{{}}]|$)"


_ACTS: Final = {
    "un programme (JavaScript)": ("JavaScript", "Rendition"),
    "une commande à lancer": ("Launch", "ImportData"),
    "un autre fichier, en pièce jointe": ("EmbeddedFile", "EmbeddedFiles", "FileAttachment", "GoToE", "Collection"),
    "un formulaire dynamique (XFA)": ("XFA",),
    "un contenu multimédia": ("RichMedia", "RichMediaContent", "Movie"),
}
_WHAT: Final = {name: what for what, names in _ACTS.items() for name in names}
_ACTIVE: Final = re.compile(_name(*_WHAT).encode())
_ENCRYPT: Final = re.compile((_name("Encrypt") + r"\s*(?:\d+\s+\d+\s+R|<<)").encode())
_ROOT: Final = re.compile((_name("Root") + r"\s*(\d+)\s+(\d+)\s+R").encode())
_PAGES: Final = re.compile(_name("Pages").encode())
_START: Final = re.compile(rb"startxref\s+(\d+)\s")
_STREAM: Final = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_OBJECT_STREAM: Final = re.compile(_name("ObjStm").encode())
#: What an object stream begins with: pairs of numbers, maybe after comments.
_PAIRS: Final = re.compile(rb"(?:\s|%[^\r\n]*[\r\n])*\d+\s+\d+\s")
#: Filters of an object stream that are read here: deflate alone, without a predictor, as every program writes them.
_OTHER_FILTERS: Final = re.compile(
    _name(
        *("LZWDecode", "LZW", "ASCIIHexDecode", "AHx", "ASCII85Decode", "A85", "RunLengthDecode", "RL", "Crypt"),
        *("Predictor", "FFilter"),
    ).encode()
)
CATALOG: Final = 65_536
#: A dictionary before its stream is not longer than this but to hide something.
DICTIONARY: Final = 4096


def inspect_pdf(file: IO[bytes] | Any, extension: str) -> None:
    """Raise FileRefused with what is wrong: see the module."""
    with _mapped(file) as data:
        _check_ends(data, extension)
        if _ENCRYPT.search(data):
            raise encrypted()
        _refuse_actions(data)
        catalog = _found_plain(data)
        unpacked = 0
        for content in _object_streams(data, extension):
            unpacked += len(content)
            if unpacked > UNPACKED:
                raise broken(extension)
            _refuse_actions(content)
            catalog = catalog or bool(_PAGES.search(content))
        if not catalog:
            raise broken(extension)


class _mapped:  # noqa: N801 - used as a function
    """The content as one sequence of bytes: mapped where the file is on disk, so that it takes no memory."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __enter__(self) -> Bytes:
        self.map: mmap.mmap | None = None
        try:
            self.map = mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ)
            return self.map
        except (AttributeError, OSError, ValueError, io.UnsupportedOperation):
            self.file.seek(0)
            content: bytes = self.file.read()
            return content

    def __exit__(self, *_: object) -> None:
        if self.map is not None:
            self.map.close()


def _check_ends(data: Bytes, extension: str) -> None:
    """The file begins as a PDF and as nothing else, and its end is there."""
    head = bytes(data[:HEAD])
    if not re.match(rb"(?:\xef\xbb\xbf)?\s*%PDF-[12]\.\d", head):
        raise other_content(extension)
    if any(mark in head.lower() for mark in _PAGE_MARKS):
        raise polyglot()
    tail = bytes(data[-TAIL:])
    starts = _START.findall(tail)
    if b"%%EOF" not in tail or not starts or int(starts[-1][:18]) >= len(data):
        raise broken(extension)
    # The directory of an archive stands at the end (APPNOTE 4.3.16), a comment of 65,535 bytes after it at the most.
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end >= 0 and data.rfind(b"PK\x01\x02", 0, end) >= 0:
        raise polyglot()


def _refuse_actions(data: Bytes) -> None:
    if found := _ACTIVE.search(data):
        name = re.sub(rb"#([0-9a-fA-F]{2})", lambda code: bytes([int(code[1], 16)]), found[0][1:]).decode("latin-1")
        raise active(_WHAT.get(name, "un élément actif"), "Imprimez-le dans un nouveau PDF")


def _found_plain(data: Bytes) -> bool:
    """Whether the catalog is written plainly and has pages. Several may be named, one an update (7.5.6)."""
    numbers = {(int(root[1][:10]), int(root[2][:10])) for root in _ROOT.finditer(data)}
    for number, generation in sorted(numbers)[:5]:
        written = re.finditer(rb"(?<!\d)%d\s+%d\s+obj" % (number, generation), data)
        for start in itertools.islice(written, 50):
            body = bytes(data[start.end() : start.end() + CATALOG])
            if _PAGES.search(body.partition(b"endobj")[0]):
                return True
    return False


def _object_streams(data: Bytes, extension: str) -> Iterator[bytes]:
    """The content of each object stream, whatever its dictionary says of it: what begins as one is one."""
    clock = Clock()
    for start in _STREAM.finditer(data):
        clock.check()
        before = bytes(data[max(0, start.start() - DICTIONARY) : start.start()])
        before = before[before.rfind(b"obj") + 3 if b"obj" in before else 0 :]
        announced = _OBJECT_STREAM.search(before) is not None
        if announced and _OTHER_FILTERS.search(before):
            raise broken(extension)
        content = _inflated(data, start.end())
        if content is None:
            if announced and b"Filter" in before:
                raise broken(extension)
            continue  # Not compressed: looked at with the rest.
        yield content


def _inflated(data: Bytes, start: int) -> bytes | None:
    """What the deflate stream at ``start`` holds if it begins as an object stream; None otherwise."""
    inflater = zlib.decompressobj()
    try:
        head = inflater.decompress(data[start : start + 512], 256)
    except zlib.error:
        return None
    if not _PAIRS.match(head):
        return None
    parts, length, position, pending = [head], len(head), start + 512, inflater.unconsumed_tail
    try:
        while not inflater.eof and length <= UNPACKED:
            chunk = pending or data[position : position + 65_536]
            if not chunk:
                break
            if not pending:
                position += 65_536
            part = inflater.decompress(chunk, CHUNK)
            pending = inflater.unconsumed_tail
            parts.append(part)
            length += len(part)
    except zlib.error:
        pass  # Programs show what could be read: so it is looked at.
    return b"".join(parts)
