"""The judged queries, on each engine. ``pytest -s`` prints the figures."""

from django.db import connection

from portal.search import engine as engines

from .corpus import measure, seed
from .relevance import CORPUS, QUERIES

# (nDCG@10, recall) to hold; a page found where nothing answers is told apart below.
FLOOR = {"sqlite": (0.93, 0.95), "postgresql": (0.93, 0.95), "elasticsearch": (0.93, 0.95)}


def test_the_judged_set_is_sound():
    assert len(QUERIES) >= 40
    assert {key for judged in QUERIES.values() for key in judged} <= set(CORPUS)


def test_judged_queries_find_what_answers_them(engine, landes_space, commit, request):
    with commit():
        keys = seed()
    engine()

    def ask(query: str) -> list[str]:
        found = engines.find(engines.Query(words=query))
        return [keys.get(page.pk, page.title) for page in engines.pages_by_id(found.ids)]

    name = "elasticsearch" if "elasticsearch" in request.node.name else connection.vendor
    ndcg, recall, poor = measure(ask)
    print(f"\n{name}: nDCG@10 {ndcg:.3f}, recall {recall:.3f} over {len(QUERIES)} queries")
    print("\n".join(poor))
    floor_ndcg, floor_recall = FLOOR[name]
    assert ndcg >= floor_ndcg, poor
    assert recall >= floor_recall, poor
