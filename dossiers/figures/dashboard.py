"""The card of « Mon espace », for who follows several services: a région, the national administration."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from portal.accounts.abilities import can
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.dashboard import CardContent, Entry

from ..instruction.selectors import desk_of
from .scope import DECISION, DEPOSIT, Scope
from .words import whole

DAYS = 30


def figures(*, user: User) -> CardContent | None:
    """What was deposited and closed in thirty days; None for who instructs nowhere, or for one service alone (its list
    says it). Four queries beside the person's memberships, on indexed moments."""
    if not can(user, Ability.INSTRUCT):
        return None
    desk = desk_of(user)
    if len(desk.services) < 2:
        return None
    since, address = timezone.localdate() - timedelta(days=DAYS), reverse("instruction:figures")
    entries = []
    for moment, label in ((DEPOSIT, "Déposés"), (DECISION, "Clos")):
        number = Scope(desk, since=since, moment=moment).dossiers().count()
        query = f"depuis={since.isoformat()}&sur={moment}"
        entries.append(Entry(f"{label} depuis {DAYS} jours", f"{address}?{query}", badge=whole(number)))
    entries.append(Entry("Gouvernances et feuilles de route", reverse("instruction:figures-roadmaps")))
    return CardContent(entries, None, address, "Tous les chiffres")
