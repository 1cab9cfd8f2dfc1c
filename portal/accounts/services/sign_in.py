"""Signing in: links by mail, sessions, and a lost second factor."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from ..abilities import get_abilities
from ..adapter import AccountAdapter
from ..models import SignInLink, User
from ..rules import Ability
from ..tokens import SIGN_IN_SECONDS, BadLinkError, read_sign_in_token, sign_in_token
from .memberships import GrantError

#: How long the row of a spent or stale link, and of a session that ended, stays.
LINKS_KEPT = timedelta(days=1)


# --- Links by mail ---------------------------------------------------------------------------------------------------
def write_sign_in_link(*, address: str, target: str) -> None:
    """Send a link to the active person whose address it is; nothing where there is none.

    ``target`` is a path of the portal already checked, or "". Side effects: a row, and a mail at once (it runs in a
    task).
    """
    people = filter_users_by_email(address, is_active=True, prefer_verified=True, for_login=True)
    if not people:
        return
    link = SignInLink.objects.create(user=people[0], target=target[:500])
    url = settings.SITE_URL.rstrip("/") + reverse("sign-in-link", kwargs={"token": sign_in_token(link)})
    context = {"user": link.user, "sign_in_url": url, "minutes": SIGN_IN_SECONDS // 60}
    AccountAdapter().render_mail("account/email/sign_in_link", link.user.email, context).send()


@transaction.atomic
def use_sign_in_link(*, token: str) -> SignInLink:
    """Spend the link: of two at once, one gets it. Raises :class:`BadLinkError`.

    Opening a mail sent there proves the address. Where the account's address was never confirmed, whoever made the
    account may be somebody else: its password and its ProConnect identity are taken away, and its sessions end.
    """
    link = read_sign_in_token(token)
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise BadLinkError
    user = link.user
    row = EmailAddress.objects.filter(user=user, email__iexact=user.email).first()
    if row is not None and not row.verified:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        SocialAccount.objects.filter(user=user).delete()
        end_sessions(UserSession.objects.filter(user=user))
    return link


def forget_sign_in_links() -> int:
    """Delete the rows of old links. Returns how many."""
    return SignInLink.objects.filter(created_at__lt=timezone.now() - LINKS_KEPT).delete()[0]


# --- Sessions --------------------------------------------------------------------------------------------------------
def user_sessions(user: User) -> QuerySet[UserSession]:
    """The rows of ``user``'s sessions that still open something, the latest first. One query."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows: QuerySet[UserSession] = UserSession.objects.filter(user_id=user.pk, session_key__in=alive)
    return rows.order_by("-created_at", "-pk")


@transaction.atomic
def end_sessions(sessions: QuerySet[UserSession]) -> int:
    """Sign these out, at once. Returns how many."""
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def forget_ended_sessions() -> int:
    """Delete expired sessions, and the rows (address, browser) of those that ended. Returns how many rows."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    alive = Session.objects.values("session_key")
    deleted: int = UserSession.objects.exclude(session_key__in=alive).delete()[0]
    return deleted


# --- A lost second factor --------------------------------------------------------------------------------------------
@transaction.atomic
def reset_second_factor(*, actor: User, person: User) -> None:
    """Take away every factor and recovery code of ``person``, who lost them; they set up others at the next sign-in.

    Side effects: the person's sessions end; a log row; a mail to the person, on commit. Raises :class:`GrantError`
    unless the actor administers the whole portal and somebody else's factors are reset (a superuser's: by another
    superuser), and where there is none.
    """
    if not get_abilities(actor).anywhere(Ability.OPEN_SPACES):
        raise GrantError("Seule l’administration nationale réinitialise une double authentification.")
    if actor.pk == person.pk:
        raise GrantError("Demandez à une autre personne de l’administration nationale de réinitialiser la vôtre.")
    if person.is_superuser and not actor.is_superuser:
        raise GrantError("Cette personne administre le serveur : seule une autre peut réinitialiser la sienne.")
    deleted, _ = Authenticator.objects.filter(user=person).delete()
    if not deleted:
        raise GrantError("Cette personne n’a pas de double authentification.")
    end_sessions(UserSession.objects.filter(user=person))
    log(instance=person, action="accounts.second_factor.reset", user=actor)
    mail = AccountAdapter().render_mail("account/email/second_factor_reset", person.email, {"user": person})
    transaction.on_commit(mail.send, robust=True)
