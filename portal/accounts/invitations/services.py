"""Inviting, sending again, revoking, accepting. Each checks the actor's rights anew, and is logged."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from portal.core.ratelimit import over_limit
from portal.territories.models import Territory

from ..abilities import get_abilities
from ..models import Invitation, Membership, Organisation, User
from ..services import GrantError, check_shape, grant_membership
from .mails import compose

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
#: How many mails of invitation one person has sent in a day, at most.
MAILS_A_DAY = 200
#: Sent again sooner, the first is still on its way.
RESEND_AFTER = dt.timedelta(minutes=5)
LONGEST_MESSAGE = 1000
#: How long an invitation that no longer serves stays in the list; the log says afterwards who invited to what.
INVITATION_KEPT = dt.timedelta(days=365)


class InvitationError(Exception):
    """It cannot be done; the message is French, for the person who tried. ``field`` names what is wrong, or ""."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Offer:
    """What is offered where, its shape checked."""

    role: str
    territory: Territory | None
    organisation: Organisation | None


def validity() -> dt.timedelta:
    return dt.timedelta(days=settings.INVITATION_DAYS)


@transaction.atomic
def invite(
    *,
    actor: User,
    email: str,
    role: str,
    territory: Territory | None = None,
    organisation: Organisation | None = None,
    message: str = "",
) -> Invitation:
    """Offer a role to an address, whether it has an account or not; a mail carries the link.

    One that has expired is renewed, in the actor's name. Side effects: a log row; the mail, by a task on commit.
    Raises :class:`InvitationError` when the actor may not give this role there, when one waits already or the person
    holds the role, for a disabled account, a bad address, too many mails.
    """
    address = _checked_address(email)
    offer = _checked_offer(actor, role, territory, organisation)
    _check_account(address, offer)
    if len(message) > LONGEST_MESSAGE:
        raise InvitationError(f"Ce message dépasse {LONGEST_MESSAGE} caractères.", "message")
    same = Invitation.objects.select_for_update().open()
    found = same.filter(email=address, role=role, territory=territory, organisation=organisation).first()
    now = timezone.now()
    if found is not None and found.expires_at > now:
        raise InvitationError("Une invitation attend déjà cette personne pour ce rôle : renvoyez-la.", "email")
    _count_mail(actor)
    if found is None:
        found = _create(actor, address, offer, message.strip(), now)
    else:
        found.invited_by, found.message = actor, message.strip()
        found.expires_at, found.asked_at, found.leased_until = now + validity(), now, None
        found.save(update_fields=["invited_by", "message", "expires_at", "asked_at", "leased_until"])
    log(instance=found, action="accounts.invitation.send", user=actor, data=_log_data(found))
    _send_soon()
    return found


@transaction.atomic
def invite_once(*, actor: User, email: str, role: str, territory: Territory) -> Invitation:
    """As :func:`invite`; one that waits already is left as it is, so that asking twice sends one mail."""
    waiting = Invitation.objects.open().filter(
        email=email.strip().lower(), role=role, territory=territory, organisation=None, expires_at__gt=timezone.now()
    )
    found = waiting.first()
    if found is not None:
        _checked_offer(actor, role, territory, None)
        return found
    return invite(actor=actor, email=email, role=role, territory=territory)


@transaction.atomic
def resend(*, actor: User, invitation: Invitation) -> Invitation:
    """Send the mail again; the link counts for as long as a new one, in the actor's name from now on.

    Side effects and errors as for :func:`invite`; refused too right after the last one, and once accepted or revoked.
    """
    found = _locked(invitation)
    offer = _checked_offer(actor, found.role, found.territory, found.organisation)
    if not found.is_open:
        raise InvitationError(f"Cette invitation est {found.state.label.lower()} : elle ne se renvoie plus.")
    _check_account(found.email, offer)
    now = timezone.now()
    if found.expires_at > now and now - found.asked_at < RESEND_AFTER:
        raise InvitationError("Cette invitation vient d’être envoyée : attendez quelques minutes avant de la renvoyer.")
    _count_mail(actor)
    found.invited_by, found.expires_at, found.asked_at, found.leased_until = actor, now + validity(), now, None
    found.save(update_fields=["invited_by", "expires_at", "asked_at", "leased_until"])
    log(instance=found, action="accounts.invitation.resend", user=actor, data=_log_data(found))
    _send_soon()
    return found


