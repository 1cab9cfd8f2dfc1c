"""The card of « Mon espace »."""

from __future__ import annotations

from django.urls import reverse

from portal.accounts.abilities import can
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.dashboard import CardContent, Entry

from ..enums import OPEN, State
from ..models.dossiers import SOONEST_DUE
from .selectors import counters, desk_of

SHOWN = 3


def to_instruct(*, user: User) -> CardContent | None:
    """What waits for an instructor: to take, late, and their own, the soonest due. Five queries; none for others."""
    if not can(user, Ability.INSTRUCT):
        return None
    desk = desk_of(user)
    if not desk.services:
        return None
    counted, address = counters(desk), reverse("instruction:list")
    to_take = counted.states.get(State.DEPOSITED, 0)
    lines = [
        ("À prendre en instruction", to_take, "etat=depose"),
        ("En retard", counted.late, "retard=1"),
        ("Les vôtres", counted.mine, "etat=ouverts&confie=moi"),
    ]
    entries = [Entry(label, f"{address}?{query}", badge=str(number)) for label, number, query in lines if number]
    mine = desk.dossiers().filter(assignee=user.pk, state__in=OPEN).order_by(*SOONEST_DUE)
    if counted.mine:
        for each in mine.select_related("type").defer("values", "search_text", "type__form")[:SHOWN]:
            url = reverse("instruction:detail", args=[each.pk])
            entries.append(Entry(each.label, url, each.number or "", each.get_state_display(), each.due_at))
    return CardContent(entries, counted.open, address, "Tous les dossiers", "Aucun dossier n’attend votre service.")
