"""Headers of a copy: those of a list (the same for everybody on it), and those of a person.

RFC 5322 (message), 2369 and 2919 (lists), 8058 (leaving in one click), 3834 (what answers by itself).
"""

from __future__ import annotations

from email.utils import parseaddr
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from ..bounces.verp import unsubscribe_address
from ..enums import Visibility
from ..models import MailingList
from . import tokens
from .mime import header, phrase
from .tokens import Purpose


class Sender(NamedTuple):
    """In whose name a list's letters go."""

    name: str
    address: str
    reply_to: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def sender_of(one: MailingList) -> Sender:
    """The list's own sender; the portal's address, under the list's name, where it has none."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Sender(one.sender_name or one.name or name, one.sender_address or address, one.reply_to)


def list_headers(one: MailingList, *, subject: str, campaign: str) -> dict[str, str]:
    """What is the same for everybody who gets the letter by ``one``. ``campaign``: its number, for Feedback-ID.

    Values are not folded; names within them are encoded, the subject is not.
    """
    sender = sender_of(one)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    found = {
        "Subject": subject,
        "From": f"{phrase(sender.name)} <{sender.address}>" if sender.name else sender.address,
        # RFC 2919: a phrase, then the label within a domain that we hold.
        "List-Id": f"{phrase(one.name)} <{one.slug}.listes.{host}>",
        "List-Help": f"<{settings.SITE_URL}{reverse('newsletters:subscribe')}>",
        "List-Owner": f"<mailto:{sender.reply_to or sender.address}>",
        "List-Post": "NO",
        "Precedence": "bulk",
        "Feedback-ID": f"{campaign}:{one.pk}:lettre:{host}",
        "Content-Language": "fr",
        # Holiday answers go nowhere (Exchange); RFC 3834 is for what answers by itself, which a letter does not.
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if one.visibility == Visibility.PUBLIC:
        found["List-Subscribe"] = f"<{settings.SITE_URL}{reverse('newsletters:subscribe')}?liste={one.slug}>"
        found["List-Archive"] = f"<{archive_url(one)}>"
    if sender.reply_to:
        found["Reply-To"] = sender.reply_to
    return found


def archive_url(one: MailingList) -> str:
    """Where the list's letters may be read again: the archive of a public list."""
    return settings.SITE_URL + reverse("newsletters:list_archive", args=[one.slug])


def unsubscribe_url(subscription: int, delivery: int) -> str:
    """The address that leaves: a POST acts at once (RFC 8058), a GET shows a button."""
    token = tokens.make(Purpose.UNSUBSCRIBE, subscription, delivery)
    return f"{settings.SITE_URL}{reverse('newsletters:leave', args=[token])}"


def preferences_url(subscription: int, delivery: int) -> str:
    token = tokens.make(Purpose.PREFERENCES, subscription, delivery)
    return f"{settings.SITE_URL}{reverse('newsletters:preferences', args=[token])}"


def person_headers(subscription: int, delivery: int) -> dict[str, str]:
    """What differs from one person to the next, but To and Message-ID."""
    ways = [f"<{unsubscribe_url(subscription, delivery)}>"]
    if mailto := unsubscribe_address(delivery, subscription):
        ways.append(f"<mailto:{mailto}?subject=desabonnement>")
    return {"List-Unsubscribe": ", ".join(ways), "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def encoded(headers: dict[str, str]) -> bytes:
    """Header lines, folded and encoded."""
    return b"".join(header(name, value) for name, value in headers.items() if value)
