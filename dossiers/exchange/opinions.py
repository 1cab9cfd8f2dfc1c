"""Avis: a question to somebody, who sees this dossier alone; the answer, the reminders, the end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.core.ratelimit import over_limit
from portal.files.models import StoredFile

from ..access import Rights, lock
from ..enums import OPEN, EventKind, OpinionState, OpinionView, Side
from ..journal import record
from ..models import Dossier, DossierInvitation, Opinion, OpinionFile, Reminder
from ..rules import DossierConflict, DossierRefused, where
from . import attachments, tasks
from .deadlines import due_moment, local_day
from .writing import identifier, plain_text

MOST_AT_ONCE: Final = 20
LONGEST_DELAY: Final = timedelta(days=366)
LONGEST_QUESTION: Final = 5_000  # characters
ASKED_A_DAY: Final = 200


@transaction.atomic
def ask(
    *,
    dossier: Dossier,
    actor: User,
    emails: Iterable[str],
    question: str,
    due_on: date,
    confidential: bool = True,
    key: str = "",
) -> list[Opinion]:
    """Ask each of ``emails`` for an avis before the end of ``due_on``. With an account or without one: whoever confirms
    the address opens this dossier, and nothing else.

    Side effects: rows, an event each, whose listeners tell who has an account; a mail to who has none, by a task on
    commit. ``key``: what the form carried. Raises Http404, :class:`DossierRefused` beside ``emails``, ``question``,
    ``due_on``, and :class:`DossierConflict` where the dossier is closed.
    """
    found, rights = lock(dossier, actor)
    if not rights.instructs:
        raise Http404
    if found.state not in OPEN:
        raise DossierConflict(where(found.state))
    addresses = _addresses(emails)
    made = {each: identifier(actor.pk, found.pk, each, key=key) for each in addresses}
    if key and (done := list(Opinion.objects.filter(pk__in=made.values()).order_by("email"))):
        return done
    text = plain_text(question, field="question", most=LONGEST_QUESTION)
    if not text:
        raise DossierRefused("question", "Posez votre question.", "question")
    _check_due(found, due_on)
    people = {each: _check_address(found, each) for each in addresses}
    for _ in addresses:
        if over_limit(str(actor.pk), "dossier-opinion", ASKED_A_DAY, 86_400):
            raise DossierRefused("many", "Vous avez demandé beaucoup d’avis aujourd’hui. Continuez demain.", "emails")
    asked = [
        Opinion.objects.create(
            id=made[address],
            dossier=found,
            advisor=person,
            email=address,
            question=text,
            due_on=due_on,
            due_at=due_moment(found.territory, due_on),
            confidential=confidential,
            asked_by=actor,
            mail_due_at=None if person else timezone.now(),
        )
        for address, person in people.items()
    ]
    for opinion in asked:
        data = {"opinion": str(opinion.pk), "due_on": due_on.isoformat(), "confidential": confidential}
        record(found, EventKind.OPINION_ASKED, actor=actor, side=Side.INSTRUCTION, data=data)
    if any(opinion.advisor_id is None for opinion in asked):
        transaction.on_commit(tasks.send_opinion_mails.enqueue, robust=True)
    return asked


@transaction.atomic
def give(
    *,
    opinion: Opinion,
    actor: User,
    view: str,
    text: str,
    files: Iterable[StoredFile | uuid.UUID | str] = (),
) -> Opinion:
    """Give the avis that one is asked for. Given, it is not changed; the same sent twice is given once.

    Side effects: an event, whose listeners tell who instructs. Raises Http404 where it is not theirs or is revoked,
    :class:`DossierRefused` beside ``view``, ``text``, ``files``, :class:`DossierConflict` where it is given already
    with another content, or the dossier is closed.
    """
    dossier, found = _locked(opinion, actor)
    if found.advisor_id != actor.pk or found.state == OpinionState.REVOKED:
        raise Http404
    words = plain_text(text, field="text")
    if found.state == OpinionState.GIVEN:
        if (found.view, found.text) == (view, words):
            return found
        raise DossierConflict("Vous avez déjà rendu cet avis : il ne se modifie plus.")
    if dossier.state not in OPEN:
        raise DossierConflict(where(dossier.state))
    if view not in OpinionView.values:
        raise DossierRefused("view", "Choisissez le sens de votre avis.", "view")
    if not words:
        raise DossierRefused("text", "Rédigez votre avis.", "text")
    kept = attachments.keep(actor, files)
    found.state, found.view, found.text, found.given_at = OpinionState.GIVEN, view, words, timezone.now()
    found.save(update_fields=["state", "view", "text", "given_at"])
    OpinionFile.objects.bulk_create(OpinionFile(opinion=found, file=each) for each in kept)
    data = {"opinion": str(found.pk), "view": view, "files": len(kept)}
    record(dossier, EventKind.OPINION_GIVEN, actor=actor, side=Side.OPINION, data=data)
    return found


@transaction.atomic
def revoke(*, opinion: Opinion, actor: User) -> Opinion:
    """Take the question back: the person sees the dossier no more. Revoked twice is revoked.

    Side effects: an event. Raises Http404, and :class:`DossierConflict` once it is given.
    """
    dossier, found = _locked(opinion, actor, instructs=True)
    if found.state == OpinionState.REVOKED:
        return found
    if found.state == OpinionState.GIVEN:
        raise DossierConflict("Cet avis est rendu : il reste au dossier.")
    found.state, found.revoked_at, found.mail_due_at = OpinionState.REVOKED, timezone.now(), None
    found.save(update_fields=["state", "revoked_at", "mail_due_at"])
    data = {"opinion": str(found.pk)}
    record(dossier, EventKind.OPINION_REVOKED, actor=actor, side=Side.INSTRUCTION, data=data)
    return found


@transaction.atomic
def remind(*, opinion: Opinion, actor: User) -> Opinion:
    """Remind the person of the question, by hand: once a day.

    Side effects: a notice, or the mail again to who has no account. Raises Http404, :class:`DossierRefused`
    (``reminded``) a second time in a day, :class:`DossierConflict` where nothing is waited for.
    """
    dossier, found = _locked(opinion, actor, instructs=True)
    if found.state != OpinionState.ASKED or dossier.state not in OPEN:
        raise DossierConflict("Cet avis n’est plus attendu.")
    kind = f"relance {local_day(dossier.territory):%Y-%m-%d}"
    _, new = Reminder.objects.get_or_create(subject=found.pk, kind=kind)
    if not new:
        raise DossierRefused("reminded", "Cette personne a déjà été relancée aujourd’hui.")
    send_reminder(found, kind)
    return found


def send_reminder(opinion: Opinion, kind: str) -> None:
    """Tell the person again. Needs an open transaction, in which the reminder's row was made."""
    from .notices import tell_reminder_of_opinion

    if opinion.advisor_id is not None:
        tell_reminder_of_opinion(opinion, kind)
        return
    Opinion.objects.filter(pk=opinion.pk).update(mail_due_at=timezone.now())
    transaction.on_commit(tasks.send_opinion_mails.enqueue, robust=True)


