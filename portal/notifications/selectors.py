"""Reading notifications."""

from __future__ import annotations

from portal.accounts.models import User

from .models import Notice, Preference
from .registry import categories

# The header says « 99+ » beyond: counting further costs more than it tells.
MOST_COUNTED = 99


def unread_count(user: User) -> int:
    """How many notifications the person has not read, up to one more than :data:`MOST_COUNTED`. One query."""
    return len(Notice.objects.of(user).unread().order_by().values_list("pk")[: MOST_COUNTED + 1])


def frequencies_of(user: User) -> dict[str, str]:
    """{category: frequency} for every category, the defaults included. One query."""
    chosen = dict(Preference.objects.filter(user=user).order_by("pk").values_list("category", "frequency"))
    return {one.key: chosen.get(one.key, one.default) for one in categories()}
