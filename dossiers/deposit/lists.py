"""« Mes dossiers »: what is expected of the organisation, its drafts, what goes on, what is over."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.dashboard import CardContent, Entry
from portal.territories.text import fold

from ..enums import CLOSED, DEPOSITOR_LABELS, State
from ..models import Dossier

LONGEST_SEARCH = 120
SHOWN = 5


@dataclass(frozen=True)
class Group:
    """Dossiers under one heading."""

    title: str
    dossiers: list[Dossier]


#: What waits for the organisation comes first.
ORDER = [State.INCOMPLETE, State.DRAFT, State.DEPOSITED, State.INSTRUCTION]
TITLES = {State.INCOMPLETE: "À compléter", State.DRAFT: "Brouillons"}


def mine(user: User, words: str = "") -> QuerySet[Dossier]:
    """The dossiers that ``user`` reads from the organisation's side, what is expected of it first."""
    found = Dossier.objects.for_depositor(user).select_related("type", "organisation", "territory")
    for word in fold(words[:LONGEST_SEARCH].replace("\x00", "")).split()[:8]:
        found = found.filter(search_text__contains=word)
    ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(ORDER)]
    rank = Case(*ranks, default=Value(len(ORDER)), output_field=IntegerField())
    return found.defer("values", "search_text").annotate(rank=rank).order_by("rank", "-updated_at", "pk")


def grouped(dossiers: list[Dossier]) -> list[Group]:
    """A page of the list, under its headings."""
    groups: dict[str, list[Dossier]] = {}
    for each in dossiers:
        title = "Clos" if each.state in CLOSED else TITLES.get(State(each.state), "En cours")
        groups.setdefault(title, []).append(each)
    return [Group(title, found) for title, found in groups.items()]


def card(*, user: User) -> CardContent | None:
    """The card of « Mon espace »: what waits for the organisation; None to whom deposits and reads nothing."""
    abilities = get_abilities(user)
    found = Dossier.objects.for_depositor(user)
    waiting = found.filter(state__in=[State.INCOMPLETE, State.DRAFT]).select_related("type")
    rows = list(waiting.defer("values", "search_text").order_by("state", "-updated_at", "pk")[:SHOWN])
    if not rows and not abilities.organisation_ids(Ability.READ_DOSSIERS):
        return None
    return CardContent(
        entries=[
            Entry(each.label, each.get_absolute_url(), each.type.title, DEPOSITOR_LABELS[State(each.state)])
            for each in rows
        ],
        count=len(rows) if len(rows) < SHOWN else waiting.count(),
        url=reverse("dossiers:list"),
        link="Tous mes dossiers",
        empty="Aucun dossier n’attend votre organisation.",
    )
