"""``python -m tests.bench.letters [people [processes]]``: how fast letters leave, beside what the sink can take.

A letter of 35 kB to 20,000 people through Postfix's own ``smtp-sink``; in the same run ``smtp-source``, which only
writes the same bytes from memory over as many kept connections, says what the machine and the sink allow. Printed as a
table and written to ``var/bench-letters.json``: messages a second with one process and with all, the share of time
spent in rendering, database and socket, the most memory a process took. On SQLite, or on the server of DATABASE_URL.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

WEIGHT = 35 * 1024
MOST = 200_000


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count() or 1
    if not 1 <= people <= MOST:
        sys.exit(f"Between 1 and {MOST} people.")
    sink, source = (shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("smtp-sink", "smtp-source"))
    if sink is None or source is None:
        print("Letters were left out: smtp-sink and smtp-source are missing (Debian: postfix).")
        return
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, _running(sink) as port:
        _set_up(folder, port)
        figures = _run(people, processes, source, port)
    print(f"{'':>34}{'messages/s':>12}")
    for name, value in figures["rates"].items():
        print(f"{name:>34}{value:>12,.0f}")
    print(f"{'share of smtp-source':>34}{figures['share']:>11.0%}")
    shares = "  ".join(f"{name} {part:.0%}" for name, part in figures["time"].items())
    print(f"one process: {shares}; at most {figures['memory']} MB; {figures['merges']:,.0f} merges a second")
    out = Path("var") / "bench-letters.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=1, ensure_ascii=False))


def _set_up(folder: str, port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.letters_settings"
    os.environ["VAR_DIR"] = folder
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    from tests.baseline import load_baseline

    load_baseline()


@contextlib.contextmanager
def _running(sink: str) -> Iterator[int]:
    """Postfix's sink on a free port of loopback; ended with the bench."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    process = subprocess.Popen([sink, *user, f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def _run(people: int, processes: int, source: str, port: int) -> dict[str, Any]:
    from django.db import connection, connections

    from newsletters.models import Campaign, Delivery
    from pages.services import open_territory_space
    from portal.territories.models import Territory
    from tests.newsletters.sending.factories import make_campaign

    space = open_territory_space(territory=Territory.objects.get(level="departement", code="40"))
    campaign = make_campaign(space, people, weight=WEIGHT - 6000)
    start = time.perf_counter()
    from newsletters.sending import snapshot

    snapshot.take(campaign.pk, campaign.started_at)
    taken = time.perf_counter() - start
    size = _size(campaign)

    def again() -> None:
        """The same campaign, as if nothing had been sent."""
        Delivery.objects.update(state="waiting", sent_at=None, attempts=0, code="", settled_at=None)
        Campaign.objects.update(state="running", finished_at=None, version=1)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM FULL ANALYZE newsletters_delivery")

    merges = _merges(campaign)
    spent = _one_process(people)
    rates = {"one process": people / spent["all"]}
    again()
    connections.close_all()
    rates[f"{processes} processes"] = people / _many(processes)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    assert set(Delivery.objects.order_by().values_list("state", flat=True).distinct()) == {"accepted"}
    rates[f"smtp-source, {processes} kept connections"] = people / _limit(source, port, people, processes, size)
    best = rates[f"{processes} processes"]
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "engine": connection.vendor,
        "people": people,
        "bytes a message": size,
        "seconds of snapshot": round(taken, 1),
        "rates": rates,
        "share": best / list(rates.values())[-1],
        "time": {name: spent[name] / spent["all"] for name in ("rendering", "database", "socket")},
        "merges": merges,
        "memory": peak,
    }


def _compiled(campaign: Any) -> tuple[Any, list[Any]]:
    from newsletters.models import MailingList
    from newsletters.sending.claims import _sorted_out
    from newsletters.sending.merge import CompiledLetter, Source

    lists = MailingList.objects.in_bulk(list(campaign.lists.values_list("pk", flat=True)))
    keys = list(campaign.deliveries.order_by("pk").values_list("pk", flat=True)[:5000])
    return CompiledLetter(Source.of(campaign), lists), _sorted_out(keys)[0]


def _size(campaign: Any) -> int:
    letter, copies = _compiled(campaign)
    return len(letter.render(copies[0], 1))


def _merges(campaign: Any) -> float:
    """Copies rendered a second by one core, nothing else done."""
    letter, copies = _compiled(campaign)
    start = time.perf_counter()
    for _ in range(4):
        for copy in copies:
            letter.render(copy, 1)
    return 4 * len(copies) / (time.perf_counter() - start)


def _one_process(people: int) -> dict[str, float]:
    """Seconds in all, in rendering, in the database and, what is left of the hand-over, in the socket."""
    from newsletters.sending import claims, merge, settle, smtp
    from newsletters.sending.worker import Worker

    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += time.perf_counter() - start

        return call

    originals = [(claims, "claim"), (settle, "write"), (settle, "note_transport")]
    originals += [(merge.CompiledLetter, "render"), (smtp.SMTPTransport, "_write"), (smtp.SMTPTransport, "_read")]
    kept = [(owner, name, getattr(owner, name)) for owner, name in originals]
    for owner, name, function in kept:
        part = "rendering" if name == "render" else "socket" if name.startswith("_") else "database"
        setattr(owner, name, timed(part, function))
    start = time.perf_counter()
    sent = Worker().run(until=lambda: False)
    spent["all"] = time.perf_counter() - start
    for owner, name, function in kept:
        setattr(owner, name, function)
    assert sent == people, f"{sent} of {people} sent"
    return spent


def _many(processes: int) -> float:
    """Seconds that ``manage.py send_letters --processes`` takes, its start (measured with nothing to send) left out."""
    from newsletters.models import Campaign

    command = [sys.executable, "manage.py", "send_letters", "--processes", str(processes)]
    Campaign.objects.update(state="paused")
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    idle = time.perf_counter() - start
    Campaign.objects.update(state="running")
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start - idle


def _limit(source: str, port: int, people: int, processes: int, size: int) -> float:
    """Seconds that Postfix's own tool takes to write as many messages of that size over as many kept connections."""
    command = [source, "-d", "-s", str(processes), "-m", str(people), "-l", str(size), f"127.0.0.1:{port}"]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
