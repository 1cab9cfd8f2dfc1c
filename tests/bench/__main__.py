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
    from .measure import measure
    from .seed import seed

    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_territories", force=True, verbosity=0)
    spaces = 25 if pages <= 1000 else 200 if pages <= 10_000 else 1000
    seed(pages, spaces, random.Random(7))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\n{pages} pages, {spaces} spaces, {connection.vendor}, seeded in {time.perf_counter() - start:.0f} s")
    print("  ".join(f"{title:>12}" for title in HEAD))
    figures = []
    for name, address, proof in addresses():
        row = measure(name, address, proof).row()
        figures.append(row)
        print("  ".join(f"{row[title]!s:>12}" for title in HEAD), flush=True)
    return {"pages": pages, "spaces": spaces, "engine": connection.vendor, "figures": figures}


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
