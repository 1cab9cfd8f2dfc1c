"""From bytes to the content lines of iCalendar (RFC 5545 3.1), whatever a producer did to them.

Every function here accepts any bytes. What is mended silently: byte order marks, UTF-16, Windows-1252 among UTF-8, any
line end, folds inside a character, control characters, spaces around names, lower case. What is mended on a guess
(text whose own line ends were not escaped) keeps the event and loses at most part of one property.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import contextlib
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .parsed import words

# Properties whose value people write: a line that is no property may be the rest of one.
FREE_TEXT = words("DESCRIPTION SUMMARY LOCATION COMMENT CONTACT X-ALT-DESC CATEGORIES X-WR-CALDESC NAME")
KNOWN = FREE_TEXT | words(
    "ACKNOWLEDGED ACTION ALARM AALARM ATTACH ATTENDEE BUSYTYPE CALENDAR-ADDRESS CALSCALE CLASS COLOR  "
    "COMPLETED CONCEPT CONFERENCE CREATED DALARM DAYLIGHT DTEND DTSTAMP DTSTART DUE DURATION END-DATE  "
    "EXDATE EXRULE EXNUM FREEBUSY GEO IMAGE LAST-MODIFIED LINK LOCATION-TYPE MALARM METHOD ORGANIZER  "
    "PALARM PARTICIPANT-TYPE PERCENT-COMPLETE PRIORITY PRODID PROXIMITY RDATE RECURRENCE-ID REFID  "
    "REFRESH-INTERVAL RELATED-TO REPEAT REQUEST-STATUS RESOURCE-TYPE RESOURCES RNUM RRULE SEQUENCE SOURCE  "
    "STATUS STRUCTURED-DATA STYLED-DESCRIPTION TRANSP TRIGGER TZ TZID TZID-ALIAS-OF TZNAME TZOFFSETFROM  "
    "TZOFFSETTO TZUNTIL TZURL TIMEZONE-ID UID URL VERSION BEGIN END"
)
DATES = words("DTSTART DTEND RECURRENCE-ID EXDATE RDATE DTSTAMP LAST-MODIFIED CREATED")

_BREAKS = re.compile(rb"\r\r?\n|\r")
_NAME = re.compile(rb"(?:[A-Za-z0-9-]+\.)?([A-Za-z][A-Za-z0-9-]*)[ \t]*[:;]")
_EDGE = re.compile(rb"\s*(BEGIN|END)[ \t]*:[ \t]*([A-Za-z][A-Za-z0-9-]*)\s*\Z", re.IGNORECASE)
_COMPONENTS = frozenset(
    b"VCALENDAR VEVENT VTODO VJOURNAL VFREEBUSY VTIMEZONE VALARM STANDARD DAYLIGHT VAVAILABILITY AVAILABLE".split()
)
_FOLDED_AT = range(70, 77)  # Octets of a line that a producer folded, when its continuation lacks its space.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), 0xFEFF, 0x2028, 0x2029], None)
_PARAM = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_DATE_VALUE = re.compile(r":(?=\s*\d{4}-?\d{2}-?\d{2})")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 are Windows-1252, one by one."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "ignore"), error.end


codecs.register_error("events-windows", _as_windows)


@dataclass(frozen=True, slots=True)
class Line:
    """A content line: where it begins, its name and the names of its parameters in capitals, its value as written."""

    number: int
    name: str
    params: dict[str, str]
    value: str

    def __str__(self) -> str:
        """As reports quote it."""
        shown = f"{self.name}:{self.value}"
        return shown if len(shown) <= 80 else shown[:79] + "…"


def to_utf8(data: bytes) -> bytes:
    """The same text in UTF-8, if ``data`` is UTF-16 or UTF-32, told by its mark or by its zeros. No mark is left."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF8, ""),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            rest = data[len(mark) :]
            return rest.decode(encoding, "ignore").encode("utf-8", "ignore") if encoding else rest
    head = data[:400]
    if head.count(0) * 3 > len(head) > 3:
        encoding = "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
        return data.decode(encoding, "ignore").encode("utf-8", "ignore")
    return data


def decode(raw: bytes) -> str:
    """Text of one line, UTF-8 or not, without control characters (tabs and line feeds stay)."""
    return raw.decode("utf-8", "events-windows").translate(_CONTROLS)


def clean(text: str) -> str:
    """``text`` without control characters nor halves of characters, which no database takes."""
    return text.encode("utf-8", "ignore").decode().translate(_CONTROLS)


class _Open:
    """The content line being put together."""

    __slots__ = ("chunks", "length", "name", "number", "quoted")

    def __init__(self, number: int, raw: bytes, name: str) -> None:
        self.number, self.chunks, self.name, self.length = number, [raw], name, len(raw)
        self.quoted = b"QUOTED-PRINTABLE" in raw[:200].upper()

    @property
    def folded(self) -> bool:
        """Whether its last line is as long as producers fold at, in octets or in characters."""
        following = sum(128 <= octet < 192 for octet in self.chunks[-1]) if self.length < 400 else 0
        return self.length in _FOLDED_AT or self.length - following in _FOLDED_AT


