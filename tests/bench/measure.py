"""Queries, calls, milliseconds and bytes of one address."""

from __future__ import annotations

import cProfile
import gzip
import pstats
import statistics
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client

from portal.core.page_cache import GENERATION


@dataclass(frozen=True)
class Figures:
    """One address: cold with an empty page cache, warm out of it. Milliseconds are of the whole answer, in process."""

    name: str
    address: str
    queries: int
    duplicates: int
    calls: int
    p50: float
    p95: float
    warm_queries: int
    warm_p50: float
    bytes: int
    gzip: int

    def row(self) -> dict[str, Any]:
        return asdict(self)


class _Queries:
    """Counts what really reaches the database, whatever resets Django's own log."""

    def __init__(self) -> None:
        self.statements: Counter[tuple[str, str]] = Counter()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements[sql, repr(params)] += 1
        return execute(sql, params, many, context)

    @property
    def total(self) -> int:
        return sum(self.statements.values())

    @property
    def duplicates(self) -> int:
        return self.total - len(self.statements)


def _forget_pages() -> None:
    """What an editor's publication does: a new generation. Nothing else is forgotten."""
    caches["default"].set(GENERATION, f"bench-{time.time_ns()}", None)


def _get(client: Client, address: str, proof: str) -> bytes:
    response = client.get(address)
    content = response.getvalue()
    # A bench that measures an error page lies.
    assert response.status_code == 200, f"{address}: {response.status_code}"
    assert proof in content.decode(errors="replace"), f"{address} does not show {proof!r}"
    return content


def measure(name: str, address: str, proof: str, *, rounds: int = 15) -> Figures:
    """The figures of ``address``, whose answer must contain ``proof``."""
    client = Client()
    _get(client, address, proof)

    _forget_pages()
    queries = _Queries()
    with connection.execute_wrapper(queries):
        content = _get(client, address, proof)

    _forget_pages()
    profile = cProfile.Profile()
    profile.enable()
    _get(client, address, proof)
    profile.disable()
    calls = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]

    cold = []
    for _ in range(rounds):
        _forget_pages()
        start = time.perf_counter()
        _get(client, address, proof)
        cold.append((time.perf_counter() - start) * 1000)

    warm_queries, warm = _Queries(), []
    _get(client, address, proof)
    with connection.execute_wrapper(warm_queries):
        for _ in range(rounds):
            start = time.perf_counter()
            _get(client, address, proof)
            warm.append((time.perf_counter() - start) * 1000)
    return Figures(
        name=name,
        address=address,
        queries=queries.total,
        duplicates=queries.duplicates,
        calls=calls,
        p50=round(statistics.median(cold), 1),
        p95=round(statistics.quantiles(cold, n=20)[-1], 1),
        warm_queries=warm_queries.total,
        warm_p50=round(statistics.median(warm), 2),
        bytes=len(content),
        gzip=len(gzip.compress(content, 6)),
    )
