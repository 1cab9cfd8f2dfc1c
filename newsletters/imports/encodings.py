"""Which encoding a text file is in: told by its mark, proven by decoding, or guessed from the accents of French."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from typing import IO, Final

from .refusal import TableRefused

CHUNK: Final = 1 << 20
HEAD: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII: Final = bytes(range(128))
_ACCENTS: Final = "éèêëàâçôîïùûœÉÈÀÇ’"
#: What accents are, in each encoding of one byte.
_LETTERS: Final = {
    name: frozenset(char.encode(name, "ignore") for char in _ACCENTS) - {b""}
    for name in ("cp1252", "iso8859-15", "mac_roman")
}
#: Where Latin-9 holds Œ, œ, Ÿ, €, Š, š, Ž, ž, and Windows-1252 fractions and signs.
_LATIN_9: Final = frozenset({0xBC, 0xBD, 0xBE, 0xA4})
#: Of one hundred bytes that are not ASCII, so many may be wrong in a file that is UTF-8 all the same.
_DAMAGED: Final = 5
SHOWN: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "iso8859-15": "Latin-9",
    "mac_roman": "Mac Roman",
}


@dataclass(frozen=True)
class Encoding:
    """``name`` is Python's; ``damaged``: some characters do not decode, and become U+FFFD."""

    name: str
    damaged: bool = False


def detect_encoding(file: IO[bytes]) -> Encoding:
    """Read ``file`` once or twice from its start, by chunks. Raises :class:`TableRefused` for what is no text."""
    file.seek(0)
    head = file.read(HEAD)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, not _decodes(file, name))
    if wide := _unmarked_utf_16(head):
        return Encoding(wide, not _decodes(file, wide))
    _refuse_binary(head)
    if _decodes(file, "utf-8"):
        return Encoding("utf-8")
    high, bad = _wrong_utf_8(file)
    if bad * 100 <= high * _DAMAGED:
        return Encoding("utf-8", damaged=True)
    return _one_byte(file)


def _decodes(file: IO[bytes], name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _unmarked_utf_16(head: bytes) -> str:
    """UTF-16 of European text without its mark: every other byte is nought."""
    pairs = len(head) // 2
    if pairs < 4:
        return ""
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.7 and even < pairs * 0.1:
        return "utf-16-le"
    if even > pairs * 0.7 and odd < pairs * 0.1:
        return "utf-16-be"
    return ""


def _refuse_binary(head: bytes) -> None:
    """Control characters by the hundred are no text. A few stray NUL are what some exports leave."""
    controls = len(head) - len(head.translate(None, bytes([*range(9), *range(14, 32)])))
    if controls * 50 > len(head):
        raise TableRefused("Ce fichier n’est pas un tableau : son contenu n’est pas du texte.", "binary")


def _wrong_utf_8(file: IO[bytes]) -> tuple[int, int]:
    """(bytes that are not ASCII, those that are no UTF-8)."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    high = bad = 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        high += len(chunk.translate(None, _ASCII))
        bad += decoder.decode(chunk).count("\ufffd")
    return high, bad + decoder.decode(b"", final=True).count("\ufffd")


def _one_byte(file: IO[bytes]) -> Encoding:
    found: Counter[int] = Counter()
    file.seek(0)
    while chunk := file.read(CHUNK):
        found.update(chunk.translate(None, _ASCII))
    scores = {name: sum(found[letter[0]] for letter in letters) for name, letters in _LETTERS.items()}
    if scores["mac_roman"] > max(scores["cp1252"], scores["iso8859-15"]):
        return Encoding("mac_roman")
    # The bytes 0x80 to 0x9F are letters and quotes of Windows, and controls of Latin-9.
    if not any(0x80 <= byte <= 0x9F for byte in found) and any(byte in _LATIN_9 for byte in found):
        return Encoding("iso8859-15")
    return Encoding("cp1252", damaged=any(byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) for byte in found))
