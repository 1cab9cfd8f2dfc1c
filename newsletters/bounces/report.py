"""What a returned message, a complaint or a request to leave says, before anybody believes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from email.parser import BytesParser
from typing import Final

#: Bytes of a message that are read; what follows is the returned letter's content.
MOST_BYTES: Final = 1_000_000
MOST_FOUND: Final = 50
#: Characters of a header that are searched for our addresses.
_MOST_HEADER: Final = 10_000
_ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s@\x00-\x1f]{1,200}@[^<>\s@\x00-\x1f]{1,200}>")
_TAG: Final = re.compile(r"\+([a-z2-7]{45})@", re.IGNORECASE)
#: Where servers leave the address that a message was delivered to.
_DELIVERED_TO: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "To", "Cc")


@dataclass(frozen=True)
class Report:
    """``kind`` an :class:`~newsletters.enums.EventKind`. ``recipients``: the addresses it speaks of, lowered; it may
    name none. ``message_ids``: those of the messages it returns. ``code``, ``detail``: what the server said.
    """

    source: str
    kind: str
    code: str = ""
    detail: str = ""
    recipients: frozenset[str] = frozenset()
    message_ids: tuple[str, ...] = field(default=())


def parse(data: bytes) -> Message:
    """The message, whatever is wrong with it. An mbox « From » line before it is left out."""
    data = data[:MOST_BYTES].lstrip(b"\r\n \t")
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
    try:
        return message_from_bytes(data, policy=policy.compat32)
    except RecursionError:
        # Parts within parts, hundreds deep: nobody's return. Its words are read as they are.
        return BytesParser(policy=policy.compat32).parsebytes(data, headersonly=True)


def header(message: Message, name: str) -> str:
    """A header as one line; empty where there is none. Encoded words stay as they are: only ASCII is looked for."""
    try:
        return storable(" ".join(str(message.get(name) or "").split()))
    except (ValueError, LookupError, TypeError):
        return ""


def text_of(part: Message) -> str:
    """A part's text, decoded as well as can be. No exception."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        payload = None
    if not isinstance(payload, bytes):
        try:
            payload = part.as_bytes(policy=policy.compat32)
        except (ValueError, LookupError, TypeError, KeyError, AttributeError, UnicodeError, RecursionError):
            return ""
    for charset in (_charset_of(part), "latin-1"):
        try:
            return storable(payload.decode(charset, "replace"))
        except (LookupError, ValueError):
            continue
    return ""


def _charset_of(part: Message) -> str:
    try:
        return str(part.get_content_charset("utf-8") or "utf-8")
    except (ValueError, LookupError, TypeError):
        return "utf-8"


def storable(text: str) -> str:
    """``text`` without what no database takes: NUL (PostgreSQL), halves of surrogate pairs (any)."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


def addresses_in(text: str) -> frozenset[str]:
    """The addresses a text names, lowered; :data:`MOST_FOUND` at most."""
    found: list[str] = []
    for match in _ADDRESS.finditer(text):
        found.append(match[0].lower().strip("'."))
        if len(found) == MOST_FOUND:
            break
    return frozenset(found)


def message_ids_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0] for match in _MESSAGE_ID.finditer(text)))[:MOST_FOUND]


def tags_of(message: Message, envelope_to: str = "") -> list[tuple[str, str]]:
    """(what stands before the « + », token) of each address the message came to, the envelope's first."""
    values = [envelope_to]
    for name in _DELIVERED_TO:
        try:
            values += [str(value) for value in message.get_all(name, [])]
        except (ValueError, LookupError, TypeError):
            continue
    found = []
    for value in values:
        value = value[:_MOST_HEADER]
        for match in _TAG.finditer(value):
            before = re.split(r"[\s<,;:\"]", value[max(match.start() - 100, 0) : match.start()])[-1].lower()
            found.append((before, match[1].lower()))
    return list(dict.fromkeys(found))[:MOST_FOUND]


def masked(text: str) -> str:
    """``text`` on one line, without addresses."""
    return " ".join("…" if "@" in word else word for word in text.split())[:300]