@transaction.atomic
def revoke(*, actor: User, invitation: Invitation) -> Invitation:
    """Make the link worthless, at once. Revoked twice is revoked. Side effects: a log row.

    Raises :class:`InvitationError` when the actor may not take back this role there, and once accepted (the role itself
    is then to take back).
    """
    found = _locked(invitation)
    _checked_offer(actor, found.role, found.territory, found.organisation, alive=False)
    if found.accepted_at:
        raise InvitationError("Cette invitation est acceptée : retirez le rôle lui-même.")
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by = timezone.now(), actor
        found.save(update_fields=["revoked_at", "revoked_by"])
        log(instance=found, action="accounts.invitation.revoke", user=actor, data=_log_data(found))
    return found


@transaction.atomic
def accept(*, user: User, invitation: Invitation) -> Membership:
    """Take the role that was offered to one's own address; of two at once, one gets it.

    Side effects: the membership (given by who invited), log rows. Raises :class:`InvitationError` once accepted,
    revoked or expired, for another address, a disabled account, and when who invited may no longer give the role.
    """
    found = _locked(invitation)
    check_usable(found)
    if not user.is_active or user.email.lower() != found.email:
        raise InvitationError("Cette invitation s’adresse à une autre adresse e-mail que celle de votre compte.")
    try:
        membership = grant_membership(
            actor=found.invited_by,
            user=user,
            role=found.role,
            territory=found.territory,
            organisation=found.organisation,
        )
    except GrantError as error:
        raise InvitationError(NO_LONGER) from error
    found.accepted_at, found.accepted_by = timezone.now(), user
    found.save(update_fields=["accepted_at", "accepted_by"])
    log(instance=found, action="accounts.invitation.accept", user=user, data=_log_data(found))
    _tell_inviter(found, user)
    return membership


@transaction.atomic
def accept_with_new_account(
    *, invitation: Invitation, first_name: str, last_name: str, password: str = ""
) -> tuple[User, Membership]:
    """Make the account of the invited address and take the role. The link came by that mailbox: it is confirmed.

    Without ``password`` one signs in by links. Side effects and errors as for :func:`accept`; refused where the address
    has an account (or waits for its confirmation in one).
    """
    found = _locked(invitation)
    check_usable(found)
    if (
        User.objects.filter(email__iexact=found.email).exists()
        or EmailAddress.objects.filter(email__iexact=found.email).exists()
    ):
        raise InvitationError("Cette adresse a déjà un compte : connectez-vous pour accepter l’invitation.")
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                found.email,
                password or None,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                terms_accepted_at=timezone.now(),
            )
    except IntegrityError as error:
        raise InvitationError("Cette adresse a déjà un compte : connectez-vous pour accepter l’invitation.") from error
    EmailAddress.objects.create(user=person, email=found.email, verified=True, primary=True)
    log(instance=person, action="accounts.create", user=person)
    return person, accept(user=person, invitation=found)


NO_LONGER = (
    "La personne qui vous a invité ne peut plus donner ce rôle. Demandez une nouvelle invitation à l’équipe du "
    "territoire."
)


def check_usable(invitation: Invitation) -> None:
    """Raise :class:`InvitationError` unless it can be accepted now, by the right person. At most two queries."""
    if invitation.accepted_at:
        raise InvitationError("Cette invitation a déjà servi.")
    if invitation.revoked_at:
        raise InvitationError("Cette invitation a été annulée.")
    if invitation.expires_at <= timezone.now():
        raise InvitationError("Cette invitation a expiré.")
    if invitation.invited_by is None or not invitation.invited_by.is_active:
        raise InvitationError(NO_LONGER)
    try:
        _checked_offer(invitation.invited_by, invitation.role, invitation.territory, invitation.organisation)
    except InvitationError as error:
        raise InvitationError(NO_LONGER) from error


def send_due_invitations(now: dt.datetime | None = None) -> int:
    """Send the mails that were asked for and did not leave; returns how many. Periodic, and after each invitation.

    Each under a lease: of two processes one sends. A relay that fails leaves the row to a later run.
    """
    sent = 0
    now = now or timezone.now()
    for pk in list(Invitation.objects.to_send(now).order_by("asked_at", "pk").values_list("pk", flat=True)[:500]):
        if not Invitation.objects.to_send(now).filter(pk=pk).update(leased_until=now + LEASE):
            continue
        row = Invitation.objects.select_related("territory", "organisation", "invited_by").get(pk=pk)
        try:
            compose(row).send()
        except (OSError, AnymailError):  # Every error of smtplib, and of the connection, is the first.
            logger.warning("The mail of invitation %s could not leave: it waits.", pk)
            # Later and later: as long again as it has waited.
            Invitation.objects.filter(pk=pk).update(leased_until=now + max(LEASE, now - row.asked_at))
            continue
        Invitation.objects.filter(pk=pk).update(
            sent_at=timezone.now(), sent_count=F("sent_count") + 1, leased_until=None
        )
        sent += 1
    return sent