def content_lines(data: bytes, junk: list[int]) -> Iterator[Line]:
    """The content lines of ``data``, in order. The numbers of the lines that mean nothing are put in ``junk``."""
    text = _BREAKS.sub(b"\n", to_utf8(data))
    rows = text.split(b"\n")
    indent = _indent(rows)
    capitals = True
    current: _Open | None = None
    for number, row in enumerate(rows, start=1):
        raw = row[len(indent) :] if indent and row.startswith(indent) else row
        if raw.startswith(codecs.BOM_UTF8):
            raw = raw[3:]
        edge = _EDGE.match(raw) if b":" in raw[:40] else None
        if edge and (edge[2].upper() in _COMPONENTS or raw[:1] not in b" \t"):
            if current:
                yield from _line(current)
                current = None
            capitals = edge[1].isupper()
            yield Line(number, edge[1].decode().upper(), {}, edge[2].decode().upper())
            continue
        if raw[:1] in (b" ", b"\t"):
            if current:
                current.chunks.append(raw[1:])
                current.length = len(raw)
                continue
            raw = raw.strip()
        if not raw.strip():
            continue
        name = _property_name(raw, current, capitals)
        if (
            current
            and current.quoted
            and current.chunks[-1].rstrip().endswith(b"=")
            and (not name or name not in KNOWN)
        ):
            current.chunks[-1] = current.chunks[-1].rstrip()[:-1]
            current.chunks.append(raw)
        elif name:
            if current:
                yield from _line(current)
            current = _Open(number, raw, name)
        elif current and current.folded:
            current.chunks.append(raw)
            current.length = len(raw)
        elif current and current.name in FREE_TEXT:
            current.chunks += [b"\\n", raw]
            current.length = len(raw)
        elif len(junk) < 100:
            junk.append(number)
    if current:
        yield from _line(current)


def _indent(rows: list[bytes]) -> bytes:
    """The white space before every line, when the whole file was pasted with some."""
    first = next((row for row in rows[:50] if row.strip()), b"")
    return first[: len(first) - len(first.lstrip(b" \t"))] if _EDGE.match(first) else b""


def _property_name(raw: bytes, current: _Open | None, capitals: bool) -> str:
    """The name of the property that ``raw`` is, in capitals; empty when it is the rest of some text."""
    match = _NAME.match(raw)
    if not match:
        return ""
    name = match[1].decode().upper()
    in_text = current is not None and current.name in FREE_TEXT
    if name in KNOWN:
        as_word = match[1][:1].isupper() and not match[1].isupper()
        return "" if in_text and as_word and capitals else name
    if name.startswith("X-"):
        return name
    return "" if in_text else name


def _line(opened: _Open) -> Iterator[Line]:
    raw = b"".join(opened.chunks) if len(opened.chunks) > 1 else opened.chunks[0]
    if opened.name == "ATTACH" and len(raw) > 5000:
        return
    text = decode(raw)
    name_end = text.upper().find(opened.name) + len(opened.name)
    rest = text[name_end:].lstrip(" \t")
    if rest.startswith(":"):
        yield Line(opened.number, opened.name, {}, rest[1:])
        return
    params, value = _params(opened.name, rest)
    encoding = params.get("ENCODING", "").upper()
    if encoding or "QUOTED-PRINTABLE" in params:
        value = _decoded(value, raw, encoding or "QUOTED-PRINTABLE", params.get("CHARSET", "utf-8"))
    yield Line(opened.number, opened.name, params, value)


def _params(name: str, rest: str) -> tuple[dict[str, str], str]:
    """Parameters and value of what follows a name. Dates are looked for first: some put a bare colon in a TZID."""
    if name in DATES and (found := _DATE_VALUE.search(rest)):
        head, value = rest[: found.start()], rest[found.end() :]
        return {key.strip().upper(): text.strip().strip('"') for key, _, text in _split(head)}, value
    params: dict[str, str] = {}
    position = 0
    while match := _PARAM.match(rest, position):
        params.setdefault(match[1].upper(), _param_value(match[2]))
        position = match.end()
    if position < len(rest) and rest[position] == ":":
        return params, rest[position + 1 :]
    # A quote that is not closed, a parameter without a value: what follows the next colon is the value.
    colon = rest.find(":", position)
    for key, _, text in _split(rest[position : colon if colon >= 0 else None]):
        params.setdefault(key.strip().upper(), text.strip().strip('"'))
    return params, rest[colon + 1 :] if colon >= 0 else ""


def _param_value(written: str) -> str:
    """Without its quotes; with the signs that RFC 6868 writes after a caret."""
    value = written.replace('"', "") if '"' in written else written.strip()
    if "^" in value:
        value = value.replace("^^", "\x00").replace("^n", " ").replace("^'", '"').replace("\x00", "^")
    return value


def _split(head: str) -> Iterator[tuple[str, str, str]]:
    return (part.partition("=") for part in head.split(";") if part.strip())


def _decoded(value: str, raw: bytes, encoding: str, charset: str) -> str:
    """A value that vCalendar 1.0 wrote in quoted-printable or base64. Its line ends are escaped, as those of text."""
    if encoding in ("QUOTED-PRINTABLE", "Q"):
        octets = quopri.decodestring(raw[raw.find(b":") + 1 :])
    elif encoding in ("BASE64", "B"):
        try:
            octets = base64.b64decode(value, validate=False)
        except (binascii.Error, ValueError):
            return ""
    else:
        return value
    text = decode(octets)
    if charset.lower().replace("-", "") != "utf8":
        with contextlib.suppress(LookupError, ValueError):
            text = octets.decode(charset, "replace")
    return clean(re.sub(r"\r\n?|\n", r"\\n", text))
