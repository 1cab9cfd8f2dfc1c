"""Settings of the provider as system checks."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from anymail.utils import get_anymail_setting
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from .webhooks import has_secret

#: A password in an address on the web: whoever guesses it excludes subscribers.
SHORTEST = 20


@register
def provider_is_known_and_checked(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """``EMAIL_PROVIDER`` is one of Anymail's, and what posts in its name must know a secret."""
    name = settings.EMAIL_PROVIDER
    if not name:
        return []
    if not name.isidentifier() or find_spec(f"anymail.backends.{name}") is None:
        return [Error(f"EMAIL_PROVIDER « {name} » is no backend of Anymail.", id="newsletters.E001")]
    found: list[CheckMessage] = []
    if not has_secret(name):
        found.append(
            checks.Warning(
                "ANYMAIL has no WEBHOOK_SECRET: what comes back of letters will not be known.",
                hint="docs/providers.md. The provider's webhook stays closed until then.",
                id="newsletters.W001",
            )
        )
    secret = get_anymail_setting("webhook_secret", default=None) or []
    for one in [secret] if isinstance(secret, str) else secret:
        if len(one) < SHORTEST or ":" not in one:
            found.append(
                checks.Warning(
                    f"ANYMAIL's WEBHOOK_SECRET must be « name:password », {SHORTEST} characters at least.",
                    id="newsletters.W002",
                )
            )
    return found
