"""The second factor: who must have one, how its secrets are kept, and the gate until it is set up (docs/sign-in.md)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse

from .abilities import get_abilities
from .models import User
from .rules import SECOND_FACTOR

#: What proves something the person holds. Recovery codes stand in for it and are no factor by themselves.
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
HELD_KEY: Final = "second_factor_held"
NEXT_KEY: Final = "second_factor_next"

#: Screens that stay open to who has yet to set a second factor up: setting it up, proving who one is, leaving.
_SET_UP: Final = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_login",
        "account_logout",
        "account_confirm_email",
        "account_inactive",
        "sign-in-link",
        "step-up-code",
        "proconnect-signed-out",
        "proconnect_callback",
        "admin_login",
        "page_login",
    }
)
#: Addresses that show everybody the same; whatever is not named here is private. Private pages and documents have a
#: gate of their own (:func:`gate_private_content`).
_PUBLIC: Final = frozenset(
    {
        "wagtail_serve",
        "wagtaildocs_serve",
        "site-map",
        "sitemap",
        "sitemap-section",
        "robots",
        "security-txt",
        "agenda-calendar",
        "event-calendar",
        "rendition",
        "health",
        "mailbox",
        "letter",
        "letter-html",
        "letter-link",
        "letter-opened",
    }
)
_PUBLIC_ROUTES: Final = ("recherche/", "territoires/", "lettres/", "static/")


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """Whether the rules oblige ``user`` to have a second factor. At most one query (their memberships)."""
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
        return False
    if settings.DEBUG and user.email in settings.SECOND_FACTOR_EXEMPT:
        return False
    abilities = get_abilities(user)
    return any(abilities.anywhere(ability) for ability in SECOND_FACTOR)


def has_second_factor(user: User) -> bool:
    """Whether ``user`` has an application or a key. One query."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def second_factor_due(request: HttpRequest) -> bool:
    """Whether who is signed in must set a second factor up before going on.

    Once seen, that they have one is kept in the session: taking it away ends the person's sessions.
    """
    user: Any = request.user
    if not user.is_authenticated or request.session.get(HELD_KEY) or not needs_second_factor(user):
        return False
    if has_second_factor(user):
        request.session[HELD_KEY] = True
        return False
    return True


def set_up_first(request: HttpRequest) -> HttpResponse:
    """To the set-up, and back afterwards to where they were going (a form that was posted is not played again)."""
    target = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return HttpResponseRedirect(f"{reverse('mfa_index')}?{urlencode({'next': target})}")


class SecondFactorMiddleware:
    """Until an obligatory second factor is set up, every screen but public ones leads to its set-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or _is_open(match) or not second_factor_due(request):
            return None
        return set_up_first(request)


def _is_open(match: ResolverMatch) -> bool:
    name = match.url_name or ""
    if match.namespaces:
        return match.route.startswith(_PUBLIC_ROUTES)
    return name in _SET_UP or name in _PUBLIC or match.route.startswith(_PUBLIC_ROUTES)


def gate_private_content(request: HttpRequest, restricted: bool) -> HttpResponse | None:
    """Pages and documents kept for some readers open to a privileged person once their second factor is set up."""
    if restricted and request.user.is_authenticated and second_factor_due(request):
        return set_up_first(request)
    return None


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's, in French; secrets are encrypted at rest with a key derived from ``SECRET_KEY``."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Pour changer d’adresse e-mail, désactivez d’abord la double authentification.",
        "cannot_delete_authenticator": (
            "Vos rôles demandent une double authentification : ajoutez un autre moyen avant de retirer celui-ci."
        ),
        "cannot_generate_recovery_codes": "Activez d’abord une application ou une clé d’accès.",
        "incorrect_code": "Ce code n’est pas le bon, ou il a déjà servi.",
        "unverified_email": "Confirmez d’abord votre adresse e-mail.",
    }

    def get_totp_issuer(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)

    def _get_site_name(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)

    def build_totp_svg(self, url: str) -> str:
        """The QR code as black on white whatever the theme: many cameras do not read the reverse."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        image = qrcode.make(url, image_factory=SvgPathFillImage, border=4)
        return image.to_string(encoding="unicode")

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last factor of who must have one."""
        if authenticator.type not in FACTORS or not needs_second_factor(authenticator.user):
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's own name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Clé d’accès" if number == 1 else f"Clé d’accès {number}"


def _box() -> MultiFernet:
    """Encrypts with today's key; reads what former keys (``SECRET_KEY_FALLBACKS``) wrote."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"portal.accounts.mfa:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
