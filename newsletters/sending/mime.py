"""Encoding a letter so that what differs from person to person can be put into finished bytes.

HTML goes as 7 bit: every other character is a numeric reference, so a value is its references. Text goes as
quoted-printable (RFC 2045, 6.7) in which each value stands on lines of its own, between soft breaks: none makes a
line too long, and nothing around it is encoded again.
"""

from __future__ import annotations

import html
import re
from email.header import Header
from typing import Final

MAX_LINE: Final = 76  # RFC 2045, 6.7 (5), without CRLF.
LONGEST: Final = 900  # Lines of HTML, before values come in: RFC 5322, 2.1.1 allows 998.
SOFT_BREAK: Final = b"=\r\n"
_PLAIN = frozenset([9, *range(32, 61), *range(62, 127)])
_NEEDS_NOTHING = re.compile(r"(?:[!-\-/-<>-~](?:[ -<>-~]{0,73}[!-<>-~])?)?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def one_line(value: str) -> str:
    """``value`` without line ends or other controls: what goes into a header or between two words."""
    if value.isprintable() and "  " not in value:
        return value.strip()
    return " ".join(_CONTROL.sub(" ", value.replace("\n", " ")).split())


def html_value(value: str) -> bytes:
    """A person's word in HTML, attribute or text: escaped, ASCII. Its first character may begin a line: no bare dot."""
    escaped = html.escape(one_line(value)).encode("ascii", "xmlcharrefreplace")
    return b"&#46;" + escaped[1:] if escaped.startswith(b".") else escaped


def html_static(part: str) -> bytes:
    """A piece of the letter's HTML in ASCII, its lines ended by CRLF and cut at spaces before :data:`LONGEST`.

    A dot that begins a line would have to be doubled on the wire (RFC 5321, 4.5.2): a space before it changes nothing.
    """
    data = part.encode("ascii", "xmlcharrefreplace").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return b"\r\n".join(_cut(line) for line in data.split(b"\n")).replace(b"\n.", b"\n .")


def _cut(line: bytes) -> bytes:
    pieces = []
    while len(line) > LONGEST:
        at = line.rfind(b" ", 0, LONGEST)
        if at <= 0:
            at = line.find(b" ", LONGEST)
            if at < 0:
                break
        pieces.append(line[:at])
        line = line[at + 1 :]
    return b"\r\n".join([*pieces, line])


def quoted(text: str) -> bytes:
    """``text`` as quoted-printable, lines ended by CRLF. It begins a line: a soft break follows each value."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return b"\r\n".join(_quoted_line(line) for line in lines)


def quoted_value(value: str) -> bytes:
    """A person's word on a line of its own in quoted text."""
    return _quoted_line(one_line(value))


def _quoted_line(line: str) -> bytes:
    if _NEEDS_NOTHING.fullmatch(line):
        return line.encode("ascii")
    done: list[bytes] = []
    current = bytearray()
    raw = line.encode()
    last = len(raw) - 1
    for place, octet in enumerate(raw):
        blank_at_end = octet in (9, 32) and place == last
        if len(current) + (3 if octet not in _PLAIN or blank_at_end else 1) > MAX_LINE - 1:
            done.append(bytes(current) + b"=")
            current = bytearray()
        # A dot that begins a line would have to be doubled on the wire: it is encoded instead.
        dot = octet == 46 and not current
        current += b"=%02X" % octet if octet not in _PLAIN or blank_at_end or dot else bytes([octet])
    return b"\r\n".join([*done, bytes(current)])


def phrase(name: str) -> str:
    """A display name (RFC 5322, 3.2.5) in ASCII: a quoted string, or encoded words."""
    name = one_line(name)
    if name.isascii():
        return '"' + name.replace("\\", "").replace('"', "") + '"'
    return " ".join(Header(name, "utf-8", maxlinelen=60).encode(linesep="\n").split())


def header(name: str, value: str) -> bytes:
    """One header line, RFC 2047 where it must be, folded (RFC 5322, 2.2.3). ``value`` loses its line ends."""
    value = one_line(value)
    if value.isascii():
        return f"{name}: {_folded(value, len(name) + 2)}\r\n".encode("ascii")
    encoded = Header(value, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n".encode("ascii")


def _folded(value: str, used: int) -> str:
    """ASCII ``value`` folded at spaces, at 78 where that is possible."""
    lines, current = [], ""
    for word in value.split(" "):
        if current and used + len(current) + 1 + len(word) > 78:
            lines.append(current)
            current, used = word, 1
        else:
            current = f"{current} {word}" if current else word
    return "\r\n ".join([*lines, current])
