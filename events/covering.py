"""Territories that an event says it covers, besides that of its space."""

from __future__ import annotations

from typing import Any

from django.db.models import Q


def covering(territories: Any) -> Q:
    """Occurrences of pages that say they cover one of ``territories`` (a list or a query of keys)."""
    from .models import EventPage

    through: Any = EventPage.covered.through  # type: ignore[attr-defined]
    return Q(page__in=through.objects.filter(territory__in=territories).order_by().values("eventpage"))
