"""Notifications in words, from servers older than the standard or that do not care; answers that are no returns."""

from __future__ import annotations

from . import RETURNED, Case

HARD, SOFT, REFUSED, LATER = "hard_bounce", "soft_bounce", "rejected", "deferred"


def words(
    name: str, kind: str, code: str, text: str, *, sender: str, subject: str, headers: str = "", to: str = "{TO}"
) -> Case:
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{abs(hash(name))}@mx.exemple.net>\n{headers}"
    return Case(name, kind, code, f"{head}\n{text}")


DAEMON = "MAILER-DAEMON@mx.exemple.net"

CASES = [
    words(
        "qmail",
        HARD,
        "5.1.1",
        "Hi. This is the qmail-send program at mx.exemple.net.\nI'm afraid I wasn't able to deliver your message to the following "
        "addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{A}>:\nSorry, no mailbox here by that "
        "name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" + RETURNED,
        sender=DAEMON,
        subject="failure notice",
    ),
    words(
        "qmail remote",
        HARD,
        "550",
        "Hi. This is the qmail-send program at mx.exemple.net.\n\n<{A}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 "
        "No such user here\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\n" + RETURNED,
        sender=DAEMON,
        subject="failure notice",
    ),
    words(
        "exim",
        HARD,
        "550",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or "
        "more of its\nrecipients. The following address(es) failed:\n\n  {A}\n    550 Unrouteable address\n\n------ This is a copy "
        "of the message, including all the headers. ------\n\n" + RETURNED,
        sender="Mail Delivery System <Mailer-Daemon@mx.exemple.net>",
        subject="Mail delivery failed: returning message to sender",
        headers="X-Failed-Recipients: {A}\n",
    ),
    words(
        "exim that says it answered by itself",
        HARD,
        "550 5.1.1",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or "
        "more of its\nrecipients. The following address(es) failed:\n\n  {A}\n    550 5.1.1 no such user here\n",
        sender="Mail Delivery System <Mailer-Daemon@mx.exemple.net>",
        subject="Mail delivery failed: returning message to sender",
        headers="Auto-Submitted: auto-replied\nX-Failed-Recipients: {A}\n",
    ),
    words(
        "exim warning",
        LATER,
        "",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or "
        "more of its\nrecipients after more than 24 hours. No action is required on your part. Delivery attempts will continue\n\n  {A}\n",
        sender="Mail Delivery System <Mailer-Daemon@mx.exemple.net>",
        subject="Warning: message delayed 24 hours",
        headers="X-Failed-Recipients: {A}\n",
    ),
    words(
        "exim quota",
        SOFT,
        "552",
        "The following address(es) failed:\n\n  {A}\n    mailbox is full: 552 quota exceeded\n\n------ This is a copy of the message "
        "------\n\n" + RETURNED,
        sender="Mail Delivery System <Mailer-Daemon@mx.exemple.net>",
        subject="Mail delivery failed: returning message to sender",
        headers="X-Failed-Recipients: {A}\n",
    ),
    words(
        "old exchange",
        HARD,
        "550 5.1.1",
        "Your message\n\n  Subject: La lettre\n\ndid not reach the following recipient(s):\n\n{A} on Mon, 23 Nov 2026 09:00:00 +0100\n    "
        "The e-mail account does not exist at the organization this message was sent to. <mx.exemple.net #5.1.1 SMTP; 550 5.1.1 unknown>\n",
        sender="System Administrator <postmaster@exemple.net>",
        subject="Undeliverable: La lettre",
        headers="In-Reply-To: {MID}\n",
    ),
    words(
        "lotus",
        HARD,
        "550",
        "Your message\n\n  Subject: La lettre\n\nwas not delivered to:\n\n  {A}\n\nbecause:\n\n  User not listed in public Name & Address "
        "Book: 550\n",
        sender="Postmaster <postmaster@exemple.net>",
        subject="DELIVERY FAILURE: User not listed in public Name & Address Book",
        headers="References: {MID}\n",
    ),
    words(
        "french server",
        HARD,
        "550",
        "Bonjour,\n\nVotre message n'a pas pu être remis au destinataire suivant :\n\n  {A}\n  550 Adresse inconnue au bataillon : "
        "l'adresse n'existe pas\n",
        sender="Mail Delivery System <mailer-daemon@exemple.net>",
        subject="Message non remis",
    ),
    words(
        "french full",
        SOFT,
        "552",
        "Votre message n'a pas pu être remis :\n\n  {A}\n  552 La boîte du destinataire est pleine\n",
        sender=DAEMON,
        subject="Avis de non remise",
    ),
    words(
        "spam in words",
        REFUSED,
        "554",
        "The following recipient failed:\n\n  {A}\n\n554 Message rejected: your host is on a blacklist (spamhaus)\n",
        sender=DAEMON,
        subject="Delivery Status Notification (Failure)",
    ),
    words(
        "mbox line before",
        HARD,
        "550 5.1.1",
        "The following recipient failed:\n\n  {A}\n\n550 5.1.1 unknown user\n",
        sender=DAEMON,
        subject="Returned mail: User unknown",
    ),
    # --- What is no return ----------------------------------------------------------------------------------------------
    words(
        "out of office",
        "",
        "",
        "Je suis en congés jusqu’au 5. 550 5.1.1",
        sender="{A}",
        subject="Absence du bureau : La lettre",
    ),
    words(
        "out of office by header",
        "",
        "",
        "user unknown",
        sender="{A}",
        subject="Re: La lettre",
        headers="Auto-Submitted: auto-replied\n",
    ),
    words("vacation", "", "", "mailbox full", sender="{A}", subject="Re: La lettre", headers="X-Autoreply: yes\n"),
    words(
        "precedence",
        "",
        "",
        "Merci de votre message",
        sender="{A}",
        subject="Bien reçu",
        headers="Precedence: auto_reply\n",
    ),
    words(
        "challenge",
        "",
        "",
        "Cliquez pour prouver que vous êtes une personne : user unknown",
        sender="{A}",
        subject="Confirmez votre message",
    ),
    words(
        "somebody answers",
        "",
        "",
        "Bonjour, mon adresse n’existe pas encore, 550 5.1.1 user unknown !",
        sender="{A}",
        subject="Re: La lettre",
    ),
    words(
        "somebody quotes a failure",
        "",
        "",
        "> 550 5.1.1 user unknown",
        sender="Zoé <{A}>",
        subject="Fwd: Undelivered Mail Returned to Sender",
    ),
    words("encoded holiday", "", "", "absente", sender="{A}", subject="=?utf-8?q?R=C3=A9ponse_automatique?="),
    words(
        "read receipt",
        "",
        "",
        "Lu",
        sender="{A}",
        subject="Lu : La lettre",
        headers="Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n",
    ),
    words("empty", "", "", "", sender="", subject=""),
]
