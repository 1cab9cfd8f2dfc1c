"""Returned messages: delivery status notifications (RFC 3464), and what servers wrote before there were any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from typing import Final

from ..enums import EventKind
from .classify import classify
from .report import MOST_FOUND, Report, addresses_in, header, masked, message_ids_in, storable, text_of

_FIELD: Final = re.compile(r"^([A-Za-z-]{1,40})[ \t]*:[ \t]*(.*(?:\r?\n[ \t]+.*)*)$", re.MULTILINE)
_PASSED: Final = {"delivered": EventKind.DELIVERED, "delayed": EventKind.DEFERRED}
#: Characters of a notification, and of one of its fields, that are read for their meaning. What strangers write is
#: searched by expressions that take time in proportion: every repetition in them is bounded.
_MOST_TEXT: Final = 20_000
_MOST_FIELD: Final = 2_000
# Where a returned message begins, in notifications that are one text.
_RETURNED: Final = re.compile(
    r"^[ \t>]{0,20}(?:-{2,80}.{0,40}(?:below this line|original|copy of|message suit|returned|"
    r"transcript of the message).*|(?:return-path|received|dkim-signature):.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_WAITS: Final = re.compile(
    r"(?:will|is being|sera) (?:be )?(?:retried|continue|re-?tent)|delayed|warning only|no action is required",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    r"undeliver|not delivered|delivery (?:status|failure|has failed|notification|problem)|failure notice|mail delivery|"
    r"returned mail|returned to sender|mail failure|non[ -]?remis|non distribu|[ée]chec|nondeliverable|message failed|"
    r"could not be delivered|impossible de remettre|avis de non",
    re.IGNORECASE,
)
_DAEMON: Final = re.compile(r"mailer-daemon|postmaster|mail delivery|maildelivery|<>|^$", re.IGNORECASE)
_AUTOMATIC: Final = re.compile(
    r"^(?:re\s*:\s*)?(?:\W{0,3})(?:out of (?:the )?office|auto(?:matic)?[- ]?(?:reply|response)|absen|vacances|"
    r"r[ée]ponse automatique|cong[ée]s|=\?[^?]*\?[bq]\?.{0,10}r(?:=c3=a9|é)ponse)",
    re.IGNORECASE,
)


def is_automatic_answer(message: Message) -> bool:
    """Whether a person's mailbox answered by itself (RFC 3834): a holiday, an acknowledgement, a challenge.

    Exim and Gmail mark what they return as « auto-replied » too; the header that names who failed is theirs alone.
    """
    if "report" in message.get_content_type() or header(message, "X-Failed-Recipients"):
        return False
    kind = header(message, "Auto-Submitted").lower()
    if kind.startswith("auto-replied"):
        return True
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Vacation", "X-Mail-Autoreply")
    if any(message.get(name) for name in marks) or header(message, "Precedence").lower() in (
        "auto_reply",
        "auto-reply",
    ):
        return True
    return bool(_AUTOMATIC.search(header(message, "Subject")))


def read(message: Message) -> list[Report]:
    """What ``message`` reports of copies that came back or were delayed; nothing where it is something else."""
    if is_automatic_answer(message):
        return []
    parts = list(_walk(message))
    statuses = [part for part in parts if part.get_content_type() in _STATUS]
    ids = _returned_ids(message, parts)
    if statuses:
        return [report for part in statuses for report in _from_status(part, ids)][:MOST_FOUND]
    if not _looks_returned(message):
        return []
    return _from_text(message, parts, ids)


_STATUS: Final = ("message/delivery-status", "message/global-delivery-status")


def _walk(message: Message, depth: int = 0) -> Iterator[Message]:
    """All parts, to a depth nobody writes by hand; what a status is made of is read as text, not as parts."""
    yield message
    if depth < 8 and message.is_multipart() and message.get_content_type() not in _STATUS:
        payload = message.get_payload()
        for part in payload if isinstance(payload, list) else []:
            if isinstance(part, Message):
                yield from _walk(part, depth + 1)


def _from_status(part: Message, ids: tuple[str, ...]) -> Iterator[Report]:
    """One report a recipient; the first block is of the message as a whole."""
    for fields in _blocks(part):
        action = fields.get("action", "").split(" ")[0].strip().lower()
        status = fields.get("status", "")
        if not action and not status:
            continue
        said = f"{fields.get('diagnostic-code', '')} {fields.get('x-display-name', '')}".partition(";")
        diagnostic = said[2] or said[0]
        recipients = addresses_in(f"{fields.get('original-recipient', '')} {fields.get('final-recipient', '')}")
        if action in _PASSED:
            yield Report(
                "dsn", _PASSED[action], "" if "@" in status else status[:20], masked(diagnostic), recipients, ids
            )
        elif action in ("failed", ""):
            kind, code = classify(status, diagnostic)
            yield Report("dsn", kind, code, masked(diagnostic), recipients, ids)


def _blocks(part: Message) -> list[dict[str, str]]:
    payload = part.get_payload()
    if isinstance(payload, list):
        text = storable("\n\n".join(_block_text(block) for block in payload if isinstance(block, Message)))
    else:
        text = text_of(part)
    blocks = []
    for chunk in re.split(r"\r?\n[ \t]*\r?\n", text)[:MOST_FOUND]:
        found = {match[1].lower(): " ".join(match[2].split())[:_MOST_FIELD] for match in _FIELD.finditer(chunk)}
        if found:
            blocks.append(found)
    return blocks


def _block_text(block: Message) -> str:
    lines = [f"{name}: {value}" for name, value in block.items()]
    payload = block.get_payload()
    return "\n".join(lines) + (f"\n\n{payload}" if isinstance(payload, str) and payload.strip() else "")


def _returned_ids(message: Message, parts: list[Message]) -> tuple[str, ...]:
    """The Message-IDs of what is returned, wherever a server leaves them."""
    texts = []
    for part in parts[1:]:
        if part.get_content_type() in ("text/rfc822-headers", "text/rfc822", "message/rfc822", "message/partial"):
            texts.append(text_of(part))
        texts.append(header(part, "Message-ID"))
    texts += [header(message, "In-Reply-To"), header(message, "References"), header(message, "X-Original-Message-ID")]
    # The whole of a notification that is one text; ours alone are ever looked up.
    texts += [text_of(part) for part in parts if part.get_content_maintype() == "text"]
    return message_ids_in("\n".join(texts))


def _looks_returned(message: Message) -> bool:
    if header(message, "X-Failed-Recipients"):
        return True
    sender = f"{header(message, 'From')} {header(message, 'Return-Path')}"
    return bool(_SUBJECT.search(header(message, "Subject")) and _DAEMON.search(sender)) or bool(
        re.search(r"This is the qmail-send program|ezmlm|Exim", _first_text(message)[:2000])
    )


def _first_text(message: Message) -> str:
    for part in _walk(message):
        if part.get_content_maintype() == "text":
            return text_of(part)
    return text_of(message) if not message.is_multipart() else ""


def _from_text(message: Message, parts: list[Message], ids: tuple[str, ...]) -> list[Report]:
    """What can be read of a notification in words: its recipients, and one meaning for them all."""
    text = _first_text(message)[:_MOST_TEXT]
    start = _RETURNED.search(text)
    said = text[: start.start()] if start else text[:5000]
    recipients = addresses_in(header(message, "X-Failed-Recipients")) or addresses_in(said)
    if _WAITS.search(said):
        return [Report("dsn", EventKind.DEFERRED, "", masked(said), recipients, ids)]
    kind, code = classify("", said)
    return [Report("dsn", kind, code, masked(said), recipients, ids)]
