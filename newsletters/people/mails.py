"""The messages to one subscriber, in text and HTML."""

from __future__ import annotations

import datetime as dt
import uuid
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from ..enums import MailKind
from ..models import AddressChange, PersonalMail, Subscription
from ..selectors import is_blocked
from ..sending.headers import preferences_url, sender_of, unsubscribe_url
from .tokens import change_token, fresh_token, stay_token

Message = EmailMultiAlternatives | None


def compose(mail: PersonalMail, now: dt.datetime) -> Message:
    """The message of a row of the ledger, or None where it has lost its sense. A few queries."""
    write = {MailKind.WELCOME: _welcome, MailKind.STAY: _stay, MailKind.LINK: _link, MailKind.CHANGE: _change}
    return write[MailKind(mail.kind)](mail)


def _welcome(mail: PersonalMail) -> Message:
    """In the list's name, with the way out."""
    held = mail.subscription
    if held is None or held.state != "active" or not held.list.welcome_enabled or held.list.archived_at:
        return None
    if is_blocked(mail.subscriber.address):
        return None
    one = held.list
    leave = unsubscribe_url(held.pk, 0)
    sender = sender_of(one)
    message = _message(
        mail,
        one.welcome_subject,
        {
            "paragraphs": [part.strip() for part in one.welcome_text.replace("\r\n", "\n").split("\n\n")],
            "reason": f"Vous recevez ce message parce que vous êtes abonné à « {one.name} ».",
            "links": [
                ("Gérer mes préférences", preferences_url(held.pk, 0)),
                ("Me désabonner", leave),
            ],
        },
        sender=formataddr((sender.name, sender.address)),
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
    )
    if sender.reply_to:
        message.reply_to = [sender.reply_to]
    return message


def _stay(mail: PersonalMail) -> Message:
    """The question after three years; whoever gave a sign since is not asked any more."""
    person = mail.subscriber
    if person.asked_at is None or person.last_contact_at >= person.asked_at or is_blocked(person.address):
        return None
    held = Subscription.objects.active().filter(subscriber=person).select_related("list").order_by("list__name", "pk")
    names = [one.list.name for one in held]
    if not names:
        return None
    first = held[0]
    leave = unsubscribe_url(first.pk, 0)
    return _message(
        mail,
        "Souhaitez-vous continuer à recevoir nos lettres ?",
        {
            "paragraphs": [
                "Voilà trois ans que nous n’avons pas eu de vos nouvelles. Souhaitez-vous rester abonné à ces lettres ?"
            ],
            "lines": names,
            "button": ("Je reste", absolute("stay", stay_token(person))),
            "after": ["Sans réponse d’ici un mois, nous effacerons votre adresse et vous ne recevrez plus rien."],
            "links": [("Gérer mes préférences", preferences_url(first.pk, 0))],
        },
        headers={"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        if len(names) == 1
        else {},
    )


def _link(mail: PersonalMail) -> Message:
    person = mail.subscriber
    return _message(
        mail,
        "Vos préférences d’abonnement",
        {
            "paragraphs": ["Quelqu’un, vous sans doute, a demandé le lien vers vos préférences d’abonnement."],
            "button": ("Ouvrir mes préférences", absolute("preferences", fresh_token(person))),
            "after": [
                "Le lien vaut deux jours. Il permet aussi d’effacer vos données : ne le transmettez à personne. "
                "Si vous n’avez rien demandé, ne faites rien."
            ],
        },
    )


def _change(mail: PersonalMail) -> Message:
    """To the new address; the old one is not in it."""
    change = AddressChange.objects.filter(pk=uuid.UUID(mail.moment)).first()
    if change is None or not change.is_usable or is_blocked(change.address):
        return None
    until = date_format(timezone.localtime(change.expires_at), "j F Y à H:i")
    return _message(
        mail,
        "Confirmez votre nouvelle adresse",
        {
            "paragraphs": ["Quelqu’un, vous sans doute, a demandé à recevoir ses lettres à cette adresse."],
            "button": ("Confirmer cette adresse", absolute("change_address", change_token(change))),
            "after": [f"Le lien vaut jusqu’au {until}. Si vous n’avez rien demandé, ne faites rien."],
        },
        to=change.address,
    )


def _message(
    mail: PersonalMail,
    subject: str,
    context: dict[str, Any],
    *,
    to: str = "",
    sender: str | None = None,
    headers: dict[str, str] | None = None,
) -> EmailMultiAlternatives:
    filled = {"lines": [], "button": None, "after": [], "links": [], "reason": ""} | context
    filled |= {"subject": subject, "site_url": settings.SITE_URL}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"personal-mail:{settings.SITE_URL}:{mail.pk}:{mail.kind}")
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("newsletters/mail/personal.txt", filled),
        from_email=sender,
        to=[to or mail.subscriber.address],
        headers={
            "Auto-Submitted": "auto-generated",
            "Content-Language": "fr",
            "Message-ID": f"<{name}@{domain}>",
            **(headers or {}),
        },
    )
    message.attach_alternative(render_to_string("newsletters/mail/personal.html", filled), "text/html")
    return message


def absolute(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(f"newsletters:{name}", args=[token])
