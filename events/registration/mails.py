"""The mails to who registered, in text and HTML, with the calendar file that goes with each."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from ..enums import REMINDERS, Attending, EventMailKind, RegistrationState, Status
from ..ical.itip import attach, cancel_bytes, request_bytes
from ..models import EventMail, EventPage, Occurrence, Registration
from ..services import event_url
from ..templatetags.events_tags import in_zone
from .selectors import place_in_line
from .tokens import registration_url

_K = EventMailKind
_REQUESTED = (_K.CONFIRMED, _K.MODIFIED, _K.OCCURRENCE_MOVED)
_CANCELLED = (_K.WITHDRAWN, _K.REFUSED, _K.OCCURRENCE_CANCELLED, _K.OFFER_EXPIRED)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass
class Letter:
    """What one mail says: subject, sentences, and what the button does."""

    subject: str
    paragraphs: list[str]
    action: str = "Voir ou modifier mon inscription"
    links: list[tuple[str, str]] = field(default_factory=list)


def compose(mail: EventMail) -> EmailMultiAlternatives:
    """The mail of a row of the ledger. The same row makes the same ``Message-ID``."""
    registration, occurrence = mail.registration, mail.occurrence
    registration.occurrence = occurrence
    page = occurrence.page
    kind = EventMailKind(mail.kind)
    letter = _letter(mail, kind, page)
    confirmed = registration.state == RegistrationState.CONFIRMED
    shows_link = confirmed and registration.attending == Attending.ONLINE and kind in (*_REQUESTED, *REMINDERS[:3])
    context = {
        "letter": letter,
        "name": registration.name,
        "occurrence": occurrence,
        "facts": _facts(occurrence, registration, join=shows_link),
        "manage_url": registration_url(registration),
        "event_url": event_url(page),
        "needs_contact": page.needs_contact,
        "portal_name": settings.WAGTAIL_SITE_NAME,
        "portal_url": settings.SITE_URL,
    }
    message = EmailMultiAlternatives(
        subject=_one_line(letter.subject),
        body=render_to_string("events/mail/letter.txt", context),
        to=[registration.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr", "Message-ID": _message_id(mail)},
        reply_to=_reply_to(page),
    )
    message.attach_alternative(render_to_string("events/mail/letter.html", context), "text/html")
    if kind in _REQUESTED and confirmed:
        attach(message, request_bytes(registration), "REQUEST")
    elif kind in _CANCELLED:
        attach(message, cancel_bytes(registration), "CANCEL")
    return message


def _one_line(text: str) -> str:
    """A header's value: no line end, whatever somebody named their event."""
    return " ".join(text.split())[:200]


def _reply_to(page: EventPage) -> list[str] | None:
    """Who answers: the address given for particular needs, if there is one."""
    found = _ADDRESS.search(page.needs_contact)
    return [found[0]] if found else None


def _message_id(mail: EventMail) -> str:
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"event-mail:{mail.pk}:{mail.registration_id}:{mail.kind}:{mail.moment}")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{name}@{domain}>"


