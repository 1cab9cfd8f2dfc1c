"""A letter's copies as Anymail's messages: one for a person, or one for many, each with headers and values of theirs.

Nobody's address is ever in another's message: a batch has ``merge_metadata``, which makes every backend send one
message to each recipient.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from anymail.message import AnymailMessage

from . import marks, mime
from .headers import sender_of
from .merge import CompiledLetter, Copy
from .providers import Provider, Style, defuse
from .tokens import Purpose, make

#: The name of a copy's token in what a provider keeps with it and gives back in its webhooks.
METADATA = "delivery"
_OWN = ("List-Unsubscribe", "List-Unsubscribe-Post")


class Shape:
    """A letter as one provider takes it: content with its placeholders, and what each copy puts there."""

    def __init__(self, letter: CompiledLetter, provider: Provider) -> None:
        self.letter, self.provider = letter, provider
        source = letter.source
        self.style = provider.style
        if self.style == Style.MERGE and not provider.merges_subject and marks.MARK.search(source.subject):
            self.style = Style.SINGLE
        self.batch = 1 if self.style == Style.SINGLE else provider.batch
        self._keys: dict[tuple[str, bool], str] = {}
        if self.style == Style.MERGE:
            self.subject = self._with_placeholders(source.subject, html=False)
            before, after = provider.around
            self.html = before + self._with_placeholders(source.html, html=True) + after
            self.text = before + self._with_placeholders(source.text, html=False) + after

    def values(self, copy: Copy) -> dict[str, str]:
        """What stands for each placeholder in ``copy``."""
        found = self.letter.values_for(copy)
        return {key: _value(mark, found[mark], html) for (mark, html), key in self._keys.items()}

    def content(self, copy: Copy) -> tuple[str, str, str]:
        """(subject, HTML, text) of a copy, finished."""
        filled = self.letter.fill(copy)
        return (
            defuse(self.provider, filled.subject, html=False),
            defuse(self.provider, filled.html, html=True),
            defuse(self.provider, filled.text, html=False),
        )

    def weight(self, copy: Copy) -> int:
        """About how many bytes ``copy`` adds to a call."""
        if self.style == Style.MERGE:
            return sum(len(key) + len(value) + 8 for key, value in self.values(copy).items())
        source = self.letter.source
        return 2 * (len(source.html) + len(source.text))

    def headers(self, copy: Copy) -> dict[str, str]:
        """Headers that the message itself has no field for."""
        found = self.letter.headers_for(copy) | self.provider.extra_headers
        if self.provider.keeps_message_id:
            found["Message-ID"] = copy.message_id
        for name in ("From", "Reply-To"):
            found.pop(name, None)
        return {name: value for name, value in found.items() if value}

    def _with_placeholders(self, text: str, *, html: bool) -> str:
        def place(found: Any) -> str:
            key = self._keys.setdefault((found[0], html), f"v{len(self._keys)}")
            return self.provider.placeholder.format(key=key)

        return marks.MARK.sub(place, defuse(self.provider, text, html=html))


def _value(mark: str, value: str, html: bool) -> str:
    name = marks.MARK.fullmatch(mark)
    if name is not None and name[1] in marks.ADDRESSES:
        return value
    return mime.html_value(value).decode("ascii") if html else mime.one_line(value)


def event_token(copy: Copy) -> str:
    """What tells a webhook which copy it speaks of."""
    return make(Purpose.EVENT, copy.subscription, copy.delivery)


def _message(shape: Shape, list_id: int) -> AnymailMessage:
    sender = sender_of(shape.letter.lists[list_id])
    name = mime.one_line(sender.name).replace("\\", "").replace('"', "")
    message = AnymailMessage(
        from_email=f'"{name}" <{sender.address}>' if name else sender.address,
        reply_to=[sender.reply_to] if sender.reply_to else None,
    )
    if shape.provider.untracks:
        # The letter has links and a picture of its own, for who agreed: nobody is measured by the provider besides.
        message.track_opens = message.track_clicks = False
    if shape.provider.tags:
        message.tags = [shape.letter.source.key]
    return message


def single_message(shape: Shape, copy: Copy) -> AnymailMessage:
    """One person's message."""
    message = _message(shape, copy.list_id)
    message.to = [copy.address]
    message.subject, html, message.body = shape.content(copy)
    message.attach_alternative(html, "text/html")
    message.extra_headers = shape.headers(copy)
    message.metadata = {METADATA: event_token(copy)}
    return message


def batch_message(shape: Shape, copies: Sequence[Copy]) -> AnymailMessage:
    """One message that the provider sends to each of ``copies``, who are all of one list."""
    message = _message(shape, copies[0].list_id)
    message.to = [copy.address for copy in copies]
    message.merge_metadata = {copy.address: {METADATA: event_token(copy)} for copy in copies}
    of_all = {copy.address: shape.headers(copy) for copy in copies}
    if shape.style == Style.MERGE:
        message.subject, message.body = shape.subject, shape.text
        message.attach_alternative(shape.html, "text/html")
        message.merge_data = {copy.address: shape.values(copy) for copy in copies}
        own = (*_OWN, "Message-ID")
        message.extra_headers = {key: value for key, value in of_all[copies[0].address].items() if key not in own}
        message.merge_headers = {
            address: {key: value for key, value in headers.items() if key in own} for address, headers in of_all.items()
        }
    else:
        # Whether a provider adds a message's headers to those of all, or replaces them, differs: each has all of its.
        message.merge_headers = of_all
    return message


def make_whole(payload: Any, shape: Shape, copies: Sequence[Copy]) -> None:
    """Have ``payload`` carry each person's own subject, HTML and text: Anymail's batches have one for all."""
    make_body = payload.serialize_data

    def serialize() -> str:
        body = json.loads(make_body())
        messages = body[shape.provider.items] if shape.provider.items else body
        for message, copy in zip(messages, copies, strict=True):
            message.update(zip(shape.provider.fields, shape.content(copy), strict=True))
        done: str = payload.serialize_json(body)
        return done

    payload.serialize_data = serialize
