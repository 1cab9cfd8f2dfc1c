"""People let in on one dossier, from the organisation's side, by an invitation to their address."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.core.ratelimit import over_limit

from ..access import lock
from ..enums import EventKind, InvitationRight, Side
from ..exchange.deadlines import due_moment, local_day
from ..exchange.writing import plain_text
from ..journal import record
from ..models import Dossier, DossierInvitation
from ..rules import DossierRefused
from .keys import done_before, keep

MOST = 50
MAILS_A_DAY = 100
USUAL, LONGEST = timedelta(days=30), timedelta(days=366)
LONGEST_MESSAGE = 1000
#: Sent again sooner, the first is still on its way.
RESEND_AFTER = timedelta(minutes=5)


@transaction.atomic
def invite(
    *, dossier: Dossier, actor: User, email: str, right: str, until: date, message: str = "", key: str = ""
) -> DossierInvitation:
    """Let whoever confirms ``email`` in on ``dossier``, with ``right``, to the end of the day ``until``.

    The answer says nothing of whether the address has an account. One that expired is replaced. ``key``: what the form
    carried. Side effects: a row, an event, a mail by a task on commit. Raises Http404 to who does not deposit for the
    organisation, :class:`DossierRefused` beside ``email``, ``right``, ``until``, ``message``, and ``many``.
    """
    locked = _shared_by(dossier, actor)
    address = _address(email)
    open_ones = DossierInvitation.objects.filter(dossier=locked, revoked_at=None)
    found = open_ones.filter(email=address).first()
    if done_before(actor, key, locked, EventKind.INVITED):
        if found is None:
            raise Http404
        return found
    if right not in InvitationRight.values:
        raise DossierRefused("right", "Choisissez ce que cette personne pourra faire.", "right")
    expires_at = _until(locked, until)
    text = plain_text(message, field="message", most=LONGEST_MESSAGE)
    if Membership.objects.valid().filter(organisation=locked.organisation_id, user__email__iexact=address).exists():
        raise DossierRefused("member", f"{address} est déjà de votre organisation.", "email")
    now = timezone.now()
    if found is not None and found.expires_at > now:
        raise DossierRefused("invited", f"{address} est déjà invitée : renvoyez ou annulez son invitation.", "email")
    if found is not None:
        found.revoked_at, found.mail_due_at = now, None
        found.save(update_fields=["revoked_at", "mail_due_at"])
    if open_ones.filter(expires_at__gt=now).count() >= MOST:
        raise DossierRefused("many", f"{MOST} personnes au plus sont invitées sur un dossier : annulez-en d’abord.")
    _count_mail(actor)
    made = DossierInvitation.objects.create(
        dossier=locked,
        email=address,
        right=right,
        message=text,
        invited_by=actor,
        expires_at=expires_at,
        mail_due_at=now,
    )
    _record(locked, EventKind.INVITED, actor, made)
    keep(actor, key, locked, EventKind.INVITED)
    _send_soon()
    return made


@transaction.atomic
def resend(*, invitation: DossierInvitation, actor: User) -> DossierInvitation:
    """Send the mail of one that nobody accepted again; an expired one counts as long as a new one.

    Raises Http404, :class:`DossierRefused` (``over``: accepted or revoked; ``soon``; ``many``).
    """
    locked = _shared_by(invitation.dossier, actor)
    found = _locked(invitation, locked)
    now = timezone.now()
    if found.accepted_at is not None or found.revoked_at is not None:
        raise DossierRefused("over", "Cette invitation est acceptée ou annulée : elle ne se renvoie plus.")
    if over_limit(str(found.pk), "dossier-invitation", 1, int(RESEND_AFTER.total_seconds())):
        raise DossierRefused("soon", "Cette invitation vient d’être renvoyée : attendez quelques minutes.")
    _count_mail(actor)
    if found.expires_at <= now:
        found.expires_at = due_moment(locked.territory, local_day(locked.territory) + USUAL)
    found.mail_due_at = now
    found.save(update_fields=["expires_at", "mail_due_at"])
    _send_soon()
    return found


@transaction.atomic
def accept(*, invitation: DossierInvitation, actor: User) -> DossierInvitation:
    """Take up an invitation made to one of ``actor``'s confirmed addresses. Accepted twice is accepted.

    Side effects: an event, whose listener tells who invited. Raises Http404 where the dossier is gone or the address is
    not theirs, :class:`DossierRefused` (``over``) where it was revoked, expired, or somebody else took it up.
    """
    locked = Dossier.objects.kept().select_for_update().filter(pk=invitation.dossier_id).first()
    if locked is None or not is_addressed_to(invitation, actor):
        raise Http404
    found = _locked(invitation, locked)
    if found.revoked_at is not None:
        raise DossierRefused("over", "Cette invitation a été annulée par l’organisation.")
    if found.expires_at <= timezone.now():
        raise DossierRefused("over", "Cette invitation a expiré : demandez-en une autre à l’organisation.")
    if found.accepted_at is not None:
        if found.user_id != actor.pk:
            raise DossierRefused("over", "Cette invitation a déjà servi avec un autre compte.")
        return found
    found.user, found.accepted_at, found.mail_due_at = actor, timezone.now(), None
    found.save(update_fields=["user", "accepted_at", "mail_due_at"])
    _record(locked, EventKind.JOINED, actor, found)
    return found


@transaction.atomic
def revoke(*, invitation: DossierInvitation, actor: User) -> DossierInvitation:
    """Make it worthless at once: by who deposits for the organisation, or by the person invited, who leaves.

    Revoked twice is revoked. Side effects: an event. Raises Http404.
    """
    locked, rights = lock(invitation.dossier, actor)
    found = _locked(invitation, locked)
    if not rights.deposits and found.user_id != actor.pk:
        raise Http404
    if found.revoked_at is None:
        found.revoked_at, found.mail_due_at = timezone.now(), None
        found.save(update_fields=["revoked_at", "mail_due_at"])
        _record(locked, EventKind.UNINVITED, actor, found)
    return found


def is_addressed_to(invitation: DossierInvitation, user: User) -> bool:
    """Whether its address is one that ``user`` confirmed. One query."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email)
    return user.is_active and confirmed.exists()