def _facts(occurrence: Occurrence, registration: Registration, *, join: bool) -> list[tuple[str, str]]:
    """When, where, how: (label, value)."""
    facts = [("Quand", _capital(occurrence.when_and_zone))]
    if registration.attending == Attending.ONLINE:
        facts.append(("Participation", "En ligne"))
        if join and occurrence.join_url:
            facts.append(("Lien de connexion", occurrence.join_url))
    elif occurrence.place_text:
        facts.append(("Où", occurrence.place_text))
        if occurrence.venue and occurrence.venue.access_notes:
            facts.append(("Pour venir", occurrence.venue.access_notes))
    if occurrence.note and occurrence.status not in (Status.ANNULE, Status.REPORTE):
        facts.append(("À noter", occurrence.note))
    return facts


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _letter(mail: EventMail, kind: EventMailKind, page: EventPage) -> Letter:
    occurrence = mail.occurrence
    title = f"« {occurrence.shown_title} »"
    makers: dict[EventMailKind, Any] = {
        _K.MODIFIED: lambda: Letter(f"Inscription modifiée : {title}", ["Votre inscription est modifiée."]),
        _K.PENDING: lambda: Letter(
            f"Demande reçue : {title}",
            ["Votre demande d’inscription est arrivée. L’organisateur la lit : un message vous dira sa réponse."],
        ),
        _K.WAITING: lambda: Letter(
            f"Liste d’attente : {title}",
            [
                f"Il n’y a plus de place : vous êtes sur la liste d’attente{_place_in_line(mail.registration)}.",
                "Si une place se libère, elle vous est proposée par un message. Rien n’est à faire d’ici là.",
            ],
        ),
        _K.OFFER: lambda: Letter(
            f"Une place se libère : {title}",
            [
                "Une place s’est libérée, elle vous est proposée.",
                f"Elle vous est gardée jusqu’au {_deadline(mail)}. Ensuite, elle est proposée à une autre personne.",
            ],
            action="Accepter ou laisser la place",
        ),
        _K.OFFER_EXPIRED: lambda: Letter(
            f"La place proposée n’est plus gardée : {title}",
            ["Nous n’avons pas eu de réponse à temps : la place a été proposée à une autre personne."],
        ),
        _K.REFUSED: lambda: Letter(
            f"Votre inscription n’est pas retenue : {title}",
            ["L’organisateur n’a pas retenu votre inscription.", f"Sa raison : {mail.registration.reason}"],
        ),
        _K.WITHDRAWN: lambda: Letter(
            f"Inscription annulée : {title}", ["Votre inscription est annulée. Merci d’avoir prévenu."]
        ),
        _K.OCCURRENCE_MOVED: lambda: Letter(
            f"Changement : {title}", ["Un changement concerne votre inscription.", *mail.context.get("changes", [])]
        ),
        _K.OCCURRENCE_CANCELLED: lambda: _called_off(occurrence, page, title),
        _K.WEEK_BEFORE: lambda: Letter(f"Dans une semaine : {title}", ["Votre rendez-vous est dans une semaine."]),
        _K.DAY_BEFORE: lambda: Letter(f"Demain : {title}", ["Votre rendez-vous est demain."]),
        _K.HOUR_BEFORE: lambda: Letter(f"Dans une heure : {title}", ["Votre rendez-vous est dans une heure."]),
        _K.AFTERWARDS: lambda: _afterwards(page, title),
        _K.MESSAGE: lambda: Letter(
            mail.context.get("subject", title), re.split(r"\s*\n\s*\n\s*", mail.context.get("text", "").strip())
        ),
        _K.CERTIFICATE: lambda: Letter(
            f"Votre attestation : {title}",
            ["Votre attestation de présence est prête : vous la trouvez sur la page de votre inscription."],
            action="Télécharger mon attestation",
        ),
    }
    if kind == _K.CONFIRMED:
        return Letter(
            f"Inscription confirmée : {title}",
            ["Votre inscription est confirmée. Le fichier joint l’ajoute à votre agenda."],
        )
    letter: Letter = makers[kind]()
    return letter


def _deadline(mail: EventMail) -> str:
    """Until when a seat is kept, on the clocks of where the event is held."""
    return in_zone(mail.registration.offer_expires_at, mail.occurrence.time_zone)


def _place_in_line(registration: Registration) -> str:
    """« , en 3e position »; nothing once no longer in line. One query."""
    place = place_in_line(registration)
    return f", en {'1re' if place == 1 else f'{place}e'} position" if place else ""


def _called_off(occurrence: Occurrence, page: EventPage, title: str) -> Letter:
    postponed = occurrence.status == "reporte"
    said = [f"Ce rendez-vous {'est reporté' if postponed else 'est annulé'}."]
    if reason := occurrence.note or page.status_reason:
        said.append(f"La raison : {reason}")
    if postponed:
        said.append("La nouvelle date n’est pas encore connue : vous en serez averti.")
    letter = Letter(f"{'Reporté' if postponed else 'Annulé'} : {title}", said)
    if (instead := page.shown_replacement) is not None:
        letter.links.append((f"Il est remplacé par : {instead.title}", event_url(instead)))
    return letter


def _afterwards(page: EventPage, title: str) -> Letter:
    letter = Letter(f"Merci d’être venu : {title}", ["Merci de votre participation."])
    letter.links += [(label, url) for label, url in _after_links(page) if url]
    if letter.links:
        letter.paragraphs.append("Vous trouvez ci-dessous de quoi revoir ou approfondir.")
    return letter


def _after_links(page: EventPage) -> list[tuple[str, str]]:
    def document(found: Any) -> str:
        return f"{settings.SITE_URL}{found.url}" if found is not None else ""

    return [
        ("Voir le replay", page.replay_url),
        ("Support de présentation", document(page.slides)),
        ("Compte rendu", document(page.minutes)),
    ]
