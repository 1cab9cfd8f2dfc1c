"""``python -m tests.bench.figures [dossiers]``: the screens of figures, at so many dossiers.

Seeds as ``tests.bench.dossiers`` does, then gives dossiers complements, decisions and delays. For an instructor of a
département, of a région and the national administration: queries, p50 and p95 in milliseconds of the whole answer; with
``-v`` the slowest queries. JSON in ``var/bench-figures.json``.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

MOST = 1_000_000
RUNS = 12
SCREENS = {
    "screen": "/instruction/chiffres/",
    "by EPCI": "/instruction/chiffres/?echelon=epci",
    "a type, a year": "/instruction/chiffres/?type=bench-3&depuis=2026-01-01",
    "a département": "/instruction/chiffres/?territoire=departement-40",
    "file, by EPCI": "/instruction/chiffres/telecharger/?echelon=epci",
}


def lengthen(chance: random.Random) -> None:
    """Delays, requests for complements and amounts, which the seed of the list has no use for."""
    from dossiers.enums import CLOSED
    from dossiers.models import ComplementRequest, Dossier
    from portal.accounts.models import User

    by = User.objects.order_by("pk")[0]
    rows = (
        Dossier.objects.deposited()
        .filter(number__startswith="BEN")
        .order_by("pk")
        .only("id", "state", "deposited_at", "closed_at", "due_at")
        .iterator()
    )
    changed: list[Any] = []
    requests: list[Any] = []

    def save() -> None:
        Dossier.objects.bulk_update(changed, ["closed_at", "due_at", "amount_requested", "amount_granted"], 500)
        ComplementRequest.objects.bulk_create(requests, 2000)
        changed.clear()
        requests.clear()

    for dossier in list(rows):
        took = timedelta(minutes=chance.randrange(1, 200_000))
        dossier.due_at = dossier.deposited_at + timedelta(days=90)
        dossier.amount_requested = chance.randrange(100_000_00) / 100
        if dossier.state in CLOSED:
            dossier.closed_at = dossier.deposited_at + took
            if dossier.state == "accepte":
                dossier.amount_granted = dossier.amount_requested
        for number in range(chance.choice([0, 0, 1, 1, 2])):
            asked = dossier.deposited_at + took * (number / 4 + 0.1)
            requests.append(
                ComplementRequest(
                    dossier=dossier,
                    number=number + 1,
                    state="repondue",
                    due_on=asked.date(),
                    due_at=asked,
                    back_to="en_instruction",
                    asked_at=asked,
                    asked_by=by,
                    closed_at=asked + took * 0.1,
                )
            )
        changed.append(dossier)
        if len(changed) >= 5000:
            save()
    save()


def measure(client: Any, address: str) -> dict[str, Any]:
    from django.db import connection

    queries: list[tuple[float, str]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            queries.append((time.perf_counter() - start, sql))

    client.get(address)
    with connection.execute_wrapper(note):
        response = client.get(address)
    assert response.status_code == 200, address
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return {
        "queries": len(queries),
        "bytes": len(response.content),
        "p50": round(statistics.median(times), 1),
        "p95": round(statistics.quantiles(times, n=20)[-1], 1),
        "slowest": [f"{seconds * 1000:.0f} ms {sql[:200]}" for seconds, sql in sorted(queries, reverse=True)[:6]],
    }


def run(count: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from .dossiers import seed

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_territories", force=True, verbosity=0)
    start = time.perf_counter()
    chance = random.Random(7)
    planted = seed(count, chance)
    lengthen(chance)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE dossiers_dossier")
        cursor.execute("ANALYZE")
    print(f"\n{count} dossiers, {connection.vendor}, seeded in {time.perf_counter() - start:.0f} s")
    print(f"{'who':>12} {'what':>16} {'queries':>8} {'bytes':>8} {'p50':>8} {'p95':>8}  (ms)")
    figures = []
    for name, user in planted["who"].items():
        client = Client()
        client.force_login(user)
        for said, address in SCREENS.items():
            row = {"who": name, "what": said} | measure(client, address)
            figures.append(row)
            print(
                f"{name:>12} {said:>16} {row['queries']:>8} {row['bytes']:>8} {row['p50']:>8} {row['p95']:>8}",
                flush=True,
            )
            if "-v" in sys.argv:
                print("\n".join(f"{'':>16} {each}" for each in row["slowest"]), flush=True)
    return {"dossiers": count, "engine": connection.vendor, "figures": figures}


def main() -> None:
    given = [each for each in sys.argv[1:] if each != "-v"]
    count = int(given[0]) if given else 100_000
    if not 100 <= count <= MOST:
        sys.exit(f"Between 100 and {MOST} dossiers.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        import django

        django.setup()
        figures = run(count)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    out = Path("var") / "bench-figures.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"machine": machine} | figures, indent=1, ensure_ascii=False))
    print(f"\n{machine}; JSON in {out}")


if __name__ == "__main__":
    main()
