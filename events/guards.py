"""Who may open the screens of events in the administration."""

from __future__ import annotations

from typing import Any

from django.views.decorators.cache import never_cache

from portal.accounts.guards import needs
from portal.accounts.rules import Ability


def publishers_only(view: Any) -> Any:
    """403 for who publishes nowhere; never cached, since registered people's names are on them."""
    return never_cache(needs(Ability.PUBLISH)(view))
