"""What allauth asks of the project."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage


class AccountAdapter(DefaultAccountAdapter):
    """Mails in the portal's name."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L’adresse e-mail ou le mot de passe n’est pas le bon.",
        "too_many_login_attempts": "Trop d’essais. Attendez quelques minutes, puis réessayez.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "duplicate_email": "Cette adresse est déjà celle de votre compte.",
    }

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        context = context | {"portal_name": settings.WAGTAIL_SITE_NAME, "portal_url": settings.SITE_URL}
        return super().render_mail(template_prefix, email, context, headers)
