"""What the audit log says of signing in: privileged people's sign-ins and failures, and everybody's means of it."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import social_account_added, social_account_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail.log_actions import log

from portal.core.ratelimit import over_limit

from .abilities import get_abilities
from .models import User
from .rules import SECOND_FACTOR, Ability
from .services import end_sessions

SIGN_IN_ACTIONS: Final = (
    ("accounts.sign_in", "Se connecter", "Connexion"),
    ("accounts.sign_in.failed", "Échouer à se connecter", "Échec de connexion"),
    ("accounts.password.change", "Changer de mot de passe", "Mot de passe changé"),
    ("accounts.password.reset", "Choisir un nouveau mot de passe", "Mot de passe choisi par lien"),
    ("accounts.sessions.end", "Fermer des sessions", "Sessions fermées"),
    ("accounts.second_factor.add", "Ajouter un second facteur", "Second facteur ajouté"),
    ("accounts.second_factor.remove", "Retirer un second facteur", "Second facteur retiré"),
    ("accounts.second_factor.codes", "Refaire les codes de secours", "Codes de secours refaits"),
    ("accounts.second_factor.code_used", "Employer un code de secours", "Code de secours employé"),
    ("accounts.second_factor.failed", "Échouer au second facteur", "Échec du second facteur"),
    (
        "accounts.second_factor.reset",
        "Réinitialiser la double authentification",
        "Double authentification réinitialisée",
    ),
    ("accounts.proconnect.link", "Relier ProConnect", "ProConnect relié"),
    ("accounts.proconnect.unlink", "Délier ProConnect", "ProConnect délié"),
)
#: A person's sign-ins are worth a row where they may reach the admin or what the second factor guards.
_WATCHED: Final = SECOND_FACTOR | {Ability.ACCESS_ADMIN}
#: Rows an account may get an hour from failures: who guesses does not fill the log.
_FAILURES_AN_HOUR: Final = 20


def is_privileged(user: User) -> bool:
    """Whether the sign-ins of ``user`` are logged. At most one query."""
    abilities = get_abilities(user)
    return any(abilities.anywhere(ability) for ability in _WATCHED)


@receiver(user_logged_in)
def signed_in(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    if is_privileged(user):
        log(instance=user, action="accounts.sign_in", user=user)


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """A wrong password for a privileged account; what was typed is not kept."""
    address = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email__iexact=address).first() if address else None
    if user is not None:
        _log_failure(user, "accounts.sign_in.failed")


@receiver(authentication_failed)
def second_factor_failed(sender: type, user: User, **kwargs: Any) -> None:
    _log_failure(user, "accounts.second_factor.failed")


def _log_failure(user: User, action: str) -> None:
    if is_privileged(user) and not over_limit(str(user.pk), action, _FAILURES_AN_HOUR):
        log(instance=user, action=action, user=None)


@receiver(password_changed)
def password_was_changed(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The other sessions are void already (their hash is that of the password); their rows go too."""
    end_sessions(UserSession.objects.filter(user_id=user.pk).exclude(session_key=request.session.session_key))
    log(instance=user, action="accounts.password.change", user=user)


@receiver(password_reset)
def password_was_reset(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    end_sessions(UserSession.objects.filter(user_id=user.pk))
    if not EmailAddress.objects.filter(user_id=user.pk, verified=True).exists():
        # Whoever made the account may be somebody else, with a ProConnect identity of their own.
        SocialAccount.objects.filter(user_id=user.pk).delete()
    log(instance=user, action="accounts.password.reset", user=user)


@receiver(authenticator_added)
def factor_added(sender: type, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        log(instance=user, action="accounts.second_factor.add", user=user, data={"type": authenticator.type})


@receiver(authenticator_removed)
def factor_removed(sender: type, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        log(instance=user, action="accounts.second_factor.remove", user=user, data={"type": authenticator.type})


@receiver(authenticator_reset)
def codes_made_again(sender: type, user: User, **kwargs: Any) -> None:
    log(instance=user, action="accounts.second_factor.codes", user=user)


@receiver(authenticator_used)
def recovery_code_used(sender: type, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        log(instance=user, action="accounts.second_factor.code_used", user=user)


@receiver(social_account_added)
def proconnect_linked(sender: type, sociallogin: Any, **kwargs: Any) -> None:
    log(instance=sociallogin.user, action="accounts.proconnect.link", user=sociallogin.user)


@receiver(social_account_removed)
def proconnect_unlinked(sender: type, socialaccount: SocialAccount, **kwargs: Any) -> None:
    log(instance=socialaccount.user, action="accounts.proconnect.unlink", user=socialaccount.user)


@receiver(pre_save, sender=UserSession)
def keep_the_network_only(sender: type, instance: UserSession, **kwargs: Any) -> None:
    """A session's row says from which network, not from which machine: /24 of IPv4, /48 of IPv6."""
    instance.ip = shortened(instance.ip)


def shortened(address: str) -> str:
    """The network's address: « 192.0.2.0 », « 2001:db8:1:: »; "0.0.0.0" for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - no address is bound
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False).network_address)
