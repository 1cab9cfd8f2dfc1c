"""Cards of « Mon espace »."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from portal.accounts.abilities import can
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.dashboard import CardContent, Entry

from ..enums import ACTIVE
from ..registration.selectors import registrations_of
from ..registration.tokens import make_token
from .selectors import coming

SHOWN = 5


def my_registrations(*, user: User) -> CardContent | None:
    """What the person is registered to, soonest first; no card for who is registered to nothing. One query."""
    now = timezone.now()
    found = [one for one in registrations_of(user) if one.state in ACTIVE and one.occurrence.past_from > now]
    if not found:
        return None
    entries = [
        Entry(
            title=one.occurrence.shown_title,
            url=reverse("registration-manage", args=[make_token(one)]),
            detail=one.occurrence.when,
            badge=one.get_state_display(),
        )
        for one in found[:SHOWN]
    ]
    return CardContent(entries, len(found), reverse("my-registrations"), "Toutes mes inscriptions")


def my_events(*, user: User) -> CardContent | None:
    """The next dates of one's events, with what is taken and what waits for approval. A few queries."""
    if not can(user, Ability.PUBLISH):
        return None
    dates: list[Any] = list(coming(user)[:SHOWN])
    if not dates:
        return None
    entries = [
        Entry(
            title=date.shown_title,
            url=reverse("organising_date", args=[date.uid]),
            detail=f"{date.when} : {date.confirmed} inscrit{'s' if date.confirmed > 1 else ''}",
            badge=f"{date.to_approve} à valider" if date.to_approve else "",
        )
        for date in dates
    ]
    return CardContent(entries, None, reverse("organising"), "Toutes les inscriptions")
