"""Office Open XML (ECMA-376) and OpenDocument (ISO 26300) files: archives of XML parts.

An archive is read as its parts are: sizes that it announces are checked first, then those found while unpacking, so
that neither a bomb nor a lie takes memory. Parts are unpacked by chunks; XML goes through expat as it comes.
"""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import PurePosixPath
from typing import IO, Any, Final
from xml.parsers import expat

from portal.core.document_forms import content_is

from ..refusal import FileRefused
from .common import Clock, active, broken, encrypted, other_content, polyglot

MAX_ENTRIES: Final = 5_000
MAX_UNPACKED: Final = 200_000_000
MAX_RATIO: Final = 100
#: Below it no ratio is looked at: a page of blanks compresses well.
RATIO_FROM: Final = 1_000_000
#: Of the archive's own list, read whole into memory. 5,000 parts take some 500 kB.
MAX_DIRECTORY: Final = 2_000_000
CHUNK: Final = 1 << 18
_MACROS: Final = "une macro"
#: Parts that hold a program, and archives or programs within.
_PROGRAMS: Final = frozenset(
    {"exe", "dll", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "msi", "jar", "lnk", "url"}
    | {"html", "htm", "mht", "svg", "docm", "xlsm", "pptm", "dotm", "xltm", "xlam", "xll", "zip", "rar", "7z"}
    | {"class", "py", "sh", "chm", "reg", "scf"}
)
_XML: Final = frozenset({"xml", "rels"})
#: Of these Office itself writes some that are not well formed (<br> in the drawings of Excel): read as far as they go.
_LOOSE_XML: Final = frozenset({"vml", "rdf", "xsd"})
#: Links to another place that a program follows by itself, as it opens the document.
_FOLLOWED: Final = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def inspect_office(file: IO[bytes] | Any, extension: str) -> None:
    """DOCX and XLSX: the parts that the format asks for; no macro, no control, no template from elsewhere."""
    with _opened(file, extension) as package:
        names = package.namelist()
        if "[Content_Types].xml" not in names or not content_is(extension, file):
            raise other_content(extension)
        for name in names:
            lowered = name.lower()
            if PurePosixPath(lowered).name in ("vbaproject.bin", "vbadata.xml") or "/macrosheets/" in lowered:
                raise active(_MACROS)
            if "/activex/" in lowered:
                raise active("un contrôle ActiveX")
        _unpack(package, extension, _OfficeReader)


def inspect_open_document(file: IO[bytes] | Any, extension: str) -> None:
    """ODT and ODS: the part « mimetype » of that kind; no macro, not encrypted."""
    with _opened(file, extension) as package:
        names = package.namelist()
        if not content_is(extension, file):
            raise other_content(extension)
        if "content.xml" not in names:
            raise broken(extension)
        for name in names:
            # The lists of libraries, empty, are written by some versions; the modules are the macros.
            module = name.startswith("Basic/") and not name.endswith(("/", "-lc.xml", "-lb.xml"))
            if module or (name.startswith("Scripts/") and not name.endswith("/")):
                raise active(_MACROS)
        _unpack(package, extension, _OpenDocumentReader)


def _opened(file: Any, extension: str) -> zipfile.ZipFile:
    """The archive, its list read and judged: number of parts, sizes announced, names, no part over another."""
    file.seek(0)
    head = file.read(1024)
    if head.startswith(_OLE):
        # A protected document of Office is stored so, and so are those of before 2007.
        raise FileRefused(
            f"Ce fichier n’est pas un .{extension} ouvert : il est protégé par un mot de passe, ou d’un ancien format "
            f"d’Office. Enregistrez-le en .{extension} sans protection.",
            "encrypted",
        )
    if not head.startswith(b"PK\x03\x04"):
        raise other_content(extension)
    if b"%PDF-" in head:
        raise polyglot()
    size = _size_of_directory(file)
    if size is None:
        raise broken(extension)
    if size > MAX_DIRECTORY:
        raise _too_many()
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise broken(extension) from error
    try:
        _judge_list(package, extension)
    except BaseException:
        package.close()
        raise
    return package


def _judge_list(package: zipfile.ZipFile, extension: str) -> None:
    parts = package.infolist()
    if len(parts) > MAX_ENTRIES:
        raise _too_many()
    if not parts or min(part.header_offset for part in parts) != 0:
        raise polyglot()
    if len({part.filename for part in parts}) != len(parts):
        raise broken(extension)
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise _bomb()
        end = part.header_offset + 30 + part.compress_size
        if part.flag_bits & 0x1:
            raise encrypted()
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken(extension)
        if part.filename.startswith("/") or ".." in part.filename.split("/") or "\\" in part.filename:
            raise broken(extension)
        if _suffix(part.filename) in _PROGRAMS:
            raise active("un programme ou une archive")
    _judge_sizes(sum(part.file_size for part in parts), sum(part.compress_size for part in parts))


