"""Names of files as people send them: made harmless for a screen, a header and a folder. They are never a key."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

MAX_LENGTH: Final = 120  # characters
MAX_BYTES: Final = 240  # in UTF-8: a name of 255 bytes is the most a file system takes
NAMELESS: Final = "fichier"
#: What a path, a shell, a header or Windows would read something into.
_REPLACED: Final = re.compile(r'[<>:"|?*%;\\/]')
_SPACES: Final = re.compile(r"\s+")
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$)", re.IGNORECASE)
#: Not letters nor marks: controls, formats (zero width, direction of writing), surrogates, private use, unassigned.
_INVISIBLE: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def normalised_name(name: str) -> str:
    """``name`` without folders, control or direction characters, in NFC, at most 120 characters with its extension.

    The extension is the one that is seen: « facture\\u202efdp.exe » becomes « facturefdp.exe ». Never empty, never
    begins with a dot. Running it twice changes nothing more.
    """
    name = unicodedata.normalize("NFC", name)
    name = re.split(r"[\\/]", name)[-1]
    name = "".join(" " if each in "\t\n\r" else each for each in name)
    name = "".join(each for each in name if unicodedata.category(each) not in _INVISIBLE)
    name = _REPLACED.sub("_", _SPACES.sub(" ", name))
    name = unicodedata.normalize("NFC", name).strip(" .")
    if _DEVICES.match(name):
        name = f"_{name}"
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    if len(extension) > 10:  # No extension of ours: part of the name.
        stem, dot, extension = name, "", ""
    stem = _shortened(stem.rstrip(" ."), len(dot + extension)) or NAMELESS
    return f"{stem}{dot}{extension}"


def _shortened(stem: str, reserved: int) -> str:
    stem = stem[: MAX_LENGTH - reserved]
    cut = stem.encode()[: MAX_BYTES - 4 * reserved].decode(errors="ignore")
    return unicodedata.normalize("NFC", cut).rstrip(" .")


def extension_of(name: str) -> str:
    """The extension of ``name``, lower case, without its dot; empty where it has none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def attachment_header(name: str) -> str:
    """``Content-Disposition`` of a download (RFC 6266): an ASCII name, and the whole one in UTF-8 (RFC 8187)."""
    name = normalised_name(name)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()+=@\-]", "_", plain, flags=re.ASCII).strip(" .")
    extension = extension_of(name)
    if not plain or extension_of(plain) != extension:
        plain = f"{NAMELESS}.{extension}" if extension and extension.isascii() and extension.isalnum() else NAMELESS
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
