"""Complaints: RFC 5965, and what came before it."""

from __future__ import annotations

from . import RETURNED, Case

COMPLAINT, LEFT = "complained", "unsubscribed"


def feedback(
    name: str, kind: str, code: str, word: str, *, recipient: str = "{A}", extra: str = "", to: str = "{TO}"
) -> Case:
    rcpt = f"Original-Rcpt-To: {recipient}\n" if recipient else ""
    return Case(
        name,
        kind,
        code,
        f"""
From: <abusedesk@exemple.net>
To: {to}
Subject: FW: La lettre
Message-ID: <{abs(hash(name))}@arf.exemple.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="limite"

--limite
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--limite
Content-Type: message/feedback-report

Feedback-Type: {word}
User-Agent: SomeGenerator/1.0
Version: 1
{rcpt}{extra}
--limite
Content-Type: message/rfc822
Content-Disposition: inline

{RETURNED}
Bonjour
--limite--
""",
    )


CASES = [
    feedback("abuse", COMPLAINT, "abuse", "abuse"),
    feedback("fraud", COMPLAINT, "fraud", "fraud"),
    feedback("case and spaces", COMPLAINT, "abuse", "  ABUSE"),
    feedback("redacted recipient", COMPLAINT, "abuse", "abuse", recipient="[redacted]"),
    feedback("no recipient", COMPLAINT, "abuse", "abuse", recipient=""),
    feedback("complaint by message-id alone", COMPLAINT, "abuse", "abuse", to="abus@exemple.fr"),
    feedback("another's address", "", "", "abuse", recipient="autre@exemple.net", to="abus@exemple.fr"),
    feedback("opt-out", LEFT, "opt-out", "opt-out", extra="Removal-Recipient: {A}\n"),
    feedback("unsubscribe", LEFT, "unsubscribe", "unsubscribe"),
    feedback("not spam", "", "", "not-spam"),
    feedback("virus", "", "", "virus"),
    feedback("other", "", "", "other"),
    feedback("nothing after the colon", "", "", ""),
    Case(
        "outlook junk report",
        COMPLAINT,
        "abuse",
        """
From: staff@hotmail.example
To: {TO}
Subject: complaint about message from 192.0.2.1
Message-ID: <jmrp@exemple.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: message/rfc822

X-HmXmrOriginalRecipient: {A}
"""
        + RETURNED
        + "\n--b--\n",
    ),
]
