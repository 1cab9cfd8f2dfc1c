"""One letter, written once for a list; then each person's copy by putting a few values between finished bytes.

What differs: date, To, Message-ID, the addresses of leaving, preferences and followed links, the names people gave. All
else is encoded when the letter is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from ..bounces.verp import unsubscribe_address
from ..models import Campaign, MailingList
from . import marks, mime, tokens
from .headers import encoded, list_headers, person_headers, preferences_url, unsubscribe_url
from .tokens import Purpose

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Copy(NamedTuple):
    """One person's copy, as read from its row. ``values`` by the names of :data:`marks.VARIABLES`."""

    delivery: int
    subscription: int
    address: str
    list_id: int
    message_id: str
    values: Mapping[str, str]
    tracking: bool = False


class Filled(NamedTuple):
    """A copy as three strings, for a provider that makes its own message of them."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True)
class Source:
    """What is compiled: a letter's frozen strings, with marks. ``links``: row numbers by position; ``urls``: the
    addresses themselves, where links are not followed (a trial)."""

    key: str
    subject: str
    html: str
    text: str
    links: Mapping[int, int] = field(default_factory=dict)
    urls: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign) -> Source:
        """One query, for the links."""
        return cls(
            key=campaign.uuid.hex[:16],
            subject=campaign.subject,
            html=campaign.html,
            text=campaign.text,
            links=dict(campaign.links.values_list("position", "pk")),
        )


def base36(number: int) -> str:
    """``number`` in the 36 digits that addresses of links are written in."""
    done = ""
    while number:
        number, rest = divmod(number, 36)
        done = _DIGITS[rest] + done
    return done or "0"


def click_url(link: int, token: str) -> str:
    return f"{settings.SITE_URL}{reverse('letter-link', args=[base36(link), token])}"


def open_url(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('letter-opened', args=[token])}"


class _Compiled(NamedTuple):
    """The finished bytes of one list, with None where a value comes; and where each value comes."""

    pieces: list[bytes | None]
    places: list[tuple[Callable[[Copy], bytes], list[int]]]


class CompiledLetter:
    """A letter ready to be copied to the people of ``lists``."""

    def __init__(self, source: Source, lists: Mapping[int, MailingList]) -> None:
        self.source, self.lists = source, lists
        self._compiled: dict[int, _Compiled] = {}
        self._dates: tuple[int, bytes] = (0, b"")

    def render(self, copy: Copy, now: int) -> bytes:
        """The whole message, lines ended by CRLF, ready for DATA: no line begins with a bare dot.

        ``now``: seconds since 1970, the message's date.
        """
        compiled = self._compiled.get(copy.list_id) or self._compile(copy.list_id)
        pieces = compiled.pieces.copy()
        if self._dates[0] != now:
            self._dates = now, formatdate(now, localtime=True).encode("ascii")
        pieces[1] = self._dates[1]
        for make, places in compiled.places:
            value = make(copy)
            for place in places:
                pieces[place] = value
        return b"".join(pieces)  # type: ignore[arg-type]

    def fill(self, copy: Copy) -> Filled:
        """The copy's subject, HTML and text as strings."""
        return Filled(
            mime.one_line(self._filled(self.source.subject, copy, str)),
            self._filled(self.source.html, copy, lambda value: mime.html_value(value).decode("ascii")),
            self._filled(self.source.text, copy, mime.one_line),
        )

    def values_for(self, copy: Copy) -> dict[str, str]:
        """What stands for each mark of the letter, by the mark itself; not escaped."""
        found = marks.MARK.finditer(self.source.subject + self.source.html + self.source.text)
        return {match[0]: self._value(match, copy) for match in found}

    def headers_for(self, copy: Copy) -> dict[str, str]:
        """All headers of the copy but To, Date, Subject and Message-ID, not folded."""
        of_list = list_headers(self.lists[copy.list_id], subject="", campaign=self.source.key)
        of_list.pop("Subject")
        return of_list | person_headers(copy.subscription, copy.delivery)

    def _filled(self, text: str, copy: Copy, escape: Callable[[str], str]) -> str:
        def value(match: re.Match[str]) -> str:
            found = self._value(match, copy)
            return found if match[1] in marks.ADDRESSES else escape(found)

        return marks.MARK.sub(value, text)

    def _value(self, match: re.Match[str], copy: Copy) -> str:
        name = match[1]
        if name == marks.LINK:
            if url := self.source.urls.get(int(match[2])):
                return url
            token = tokens.make(Purpose.CLICK, copy.subscription, copy.delivery)
            return click_url(self.source.links.get(int(match[2]), 0), token)
        if name == marks.UNSUBSCRIBE:
            return unsubscribe_url(copy.subscription, copy.delivery)
        if name == marks.PREFERENCES:
            return preferences_url(copy.subscription, copy.delivery)
        if name == marks.PIXEL:
            return _pixel(copy).decode("ascii")
        return copy.values.get(name) or match[3] or ""

    # --- Compiling --------------------------------------------------------------------------------------------------
    def _compile(self, list_id: int) -> _Compiled:
        """Encode everything that is the same for the list's people."""
        builder = _Builder(self.source)
        of_list = list_headers(self.lists[list_id], subject=self.source.subject, campaign=self.source.key)
        if marks.MARK.search(of_list["Subject"]):
            of_list.pop("Subject")
            builder.add(("subject", self._subject))
        boundary = f"=_{self.source.key}"
        builder.add(
            b"MIME-Version: 1.0\r\n" + encoded(of_list) + b"To: ",
            ("to", lambda copy: copy.address.encode("ascii")),
            b"\r\nMessage-ID: ",
            ("message_id", lambda copy: copy.message_id.encode("ascii")),
            b"\r\n",
            *_leaving(),
            f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode(),
            _part_head("text/plain", "quoted-printable"),
        )
        builder.text(self.source.text)
        builder.add(f"\r\n--{boundary}\r\n".encode(), _part_head("text/html", "7bit"))
        builder.html(self.source.html.lstrip("."))
        builder.add(f"\r\n--{boundary}--\r\n".encode())
        self._compiled[list_id] = done = builder.done()
        return done

    def _subject(self, copy: Copy) -> bytes:
        return mime.header("Subject", self.fill_subject(copy))

    def fill_subject(self, copy: Copy) -> str:
        return mime.one_line(self._filled(self.source.subject, copy, str))


