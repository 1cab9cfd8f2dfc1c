"""Measures of the database's search engine on made-up pages, in one transaction that is rolled back."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from modelsearch.backends import get_search_backend
from wagtail.models import Locale, Page

from portal.core.models import PageFact

from . import engine
from .documents import Document

BATCH = 1000
# A word in one page of a hundred, one in every other page.
RARE, COMMON = "zygomorphe", "ornithorynque"
KINDS = ("news", "event", "resource", "initiative", "page")


class RollbackError(Exception):
    """Ends the transaction of the bench."""


def _vocabulary(rng: random.Random, size: int) -> list[str]:
    syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "on", "é")]
    return ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(size)]


def seed(pages: int) -> None:
    """``pages`` live pages under the root, with facts and index rows; one in a hundred and one in two told apart."""
    rng = random.Random(1)  # noqa: S311
    vocabulary = _vocabulary(rng, 6000)
    weights = [1 / (rank + 5) for rank in range(len(vocabulary))]
    bodies = [" ".join(rng.choices(vocabulary, weights, k=120)) for _ in range(500)]
    titles = [" ".join(rng.choices(vocabulary, weights, k=6)) for _ in range(2000)]
    root = Page.get_first_root_node()
    content_type, locale = ContentType.objects.get_for_model(Page), Locale.objects.first()
    index = get_search_backend().get_index_for_model(Page)
    now = timezone.now()
    for start in range(0, pages, BATCH):
        made = [
            Page(
                title=titles[number % len(titles)].capitalize(),
                slug=f"banc-{number}",
                path=f"{root.path}{_base36(1_000_000 + number)}",
                depth=2,
                live=True,
                content_type=content_type,
                locale=locale,
                url_path=f"/banc-{number}/",
            )
            for number in range(start, min(start + BATCH, pages))
        ]
        made = Page.objects.bulk_create(made)
        PageFact.objects.bulk_create(
            PageFact(
                page=page, kind=KINDS[(start + n) % len(KINDS)], visible=True, date=now - timedelta(minutes=start + n)
            )
            for n, page in enumerate(made)
        )
        documents = {}
        for n, page in enumerate(made, start):
            words = [bodies[n % len(bodies)]] + [RARE] * (n % 100 == 0) + [COMMON] * (n % 2)
            documents[page.pk] = Document(title=[page.title], body=words, autocomplete=[page.title])
        index.write(Page, documents)


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text.rjust(4, "0")[-4:]


def _time(call: Callable[[], Any], runs: int) -> dict[str, float]:
    """p50 and p95 in milliseconds of ``runs`` calls, after one that is not counted."""
    call()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return {"p50": round(statistics.median(times), 1), "p95": round(sorted(times)[int(len(times) * 0.95) - 1], 1)}


def run(pages: int, runs: int = 20) -> dict[str, Any]:
    """The figures, as a dictionary ready for JSON. Seeds and measures in one transaction, rolled back at the end."""
    figures: dict[str, Any] = {"engine": connection.vendor, "pages": pages, "runs": runs}
    try:
        with transaction.atomic():
            start = time.perf_counter()
            seed(pages)
            figures["seconds to index"] = round(time.perf_counter() - start, 1)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            ask = lambda **query: lambda: engine.find(engine.Query(**query))  # noqa: E731
            half = engine.find(engine.Query(words=COMMON))
            figures["found"] = {"rare": engine.find(engine.Query(words=RARE)).total(), "half": half.total()}
            figures["milliseconds"] = {
                "1 % match": _time(ask(words=RARE), runs),
                "half match": _time(ask(words=COMMON), runs),
                "half match, one kind": _time(ask(words=COMMON, kinds=("news",)), runs),
                "half match, by date": _time(ask(words=COMMON, sort=engine.DATE), runs),
                "half match, page 50": _time(ask(words=COMMON, start=490), runs),
                "both words": _time(ask(words=f"{RARE} {COMMON}"), runs),
                "no match": _time(ask(words="introuvable"), runs),
                "suggestions, two letters": _time(lambda: engine.suggest("ba"), runs),
                "index one page": _time(lambda: _write_one(half.ids[0]), runs),
            }
            raise RollbackError
    except RollbackError:
        return figures


def _write_one(pk: int) -> None:
    document = Document(title=["Un titre corrigé"], body=[COMMON, "corps"], autocomplete=["Un titre corrigé"])
    get_search_backend().get_index_for_model(Page).write(Page, {pk: document})
