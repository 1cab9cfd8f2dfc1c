"""What may not be switched off where the portal is really used."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def second_factor_is_not_switched_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not settings.SECOND_FACTOR_REQUIRED:
        found.append(Error("SECOND_FACTOR_REQUIRED is off.", hint="It is off in tests only.", id="accounts.E001"))
    if settings.SECOND_FACTOR_EXEMPT:
        found.append(
            Error(
                "SECOND_FACTOR_EXEMPT names accounts that need no second factor.",
                hint="It is for the demonstration only.",
                id="accounts.E002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def proconnect_is_whole_and_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    given = [settings.PROCONNECT_ISSUER, settings.PROCONNECT_CLIENT_ID, settings.PROCONNECT_CLIENT_SECRET]
    found: list[CheckMessage] = []
    if any(given) and not all(given):
        hint = "Set PROCONNECT_ISSUER, PROCONNECT_CLIENT_ID and PROCONNECT_CLIENT_SECRET, or none."
        found.append(Error("ProConnect is configured in part.", hint=hint, id="accounts.E003"))
    if settings.PROCONNECT_ISSUER and not settings.PROCONNECT_ISSUER.startswith("https://"):
        found.append(Error("PROCONNECT_ISSUER is not an https address.", id="accounts.E004"))
    return found