Part = bytes | tuple[str, Callable[[Copy], bytes]]


class _Builder:
    """Pieces and values, in the order of the message. Values of one name are computed once a copy."""

    def __init__(self, source: Source) -> None:
        self.source = source
        # The date is the second piece, the same for a whole batch.
        self.pieces: list[bytes | None] = [b"Date: ", None, b"\r\n"]
        self.values: dict[str, tuple[Callable[[Copy], bytes], list[int]]] = {}

    def add(self, *parts: Part) -> None:
        for part in parts:
            if isinstance(part, tuple):
                name, make = part
                self.values.setdefault(name, (make, []))[1].append(len(self.pieces))
                self.pieces.append(None)
            elif self.pieces[-1] is None:
                self.pieces.append(part)
            else:
                self.pieces[-1] += part

    def html(self, text: str) -> None:
        for before, mark in _split(text):
            self.add(mime.html_static(before))
            if mark:
                self.add(*self._parts(mark, "html", mime.html_value))

    def text(self, text: str) -> None:
        """Quoted-printable; each part of a mark stands on a line of its own, between soft breaks."""
        for before, mark in _split(text):
            piece = mime.quoted(before)
            self.add(piece)
            if not mark:
                continue
            if piece and not piece.endswith(b"\n"):
                self.add(mime.SOFT_BREAK)
            for part in self._parts(mark, "text", mime.quoted_value):
                self.add(part, mime.SOFT_BREAK)

    def done(self) -> _Compiled:
        return _Compiled(self.pieces, list(self.values.values()))

    def _parts(self, mark: re.Match[str], where: str, encode: Callable[[str], bytes]) -> list[Part]:
        name, default = mark[1], mark[3] or ""
        if name == marks.PIXEL:
            return [("pixel", _pixel)]
        if name not in marks.ADDRESSES:
            return [(f"{where} {name} {default}", lambda copy: encode(copy.values.get(name) or default))]
        if name == marks.LINK and (url := self.source.urls.get(int(mark[2]))):
            return [encode(url)]
        if name == marks.LINK:
            purpose, address = Purpose.CLICK, _around("letter-link", base36(self.source.links.get(int(mark[2]), 0)))
        elif name == marks.UNSUBSCRIBE:
            purpose, address = Purpose.UNSUBSCRIBE, _around("newsletters:leave")
        else:
            purpose, address = Purpose.PREFERENCES, _around("newsletters:preferences")
        return [address[0], _token(purpose), address[1]]


def _around(name: str, *before: str) -> tuple[bytes, bytes]:
    """What stands before and after the token in an address of this app."""
    sample = "0" * 38
    start, _, end = (settings.SITE_URL + reverse(name, args=[*before, sample])).partition(sample)
    return start.encode("ascii"), end.encode("ascii")


def _split(text: str) -> list[tuple[str, re.Match[str] | None]]:
    """(what stands before a mark, the mark)…, then (what is left, None)."""
    found: list[tuple[str, re.Match[str] | None]] = []
    start = 0
    for match in marks.MARK.finditer(text):
        found.append((text[start : match.start()], match))
        start = match.end()
    return [*found, (text[start:], None)]


def _token(purpose: Purpose) -> tuple[str, Callable[[Copy], bytes]]:
    make = tokens.maker(purpose)
    return f"token {purpose}", lambda copy: make(copy.subscription, copy.delivery)


def _pixel(copy: Copy) -> bytes:
    """The picture that tells an opening: only for who agreed to be measured."""
    if not copy.tracking:
        return b""
    url = open_url(tokens.make(Purpose.OPEN, copy.subscription, copy.delivery))
    return f'<img src="{url}" width="1" height="1" alt="">'.encode("ascii")


def _part_head(kind: str, encoding: str) -> bytes:
    return f'Content-Type: {kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode()


def _leaving() -> list[Part]:
    """List-Unsubscribe (RFC 2369, 3.2) with its two ways, and List-Unsubscribe-Post (RFC 8058, 3.1)."""
    before, after = _around("newsletters:leave")
    parts: list[Part] = [b"List-Unsubscribe: <" + before, _token(Purpose.UNSUBSCRIBE), after + b">"]
    if unsubscribe_address(0, 0):
        parts.append(
            (
                "mailto",
                lambda copy: (
                    f",\r\n <mailto:{unsubscribe_address(copy.delivery, copy.subscription)}?subject=desabonnement>"
                ).encode("ascii"),
            )
        )
    return [*parts, b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"]