def _shared_by(dossier: Dossier, actor: User) -> Dossier:
    locked, rights = lock(dossier, actor)
    if not rights.deposits:
        raise Http404
    return locked


def _locked(invitation: DossierInvitation, dossier: Dossier) -> DossierInvitation:
    found = DossierInvitation.objects.select_for_update().filter(pk=invitation.pk, dossier=dossier).first()
    if found is None:
        raise Http404
    return found


def _address(email: str) -> str:
    address = email.replace("\x00", "").strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise DossierRefused("email", "Indiquez une adresse e-mail, par exemple nom@domaine.fr.", "email") from None
    if len(address) > 254:
        raise DossierRefused("email", "Cette adresse e-mail est trop longue.", "email")
    return address


def _until(dossier: Dossier, until: date) -> datetime:
    today = local_day(dossier.territory)
    if until < today:
        raise DossierRefused("until", "Cette date est passée.", "until")
    if until > today + LONGEST:
        raise DossierRefused("until", "Une invitation vaut un an au plus.", "until")
    return due_moment(dossier.territory, until)


def _count_mail(actor: User) -> None:
    if over_limit(str(actor.pk), "dossier-invitations", MAILS_A_DAY, 86_400):
        raise DossierRefused("many", "Vous avez envoyé beaucoup d’invitations aujourd’hui : continuez demain.")


def _record(dossier: Dossier, kind: EventKind, actor: User, invitation: DossierInvitation) -> None:
    """The address is not in the log, which nobody can erase: the row has it."""
    data = {"invitation": str(invitation.pk), "right": invitation.right}
    record(dossier, kind, actor=actor, side=Side.ORGANISATION, data=data)


def _send_soon() -> None:
    from ..sharing.tasks import send_invitation_mails

    transaction.on_commit(send_invitation_mails.enqueue, robust=True)