def forget_old_invitations(now: dt.datetime | None = None) -> int:
    """Delete those accepted, revoked or expired for ``INVITATION_KEPT``. Returns how many. Periodic."""
    before = (now or timezone.now()) - INVITATION_KEPT
    old = Q(accepted_at__lt=before) | Q(revoked_at__lt=before) | Q(accepted_at=None, expires_at__lt=before)
    return Invitation.objects.filter(old).delete()[0]


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("territory", "organisation", "invited_by").get(pk=invitation.pk)


def _checked_address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvitationError("Saisissez une adresse e-mail valide, par exemple nom@domaine.fr.", "email") from error
    if len(address) > 254:
        raise InvitationError("Cette adresse e-mail est trop longue.", "email")
    return address


def _checked_offer(
    actor: User, role: str, territory: Territory | None, organisation: Organisation | None, *, alive: bool = True
) -> Offer:
    """Raise :class:`InvitationError` unless ``actor`` may give ``role`` there, and (``alive``) it can be held."""
    try:
        check_shape(role=role, territory=territory, organisation=organisation)
    except GrantError as error:
        raise InvitationError(str(error), "role") from error
    if alive and territory is not None and territory.ended_on is not None:
        raise InvitationError(f"« {territory.label} » n’existe plus.", "territory")
    abilities = get_abilities(actor)
    places = [place for place in (territory, organisation) if place is not None]
    if not all(abilities.can_grant(role, place) for place in places):
        raise InvitationError("Vous ne pouvez pas donner ce rôle ici.", "role")
    return Offer(role, territory, organisation)


def _check_account(address: str, offer: Offer) -> None:
    person = User.objects.filter(email__iexact=address).first()
    if person is None:
        return
    if not person.is_active:
        raise InvitationError(
            "Le compte de cette adresse est désactivé : l’administration nationale peut le réactiver.", "email"
        )
    held = Membership.objects.valid().filter(
        user=person, role=offer.role, territory=offer.territory, organisation=offer.organisation
    )
    if held.exists():
        raise InvitationError("Cette personne tient déjà ce rôle ici.", "email")


def _count_mail(actor: User) -> None:
    if over_limit(str(actor.pk), "invitation", MAILS_A_DAY, 86_400):
        raise InvitationError("Vous avez envoyé beaucoup d’invitations aujourd’hui. Continuez demain.")


def _create(actor: User, address: str, offer: Offer, message: str, now: dt.datetime) -> Invitation:
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                email=address,
                role=offer.role,
                territory=offer.territory,
                organisation=offer.organisation,
                message=message,
                invited_by=actor,
                created_at=now,
                asked_at=now,
                expires_at=now + validity(),
            )
    except IntegrityError as error:  # Two at once: the second finds it when it writes.
        raise InvitationError(
            "Une invitation attend déjà cette personne pour ce rôle : renvoyez-la.", "email"
        ) from error


def _tell_inviter(invitation: Invitation, user: User) -> None:
    # Notifications import accounts' models: they are asked for when everything is loaded.
    from portal.notifications.services import notify

    context = {"person": str(user), "role": invitation.get_role_display(), "where": invitation.where}
    recipients = [invitation.invited_by] if invitation.invited_by else []
    notify(
        "network.invitation_accepted",
        recipients=recipients,
        event=str(invitation.pk),
        url=reverse("team"),
        context=context,
    )


def _send_soon() -> None:
    from ..tasks import send_invitations

    # A task that cannot be queued is no loss: the rows wait, and ``tick`` comes by.
    transaction.on_commit(send_invitations.enqueue, robust=True)


def _log_data(invitation: Invitation) -> dict[str, str]:
    return {
        "role": invitation.role,
        "territory": invitation.territory.key if invitation.territory else "",
        "organisation": str(invitation.organisation or ""),
    }
