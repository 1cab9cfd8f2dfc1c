"""Seeds the judged corpus and measures an engine on it."""

from __future__ import annotations

import math
from collections.abc import Callable

from wagtail.models import Page

from pages.models import HelpIndexPage, HelpPage, HomePage, StandardPage
from portal.territories.models import Space
from tests.factories import add_page, make_initiative, make_news

from .relevance import CORPUS, QUERIES


def seed() -> dict[int, str]:
    """The pages of the corpus: id → key."""
    spaces = {
        "landes": Space.objects.get(territory__level="departement", territory__code="40"),
        "aquitaine": Space.objects.get(territory__level="region", territory__code="75"),
        "national": Space.objects.get(territory__level="nation"),
    }
    keys: dict[int, str] = {}
    for key, (maker, space, title, lead) in CORPUS.items():
        page: Page
        if maker == "news":
            page = make_news(spaces[space], title=title, lead=lead)
        elif maker == "initiative":
            page = make_initiative(spaces[space], title=title, lead=lead)
        elif maker == "help":
            page = add_page(HelpIndexPage.objects.get(), HelpPage(title=title, slug=key, lead=lead))
        else:
            page = add_page(HomePage.objects.get(), StandardPage(title=title, slug=key, lead=lead))
        keys[page.pk] = key
    return keys


def _dcg(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def measure(ask: Callable[[str], list[str]]) -> tuple[float, float, list[str]]:
    """(mean nDCG@10, mean recall@10, the queries below 1 with what was found) of the judged queries with answers."""
    ndcgs, recalls, poor = [], [], []
    for query, judged in QUERIES.items():
        if not judged:
            continue
        found = ask(query)[:10]
        ideal = _dcg(sorted(judged.values(), reverse=True)[:10])
        ndcgs.append(_dcg([judged.get(key, 0) for key in found]) / ideal)
        recalls.append(len(set(found) & set(judged)) / len(judged))
        if ndcgs[-1] < 0.999 or recalls[-1] < 1:
            poor.append(f"{query}: nDCG {ndcgs[-1]:.2f}, recall {recalls[-1]:.2f}, found {', '.join(found[:5])}")
    return sum(ndcgs) / len(ndcgs), sum(recalls) / len(recalls), poor
