"""What allauth asks of the project."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.core.ratelimit import client_address

from .models import Profile
from .stepup import proved_recently

#: How one confirms who one is, in the order they are offered.
_METHODS = {
    "mfa_reauthenticate": "Utiliser l’application ou un code de secours",
    "mfa_reauthenticate:webauthn": "Utiliser une clé d’accès",
    "reauthenticate": "Utiliser mon mot de passe",
}


class AccountAdapter(DefaultAccountAdapter):
    """Mails in the portal's name; who proves what, and when it is asked again."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L’adresse e-mail ou le mot de passe n’est pas le bon.",
        "too_many_login_attempts": "Trop d’essais. Attendez quelques minutes, puis réessayez.",
        "rate_limited": "Trop d’essais. Attendez quelques minutes, puis réessayez.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "incorrect_code": "Ce code n’est pas le bon.",
        "duplicate_email": "Cette adresse est déjà celle de votre compte.",
    }

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Who asked for the erasure of their account and signs in again may take it back."""
        from .data.screens import way_back

        return way_back(user) or super().respond_user_inactive(request, user)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        context = context | {"portal_name": settings.WAGTAIL_SITE_NAME, "portal_url": settings.SITE_URL}
        return super().render_mail(template_prefix, email, context, headers)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits are counted by: behind a proxy the one it noted, as for every other form."""
        return client_address(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The second factor first, then the password; a code by mail for who has neither."""
        if not user.is_authenticated:
            return []
        found = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        offered = [found[name] | {"description": label} for name, label in _METHODS.items() if name in found]
        by_mail = {"id": "code", "description": "Recevoir un code par e-mail", "url": reverse("step-up-code")}
        return offered or [by_mail]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in of the last minutes is a proof too.

        allauth asks nothing of accounts that have neither password nor second factor: here they get a code by mail.
        """
        request = allauth_context.request
        if proved_recently(request):
            return False
        if not super().get_reauthentication_methods(request.user):
            raise ReauthenticationRequired
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where one who asked for nothing lands: the welcome, until it was gone through or put off."""
        if Profile.objects.filter(user_id=request.user.pk).exclude(welcomed_at=None).exists():
            return str(super().get_login_redirect_url(request))
        return reverse("welcome")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came by ProConnect is signed out there too. Called before the session ends."""
        from .proconnect.views import sign_out_address

        address, state = sign_out_address(request)
        request.sign_out_state = state  # type: ignore[attr-defined]
        return address or str(super().get_logout_redirect_url(request))

    def logout(self, request: HttpRequest) -> None:
        from .proconnect.views import SIGN_OUT_KEY

        super().logout(request)
        if state := getattr(request, "sign_out_state", ""):
            request.session[SIGN_OUT_KEY] = state
