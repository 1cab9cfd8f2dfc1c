"""Editable vocabulary, kept in memory."""

from __future__ import annotations

from portal.core.filters import cached_choices
from portal.core.models import Audience


def all_audiences() -> dict[str, Audience]:
    """Every audience by its slug. No query once read."""
    return cached_choices(
        "audiences", lambda: {audience.slug: audience for audience in Audience.objects.order_by("order", "name")}
    )