def _suffix(name: str) -> str:
    """The extension of a part, that of « _rels/.rels » too, which a path has for a name without one."""
    _, dot, suffix = name.lower().rpartition("/")[2].rpartition(".")
    return suffix if dot else ""


def _judge_sizes(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1)):
        raise _bomb()


def _too_many() -> FileRefused:
    return FileRefused(
        f"Ce fichier contient trop de parties. Maximum : {MAX_ENTRIES:,}.".replace(",", " "), "too_many_entries"
    )


def _bomb() -> FileRefused:
    return FileRefused(
        "Ce fichier prendrait trop de place une fois décompressé (plus de "
        f"{MAX_UNPACKED // 1_000_000} Mo, ou {MAX_RATIO} fois sa taille) : il est refusé.",
        "bomb",
    )


def _size_of_directory(file: Any) -> int | None:
    """The number of bytes of the archive's list (APPNOTE 4.3.16), from its end; None where there is none."""
    file.seek(0, os.SEEK_END)
    length = file.tell()
    file.seek(max(0, length - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return None
    # zipfile reads the list that the 64-bit record names, where there is one: it says its own size.
    if (wide := tail.rfind(b"PK\x06\x06")) >= 0 and len(tail) >= wide + 56:
        return int(struct.unpack("<Q", tail[wide + 40 : wide + 48])[0])
    return int(struct.unpack("<L", tail[at + 12 : at + 16])[0])


def _unpack(package: zipfile.ZipFile, extension: str, reader: type[_Reader]) -> None:
    """Read every part to its end, XML through ``reader``. Raises FileRefused as soon as a limit is passed."""
    clock = Clock()
    packed = sum(part.compress_size for part in package.infolist())
    unpacked = 0
    for part in package.infolist():
        suffix = _suffix(part.filename)
        xml = reader(part.filename, strict=suffix in _XML) if suffix in _XML | _LOOSE_XML else None
        try:
            with package.open(part) as content:
                while chunk := content.read(CHUNK):
                    clock.check()
                    unpacked += len(chunk)
                    _judge_sizes(unpacked, packed)
                    if xml:
                        xml.feed(chunk)
                if xml and part.file_size:  # Empty parts are written by LibreOffice.
                    xml.close()
        except (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise broken(extension) from error
        except OSError as error:
            raise broken(extension) from error
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise broken(extension) from error
            raise


class _Reader:
    """Reads XML as it comes. A document type is refused: no program of today writes one, and entities are a bomb."""

    def __init__(self, name: str, *, strict: bool) -> None:
        self.name = name
        self.strict = strict
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.entity
        self.broken = False
        self.prepare()

    def prepare(self) -> None:
        """Take what else is looked at in this part."""

    def doctype(self, name: str, system: str | None, public: str | None, subset: int) -> None:
        # OpenOffice 2 named the type of its manifest, without anything inside.
        if subset or not self.name.startswith("META-INF/"):
            self.entity()

    def entity(self, *_: object) -> None:
        raise FileRefused("Ce fichier contient une définition XML qui n’y a pas sa place : il est refusé.", "xml_bomb")

    def feed(self, chunk: bytes, last: bool = False) -> None:
        if self.broken:
            return
        try:
            self.parser.Parse(chunk, last)
        except expat.ExpatError:
            if self.strict:
                raise
            self.broken = True

    def close(self) -> None:
        self.feed(b"", last=True)


class _OfficeReader(_Reader):
    def prepare(self) -> None:
        # Names of parts are compared without regard to case (ECMA-376-2, 6.2.2.3).
        if self.name.lower() == "[content_types].xml" or _suffix(self.name) == "rels":
            self.parser.StartElementHandler = self.element

    def element(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if "macroEnabled" in kind or "vbaProject" in kind or "ms-excel.macrosheet" in kind:
            raise active(_MACROS)
        if attributes.get("TargetMode") == "External" and attributes.get("Type", "").endswith(_FOLLOWED):
            raise active("un modèle ou un objet pris ailleurs")


class _OpenDocumentReader(_Reader):
    def prepare(self) -> None:
        if self.name == "META-INF/manifest.xml":
            self.parser.StartElementHandler = self.element

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith("encryption-data"):
            raise encrypted()
