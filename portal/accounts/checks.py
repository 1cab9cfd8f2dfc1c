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
