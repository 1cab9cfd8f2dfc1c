"""Messages as servers write them, of our own making: names, addresses and words are invented, shapes are not.

``A`` stands for the copy's address, ``TO`` for the signed address it came back to, ``MID`` for the copy's Message-ID.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """``kind`` "": nothing is to happen. ``code``: what is written down."""

    name: str
    kind: str
    code: str
    text: str

    def data(self, address: str, to: str, message_id: str) -> bytes:
        filled = self.text.lstrip("\n").replace("{A}", address).replace("{TO}", to).replace("{MID}", message_id)
        return filled.replace("\n", "\r\n").encode("utf-8", "surrogateescape")


RETURNED = """Return-Path: <{TO}>
From: Lettre <lettre@exemple.fr>
To: {A}
Subject: La lettre
Message-ID: {MID}
"""


def status(
    name: str,
    kind: str,
    code: str,
    *,
    code_line: str = "",
    said: str = "",
    action: str = "failed",
    final: str = "rfc822; {A}",
    original: str = "",
    sender: str = "MAILER-DAEMON@mx.exemple.net (Mail Delivery System)",
    subject: str = "Undelivered Mail Returned to Sender",
    words: str = "Your message could not be delivered.",
    returned_type: str = "text/rfc822-headers",
    to: str = "{TO}",
    headers: str = "",
) -> Case:
    """A notification as RFC 3464 has it."""
    fields = [f"Original-Recipient: {original}" if original else "", f"Final-Recipient: {final}", f"Action: {action}"]
    fields += [f"Status: {code_line}" if code_line else "", f"Diagnostic-Code: smtp; {said}" if said else ""]
    lines = "\n".join(filter(None, fields))
    text = f"""
From: {sender}
To: {to}
Subject: {subject}
Message-ID: <dsn.{abs(hash(name))}@mx.exemple.net>
Auto-Submitted: auto-replied
{headers}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limite"

--limite
Content-Type: text/plain; charset=us-ascii

{words}

--limite
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.net
Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0100

{lines}

--limite
Content-Type: {returned_type}

{RETURNED}
--limite--
"""
    return Case(name, kind, code, text)
