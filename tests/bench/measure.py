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

from .addresses import Visit


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


class Queries:
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


def forget_pages() -> None:
    """What an editor's publication does: a new generation. Nothing else is forgotten."""
    caches["default"].set(GENERATION, f"bench-{time.time_ns()}", None)


class _Reader:
    """Asks one address as a browser does, which accepts gzip; and checks what it gets: a bench of error pages lies."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.client = visit, Client(HTTP_ACCEPT_ENCODING="gzip")
        self.headers = {"If-None-Match": self.client.get(visit.address)["ETag"]} if visit.again else {}

    def get(self) -> Any:
        return self.client.get(self.visit.address, headers=self.headers)

    def check(self, response: Any) -> bytes:
        """The page, as it is once unpacked."""
        address, proof = self.visit.address, self.visit.proof
        content: bytes = response.getvalue()
        if response.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        if self.visit.again:
            assert response.status_code == 304, f"{address}: {response.status_code}"
        else:
            assert response.status_code == 200, f"{address}: {response.status_code}"
            assert proof in content.decode(errors="replace"), f"{address} does not show {proof!r}"
        return content


def measure(visit: Visit, *, rounds: int = 15) -> Figures:
    """The figures of an address."""
    reader = _Reader(visit)
    reader.check(reader.get())

    forget_pages()
    queries = Queries()
    with connection.execute_wrapper(queries):
        content = reader.check(reader.get())

    forget_pages()
    profile = cProfile.Profile()
    profile.enable()
    response = reader.get()
    profile.disable()
    reader.check(response)
    calls = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]

    cold = []
    for _ in range(rounds):
        forget_pages()
        start = time.perf_counter()
        response = reader.get()
        cold.append((time.perf_counter() - start) * 1000)
        reader.check(response)

    warm_queries, warm = Queries(), []
    reader.get()
    with connection.execute_wrapper(warm_queries):
        for _ in range(rounds):
            start = time.perf_counter()
            response = reader.get()
            warm.append((time.perf_counter() - start) * 1000)
            reader.check(response)
    return Figures(
        name=visit.name,
        address=visit.address,
        queries=queries.total,
        duplicates=queries.duplicates,
        calls=calls,
        p50=round(statistics.median(cold), 1),
        p95=round(statistics.quantiles(cold, n=20)[-1], 1),
        warm_queries=warm_queries.total // rounds,
        warm_p50=round(statistics.median(warm), 2),
        bytes=len(content),
        gzip=len(gzip.compress(content, 6)),
    )
