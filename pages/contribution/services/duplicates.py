"""What may exist already, told before a proposal leaves. Only what anybody may read, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page

from portal.core.contribution import contribution_kind
from portal.territories.models import TerritoryLink
from portal.territories.selectors import parse_key
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
    """Published pages of the same kind with the same link or about the same title; for an event, those of the same day
    in the same territory too; and one's own proposals of that title. At most five, a constant number of queries.
    """
    kind = contribution_kind(proposal.kind)
    title = fold(proposal.title)
    if kind is None or not title:
        return []
    why: dict[int, str] = {}
    visible = kind.page_class().objects.filter(fact__visible=True).order_by("-fact__date", "-pk")
    if link := _typed(proposal, kind.same_link[0]):
        same = visible.filter(**{kind.same_link[1]: link}).values_list("pk", flat=True)[:TOLD]
        why |= dict.fromkeys(same, "Même lien")
    near = _near(visible, proposal)
    why |= {
        pk: "Même titre, ou presque"
        for pk, other in near.values_list("pk", "title")[:LOOKED_AT]
        if pk not in why and _alike(title, fold(other))
    }
    if day := _day(_typed(proposal, kind.same_day[0])):
        same = near.filter(**{kind.same_day[1]: day}).values_list("pk", flat=True)[:TOLD]
        why |= {pk: "Même jour, même territoire" for pk in same if pk not in why}
    pages = Page.objects.in_bulk(list(why)[:TOLD])
    found = [Duplicate(pages[pk].title, pages[pk].url or "", why[pk]) for pk in why if pk in pages]
    return (_own(proposal, title) + found)[:TOLD]


def _own(proposal: Proposal, title: str) -> list[Duplicate]:
    others = (
        Proposal.objects.of(proposal.author)
        .filter(kind=proposal.kind)
        .exclude(pk=proposal.pk)
        .exclude(state=ProposalState.WITHDRAWN)
        .only("title")
        .order_by("-updated_at", "pk")
    )
    return [
        Duplicate(each.title, f"/contribuer/p/{each.pk}/", "Une de vos contributions")
        for each in others[:200]
        if _alike(title, fold(each.title))
    ]


def _near(pages: QuerySet[Any], proposal: Proposal) -> QuerySet[Any]:
    """Those that lie in the territory chosen, or above it; all where none is chosen."""
    parsed = parse_key(_typed(proposal, "territory"))
    if parsed is None:
        return pages
    level, code = parsed
    around = TerritoryLink.objects.filter(descendant__level=level, descendant__code=code).values("ancestor")
    inside = TerritoryLink.objects.filter(ancestor__level=level, ancestor__code=code).values("descendant")
    return pages.filter(Q(fact__territory__in=around) | Q(fact__territory__in=inside))


def _typed(proposal: Proposal, name: str) -> str:
    return str((proposal.data.get(name) or [""])[-1]).strip()[:500]


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if abs(len(one) - len(other)) > max(len(one), len(other)) * (1 - ALIKE) * 2:
        return False
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