def take_up(user: User) -> int:
    """Make ``user`` the advisor of what is asked of their confirmed addresses. Returns how many."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    addresses = [each.lower() for each in confirmed]
    if not addresses:
        return 0
    waiting = Opinion.objects.filter(advisor=None, email__in=addresses, state=OpinionState.ASKED)
    return waiting.update(advisor=user, mail_due_at=None)


def shown_to(user: Any, dossier: Dossier, rights: Rights) -> QuerySet[Opinion]:
    """The avis on ``dossier`` that ``user`` reads: all for who instructs; one's own, and those of others that are given
    and not confidential, for an advisor; none of others for anybody of the organisation."""
    every = Opinion.objects.filter(dossier=dossier).select_related("advisor", "asked_by")
    every = every.prefetch_related("attachments__file").order_by("asked_at", "pk")
    if rights.instructs:
        return every
    seen = Q(advisor_id=user.pk) & ~Q(state=OpinionState.REVOKED)
    if rights.advises and not rights.of_organisation:
        seen |= Q(confidential=False, state=OpinionState.GIVEN)
    return every.filter(seen) if rights.advises else every.none()


def asked_of(user: Any) -> QuerySet[Opinion]:
    """What ``user`` is asked, or gave: their list. Dossiers of the bin are left out."""
    kept = Dossier.objects.kept().deposited()
    return (
        Opinion.objects.exclude(state=OpinionState.REVOKED)
        .filter(advisor_id=user.pk, dossier__in=kept.order_by().values("pk"))
        .select_related("advisor", "dossier__type", "dossier__organisation", "dossier__territory", "asked_by")
        .prefetch_related("attachments__file")
    )


def _locked(opinion: Opinion, actor: User, *, instructs: bool = False) -> tuple[Dossier, Opinion]:
    """The dossier, then the avis, both locked. Raises Http404 where ``actor`` does not see them."""
    dossier, rights = lock(opinion.dossier_id, actor)
    found = Opinion.objects.select_for_update().filter(pk=opinion.pk, dossier=dossier).first()
    if found is None or (instructs and not rights.instructs):
        raise Http404
    return dossier, found


def _addresses(emails: Iterable[str]) -> list[str]:
    addresses = sorted({each.strip().lower() for each in emails if each.strip()})
    if not addresses:
        raise DossierRefused("emails", "Indiquez au moins une adresse e-mail.", "emails")
    if len(addresses) > MOST_AT_ONCE:
        raise DossierRefused("emails", f"Demandez au plus {MOST_AT_ONCE} avis à la fois.", "emails")
    for each in addresses:
        try:
            validate_email(each)
        except ValidationError:
            told = f"« {each[:100]} » n’est pas une adresse e-mail : par exemple nom@domaine.fr."
            raise DossierRefused("emails", told, "emails") from None
        if len(each) > 254:
            raise DossierRefused("emails", "Une adresse e-mail est trop longue.", "emails")
    return addresses


def _check_due(dossier: Dossier, due_on: date) -> None:
    today = local_day(dossier.territory)
    if due_on < today:
        raise DossierRefused("due", "Cette date est passée.", "due_on")
    if due_on > today + LONGEST_DELAY:
        raise DossierRefused("due", "La date est dans un an au plus.", "due_on")


def _check_address(dossier: Dossier, address: str) -> User | None:
    """The person of a confirmed address; None where it has no account yet.

    Raises :class:`DossierRefused` for an account that is disabled, a question that waits already, and anybody of the
    organisation's side: what instruction asks is not for them.
    """
    if Opinion.objects.filter(dossier=dossier, email=address, state=OpinionState.ASKED).exists():
        raise DossierRefused("asked", f"Un avis est déjà demandé à {address}.", "emails")
    known = (
        EmailAddress.objects.select_related("user").filter(email__iexact=address).order_by("-verified", "pk").first()
    )
    person = known.user if known is not None else User.objects.filter(email__iexact=address).first()
    guests = DossierInvitation.objects.filter(dossier=dossier, revoked_at=None, expires_at__gt=timezone.now())
    of_organisation = guests.filter(Q(email__iexact=address) | Q(user=person, user__isnull=False)).exists()
    if person is not None:
        if not person.is_active:
            raise DossierRefused("disabled", f"Le compte de {address} est désactivé.", "emails")
        members = Membership.objects.valid().filter(user=person, organisation=dossier.organisation_id)
        of_organisation = of_organisation or members.exists()
    if of_organisation:
        raise DossierRefused("side", f"{address} suit ce dossier du côté de l’organisation.", "emails")
    return person if known is not None and known.verified else None
