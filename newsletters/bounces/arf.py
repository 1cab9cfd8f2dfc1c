"""Complaints: what people mark as unwanted, told by their mailbox (RFC 5965, and what came before it)."""

from __future__ import annotations

import re
from email.message import Message
from typing import Final

from ..enums import EventKind
from .report import Report, addresses_in, header, message_ids_in, text_of

# RFC 5965, 7.3, and the registry of feedback report types. « not-spam » and « virus » are no complaint about the list.
_KINDS: Final = {
    "abuse": EventKind.COMPLAINED,
    "fraud": EventKind.COMPLAINED,
    "opt-out": EventKind.UNSUBSCRIBED,
    "opt-out-list": EventKind.UNSUBSCRIBED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
}
_TYPE: Final = re.compile(r"^Feedback-Type[ \t]*:[ \t]*([a-z-]{1,30})", re.IGNORECASE | re.MULTILINE)
_RECIPIENT: Final = re.compile(
    r"^(?:Original-Rcpt-To|Removal-Recipient|Rcpt-To)[ \t]*:[ \t]*(.{0,300})$", re.IGNORECASE | re.MULTILINE
)


def read(message: Message) -> list[Report]:
    """The complaint in ``message``, or nothing."""
    parts = [part for _, part in zip(range(50), message.walk(), strict=False)]
    feedback = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    outlook = next((value for part in parts if (value := header(part, "X-HmXmrOriginalRecipient"))), "")
    if feedback is None and not outlook:
        return []
    ids = message_ids_in("\n".join([*(header(part, "Message-ID") for part in parts[1:]), *_texts(parts)]))
    if feedback is None:
        # Outlook's junk reporting before it spoke RFC 5965: the returned message names who complained.
        return [Report("arf", EventKind.COMPLAINED, "abuse", "", addresses_in(outlook), ids)]
    text = _fields(feedback)
    found = _TYPE.search(text)
    word = found[1].lower() if found else ""
    if word not in _KINDS:
        return []
    recipients = addresses_in(" ".join(match[1] for match in _RECIPIENT.finditer(text)))
    return [Report("arf", _KINDS[word], word, "", recipients, ids)]


def _fields(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        blocks = [each for each in payload if isinstance(each, Message)]
        lines = [f"{name}: {value}" for block in blocks for name, value in block.items()]
        return "\n".join([*lines, *(str(block.get_payload() or "") for block in blocks)])
    return text_of(part)


def _texts(parts: list[Message]) -> list[str]:
    return [text_of(part) for part in parts if part.get_content_type() in ("text/rfc822-headers", "text/plain")]
