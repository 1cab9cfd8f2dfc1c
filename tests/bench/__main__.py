"""``python -m tests.bench [pages …]``: a table, and JSON in ``var/bench.json``. Bounded: 100,000 pages at the most."""

from __future__ import annotations

import json
import os
import platform
import random
import sys
import tempfile
import time
from pathlib import Path

MOST = 100_000
#: Beyond this many pages the search is left to ``manage.py bench_search``: indexing them takes minutes.
SEARCHED = 10_000
HEAD = ("name", "queries", "duplicates", "calls", "p50", "p95", "warm_queries", "warm_p50", "bytes", "gzip")


def _set_up(folder: str) -> None:
    """Django on a database of its own, in ``folder`` unless DATABASE_URL names a server."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ["VAR_DIR"] = folder
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    import django

    django.setup()


def _run(pages: int) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    from .addresses import addresses
    from .calendars import calendars
    from .changes import changes
    from .measure import measure
    from .process import warm_against_static, worker
    from .seed import seed

    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_territories", force=True, verbosity=0)
    spaces = 25 if pages <= 1000 else 200 if pages <= 10_000 else 1000
    seed(pages, spaces, random.Random(7))
    if indexed := pages <= SEARCHED:
        call_command("update_index", verbosity=0)
    # PostgreSQL does so by itself in time; SQLite never does, and plans otherwise without it.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"\n{pages} pages, {spaces} spaces, {connection.vendor}, seeded in {time.perf_counter() - start:.0f} s")
    print("  ".join(f"{title:>12}" for title in HEAD))
    figures = []
    visits = list(addresses(indexed=indexed))
    for visit in visits:
        row = measure(visit).row()
        figures.append(row)
        print("  ".join(f"{row[title]!s:>12}" for title in HEAD), flush=True)
    print(f"\n{'a change':>24}  queries        p50      worst  (ms)")
    changed = changes()
    for row in changed:
        print(f"{row['name']:>24}  {row['queries']:>7}  {row['p50']:>9}  {row['worst']:>9}", flush=True)
    print(f"\n{'a feed of 5,000 events':>24}  queries        p50      worst      bytes  (ms)")
    feeds = calendars(random.Random(7))
    for row in feeds:
        print(
            f"{row['name']:>24}  {row['queries']:>7}  {row['p50']:>9}  {row['worst']:>9}  {row['bytes']:>9}", flush=True
        )
    process = worker([visit.address for visit in visits]) | warm_against_static()
    print("  ".join(f"{name} {value}" for name, value in process.items()))
    run = {"pages": pages, "spaces": spaces, "engine": connection.vendor}
    run |= {"figures": figures, "changes": changed, "calendars": feeds, "process": process}
    if pages <= SEARCHED:
        run["search"] = _searches()
    return run


def _searches() -> dict[str, object]:
    """The search engine alone, on made-up pages: its own bench, bounded to some seconds."""
    from portal.search import bench

    figures = bench.run(SEARCHED, runs=10)
    print(f"\nsearch of {SEARCHED} pages, indexed in {figures['seconds to index']} s")
    for name, times in figures["milliseconds"].items():
        print(f"{name:>28}  p50 {times['p50']:>8}  p95 {times['p95']:>8}")
    return figures


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or [100, 10_000]
    if any(not 1 <= size <= MOST for size in sizes):
        sys.exit(f"Between 1 and {MOST} pages.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        _set_up(folder)
        runs = [_run(size) for size in sizes]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    out = Path("var") / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"machine": machine, "runs": runs}, indent=1, ensure_ascii=False))
    print(f"\n{machine}; JSON in {out}")


if __name__ == "__main__":
    main()
