"""Notifications in the standard's form (RFC 3464), by those who speak it each in their way."""

from __future__ import annotations

from . import RETURNED, Case, status

HARD, SOFT, REFUSED, LATER, DONE = "hard_bounce", "soft_bounce", "rejected", "deferred", "delivered"

CASES = [
    status(
        "postfix unknown user",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550 5.1.1 <{A}>: Recipient address rejected: User unknown in local recipient table",
    ),
    status(
        "postfix virtual alias",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550 5.1.1 <{A}>: Recipient address rejected: User unknown in virtual alias table",
    ),
    status(
        "postfix host not found",
        HARD,
        "5.4.4",
        code_line="5.4.4",
        said="X-Postfix; Host or domain name not found. Name service error for name=absent.exemple type=A: Host not found",
    ),
    status(
        "postfix timed out",
        SOFT,
        "4.4.1",
        code_line="4.4.1",
        said="X-Postfix; connect to mx.exemple.net[192.0.2.1]:25: Connection timed out",
    ),
    status(
        "postfix message expired", SOFT, "4.4.7", code_line="4.4.7", said="X-Postfix; delivery temporarily suspended"
    ),
    status(
        "postfix loops back",
        SOFT,
        "5.4.6",
        code_line="5.4.6",
        said="X-Postfix; mail for exemple.net loops back to myself",
    ),
    status(
        "postfix delayed",
        LATER,
        "4.4.1",
        code_line="4.4.1",
        action="delayed",
        subject="Delayed Mail (still being retried)",
    ),
    status(
        "postfix delivered",
        DONE,
        "2.0.0",
        code_line="2.0.0",
        action="delivered",
        subject="Successful Mail Delivery Report",
    ),
    status("postfix relayed", "", "", code_line="2.0.0", action="relayed"),
    status(
        "postfix greylisted",
        SOFT,
        "450 4.2.0",
        code_line="4.2.0",
        said="450 4.2.0 <{A}>: Recipient address rejected: Greylisted, see http://postgrey.example/",
    ),
    status(
        "sendmail user unknown",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550 5.1.1 <{A}>... User unknown",
        subject="Returned mail: see transcript for details",
    ),
    status("sendmail mailbox full", SOFT, "552 5.2.2", code_line="5.2.2", said="552 5.2.2 <{A}>... Mailbox full"),
    status("sendmail local quota", SOFT, "5.2.2", code_line="5.2.2", said=""),
    status(
        "gmail no account",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos",
    ),
    status(
        "gmail disabled",
        HARD,
        "550 5.2.1",
        code_line="5.2.1",
        said="550 5.2.1 The email account that you tried to reach is disabled.",
    ),
    status(
        "gmail too quickly",
        SOFT,
        "550 5.2.1",
        code_line="5.2.1",
        said="550 5.2.1 The user you are trying to contact is receiving mail too quickly. Please resend later.",
    ),
    status(
        "gmail over quota",
        SOFT,
        "552 5.2.2",
        code_line="5.2.2",
        said="552-5.2.2 The email account that you tried to reach is over quota.",
    ),
    status(
        "gmail spam",
        REFUSED,
        "550 5.7.1",
        code_line="5.7.1",
        said="550-5.7.1 Our system has detected that this message is likely unsolicited mail.",
    ),
    status(
        "gmail unauthenticated",
        REFUSED,
        "550 5.7.26",
        code_line="5.7.26",
        said="550-5.7.26 This mail has been blocked because the sender is unauthenticated.",
    ),
    status(
        "gmail rate",
        SOFT,
        "421 4.7.28",
        code_line="4.7.28",
        said="421-4.7.28 Our system has detected an unusual rate of mail",
    ),
    status(
        "outlook mailbox unavailable",
        SOFT,
        "550 5.5.0",
        code_line="5.5.0",
        said="550 5.5.0 Requested action not taken: mailbox unavailable",
    ),
    status(
        "exchange recipnotfound",
        HARD,
        "550 5.1.10",
        code_line="5.1.10",
        said="550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {A} not found by SMTP address lookup",
        sender="postmaster@exemple.onmicrosoft.com",
        subject="Undeliverable: La lettre",
    ),
    status("exchange recipient disabled", SOFT, "550 5.2.14", code_line="5.2.14", said="550 5.2.14 RESOLVER.FWD.Loop"),
    status(
        "exchange quota",
        SOFT,
        "554 5.2.2",
        code_line="5.2.2",
        said="554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException",
    ),
    status(
        "exchange access denied",
        REFUSED,
        "550 5.4.1",
        code_line="5.4.1",
        said="550 5.4.1 Recipient address rejected: Access denied by policy",
    ),
    status(
        "exchange restricted",
        REFUSED,
        "550 5.7.133",
        code_line="5.7.133",
        said="550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup",
    ),
    status(
        "outlook blocked list",
        REFUSED,
        "550 5.7.1",
        code_line="5.7.1",
        said="550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
    ),
    status(
        "orange unknown",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
    ),
    status(
        "orange refused service",
        REFUSED,
        "550 5.7.0",
        code_line="5.7.0",
        said="550 5.7.0 Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_506 [506]",
    ),
    status(
        "orange too many connections",
        SOFT,
        "421",
        code_line="",
        said="421 mwinf5c04 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR004_104 [104]",
    ),
    status("free quota", SOFT, "552", code_line="", said="552 Boite du destinataire pleine. Recipient overquota."),
    status("free unknown", HARD, "550 5.1.1", code_line="", said="550 5.1.1 Adresse mail inexistante"),
    status(
        "laposte unknown",
        HARD,
        "550 5.5.0",
        code_line="5.5.0",
        said="550 5.5.0 Boîte du destinataire inconnue (in reply to RCPT TO command)",
    ),
    status("laposte spam", REFUSED, "550 5.5.0", code_line="5.5.0", said="550 5.5.0 Message classe comme spam"),
    status("sfr unknown", HARD, "550 5.1.1", code_line="5.1.1", said="550 5.1.1 <{A}> user unknown"),
    status("sfr rejected content", REFUSED, "550 5.0.0", code_line="5.0.0", said="550 5.0.0 spam content rejected"),
    status(
        "ovh unknown",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550 5.1.1 <{A}>: Email address could not be found, or was misspelled (G8): recipient not found",
    ),
    status(
        "mimecast policy",
        REFUSED,
        "550",
        code_line="",
        said="550 Administrative prohibition - envelope blocked [abc.uk123] - https://community.mimecast.example/docs/DOC-1369#550",
    ),
    status(
        "mimecast unknown",
        HARD,
        "550",
        code_line="",
        said="550 Invalid Recipient - https://community.mimecast.example/docs/DOC-1369#550 [xyz]",
    ),
    status(
        "proofpoint blocked",
        REFUSED,
        "554 5.7.1",
        code_line="5.7.1",
        said="554 5.7.1 <[192.0.2.1]>: Client host blocked, see proofpoint",
    ),
    status(
        "barracuda",
        REFUSED,
        "550 5.0.0",
        code_line="5.0.0",
        said="550 permanent failure for one or more recipients ({A}:blocked)",
    ),
    status(
        "yahoo disabled",
        HARD,
        "554 5.0.0",
        code_line="5.0.0",
        said="554 delivery error: dd This user doesn't have a yahoo.example account ({A})",
    ),
    status(
        "yahoo deferred policy",
        SOFT,
        "421 4.7.0",
        code_line="4.7.0",
        said="421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints",
    ),
    status("icloud over quota", SOFT, "552 5.2.2", code_line="5.2.2", said="552 5.2.2 <{A}>: user is over quota"),
    status("null mx", HARD, "556 5.1.10", code_line="5.1.10", said="556 5.1.10 Recipient address has null MX (nullMX)"),
    status("no diagnostic", SOFT, "5.0.0", code_line="5.0.0"),
    status("size", SOFT, "552 5.3.4", code_line="5.3.4", said="552 5.3.4 Message size exceeds fixed limit"),
    status(
        "forwarded address of another",
        SOFT,
        "550 5.1.1",
        code_line="5.1.1",
        final="rfc822; ailleurs@exemple.net",
        said="550 5.1.1 User unknown",
    ),
    status(
        "forwarded with the original",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        final="rfc822; ailleurs@exemple.net",
        original="rfc822;{A}",
        said="550 5.1.1 User unknown",
    ),
    status("utf-8 address type", HARD, "5.1.1", code_line="5.1.1", final="utf-8; {A}"),
    status(
        "whole message returned",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550 5.1.1 unknown",
        returned_type="message/rfc822",
    ),
    status(
        "by message-id alone",
        HARD,
        "550 5.1.1",
        code_line="5.1.1",
        said="550 5.1.1 unknown user",
        to="lettre@exemple.fr",
    ),
    status(
        "by message-id, another address",
        "",
        "",
        code_line="5.1.1",
        final="rfc822; autre@exemple.net",
        said="550 5.1.1 unknown user",
        to="lettre@exemple.fr",
    ),
    Case(
        "two recipients, ours among them",
        HARD,
        "550 5.1.1",
        """
From: MAILER-DAEMON@mx.exemple.net
To: {TO}
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.net

Final-Recipient: rfc822; {A}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

Final-Recipient: rfc822; {A}
Action: delayed
Status: 4.0.0

--b
Content-Type: message/rfc822

"""
        + RETURNED
        + "\n--b--\n",
    ),
]
