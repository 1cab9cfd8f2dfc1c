"""What allauth asks of the project about sign-in by another party."""

from __future__ import annotations

import logging
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from .client import BoundedSession
from .provider import PROVIDER

logger = logging.getLogger(__name__)


def is_configured() -> bool:
    return bool(settings.PROCONNECT_ISSUER and settings.PROCONNECT_CLIENT_ID and settings.PROCONNECT_CLIENT_SECRET)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """One provider at most, from the environment: a row in the database adds none."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": "Un compte a déjà cette adresse. Connectez-vous à ce compte, puis reliez-le à %s.",
        "invalid_token": "La réponse de ProConnect n’est pas valable.",
        "no_password": "Choisissez d’abord un mot de passe : sans lui ni ProConnect, vous ne pourriez plus entrer.",
        "no_verified_email": "Confirmez d’abord votre adresse e-mail.",
        "disconnect_last": "C’est votre seul moyen de connexion.",
        "connected_other": "Cette identité ProConnect est déjà reliée à un autre compte.",
    }

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        if not is_configured() or provider not in (None, PROVIDER):
            return []
        if client_id not in (None, settings.PROCONNECT_CLIENT_ID):
            return []
        return [
            SocialApp(
                provider=PROVIDER,
                name="ProConnect",
                client_id=settings.PROCONNECT_CLIENT_ID,
                secret=settings.PROCONNECT_CLIENT_SECRET,
                settings={"server_url": settings.PROCONNECT_ISSUER},
            )
        ]

    def get_requests_session(self) -> BoundedSession:
        return BoundedSession()

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """ProConnect asks for 32 characters at least."""
        return get_random_string(43)

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Never: an address that an identity provider asserts opens nobody's account."""
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Said in the log in words of ours: what came from outside is not written down."""
        logger.warning("Sign-in by ProConnect failed: %s", exception or error or "no state")
