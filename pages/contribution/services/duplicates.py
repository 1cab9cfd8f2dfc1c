"""What may exist already, told before a proposal leaves. Only what anybody may read, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from wagtail.models import Page

from portal.core.contribution import contribution_kind
from portal.core.models import PageFact
from portal.territories.models import TerritoryLink
from portal.territories.text import fold

from ...enums import ProposalState
from ...models import Proposal

ALIKE = 0.82
#: Pages of the kind looked at: the newest, around the territory.
LOOKED_AT = 2_000
TOLD = 5


@dataclass(frozen=True)
class Duplicate:
    """Something alike: ``why`` says in what."""

    title: str
    url: str
    why: str


def possible_duplicates(proposal: Proposal) -> list[Duplicate]:
    """Published pages and one's own proposals of the same kind with about the same title; for an event, those of the
    same day in the same territory too. At most five, a constant number of queries.
    """
    kind = contribution_kind(proposal.kind)
    title = fold(proposal.title)
    if kind is None or not title:
        return []
    found = [
        Duplicate(each.title, f"/contribuer/p/{each.pk}/", "Une de vos contributions")
        for each in Proposal.objects.of(proposal.author)
        .filter(kind=proposal.kind)
        .exclude(pk=proposal.pk)
        .exclude(state=ProposalState.WITHDRAWN)
        .only("title")
        .order_by("-updated_at", "pk")[:200]
        if _alike(title, fold(each.title))
    ]
    facts = PageFact.objects.live_public().filter(kind=kind.key).order_by("-date", "-page")
    key = (proposal.data.get("territory") or [""])[-1]
    level, _, code = key.partition("-")
    around = TerritoryLink.objects.filter(descendant__level=level, descendant__code=code).values("ancestor")
    inside = TerritoryLink.objects.filter(ancestor__level=level, ancestor__code=code).values("descendant")
    near = facts.filter(territory__in=around.union(inside)) if code else facts
    day = _day(proposal)
    candidates = list(near.values_list("page", "page__title", "date")[:LOOKED_AT])
    told: list[int] = []
    why: dict[int, str] = {}
    for pk, other, moment in candidates:
        if _alike(title, fold(other)):
            why[pk] = "Même titre, ou presque"
        elif day is not None and kind.key == "event" and moment.date() == day:
            why[pk] = "Même jour, même territoire"
        else:
            continue
        told.append(pk)
    told = sorted(told, key=lambda pk: why[pk] != "Même titre, ou presque")[:TOLD]
    pages = Page.objects.in_bulk(told)
    found += [Duplicate(pages[pk].title, pages[pk].url or "", why[pk]) for pk in told if pk in pages]
    return found[:TOLD]


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if abs(len(one) - len(other)) > max(len(one), len(other)) * (1 - ALIKE) * 2:
        return False
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _day(proposal: Proposal) -> date | None:
    try:
        return date.fromisoformat((proposal.data.get("start_date") or [""])[-1])
    except ValueError:
        return None
