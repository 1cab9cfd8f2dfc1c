"""``python -m tests.bench.subscribers [rows]``: a file of so many addresses tried, imported and taken back.

Prints seconds and the peak of memory (resident, of the whole process) after each phase, and JSON into
``var/bench-subscribers.json``. Checks what it counts: a bench of an import that left rows out would lie.
"""

from __future__ import annotations

import json
import os
import platform
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MOST = 2_000_000
#: Of one hundred rows, so many repeat an address, and so many have none that is usable.
DOUBLES, BAD = 3, 2
NAMES = ("Jeanne", "Zoé", "François", "Aïcha", "Loïc", "Maëlle", "Noël", "Inès")
PLACES = ("Mairie de Dax", "Médiathèque", "CC du Pays d’Orthe", "Emmaüs Connect", "Département des Landes", "PIMMS")


def write_file(path: Path, rows: int, chance: random.Random) -> tuple[int, int]:
    """A file as hubs send them; (rows that are taken, bytes)."""
    fresh = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("E-mail;Prénom;Nom;Structure;Département\r\n")
        for number in range(rows):
            luck = number % 100
            if luck < BAD:
                address = f"personne{number}(at)exemple.fr"
            elif luck < BAD + DOUBLES and number > 50:
                address = f"personne{number - 50}@Structure{(number - 50) % 3000}.fr"
            else:
                address = f"personne{number}@structure{number % 3000}.fr"
                fresh += 1
            name = NAMES[chance.randrange(8)]
            file.write(f"{address};{name};Dupont-{number};{PLACES[chance.randrange(6)]};{1 + number % 95:02}\r\n")
    return fresh, path.stat().st_size


def peak() -> float:
    """MB, of 10^6 bytes (Linux counts kilobytes)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1)


def run(rows: int, folder: Path) -> dict[str, Any]:
    from django.core.files.base import File
    from django.db import connection

    from newsletters.imports import services
    from newsletters.imports.models import SubscriberImport
    from newsletters.imports.work import carry_out
    from newsletters.models import ConsentEvent, Subscriber, Subscription
    from newsletters.services import ensure_default_list
    from portal.accounts.models import User
    from portal.territories.models import Territory

    actor = User.objects.create_superuser(email="bench@exemple.fr", password="bench")
    mailing_list = ensure_default_list(territory=Territory.objects.nation())
    path = folder / "adresses.csv"
    fresh, weight = write_file(path, rows, random.Random(7))
    figures: dict[str, Any] = {"engine": connection.vendor, "rows": rows, "file_MB": round(weight / 1e6, 1)}
    figures["before_MB"] = peak()
    item = SubscriberImport()

    def prepare() -> None:
        nonlocal item
        with path.open("rb") as opened:
            item = services.prepare(
                actor=actor,
                mailing_list=mailing_list,
                upload=File(opened, "adresses.csv"),
                basis="form",
                evidence="Banc d’essai, adresses inventées",
            )
            services.set_columns(actor=actor, item=item, mapping=item.mapping, has_header=item.has_header)

    def phase(name: str, act: Any) -> None:
        start = time.perf_counter()
        act()
        if item.pk and name != "upload":
            assert carry_out(item.pk)
        figures[f"{name}_s"] = round(time.perf_counter() - start, 1)
        figures[f"{name}_MB"] = peak()
        print(f"  {name:>10}  {figures[f'{name}_s']:>7} s  {figures[f'{name}_MB']:>7} MB", flush=True)

    print(f"{rows} rows, {figures['file_MB']} MB, {connection.vendor}; {figures['before_MB']} MB before")
    phase("upload", prepare)
    phase("trial", lambda: None)
    item.refresh_from_db()
    assert item.taken == fresh, (item.counts, fresh)
    assert not Subscriber.objects.exists()
    phase("import", lambda: services.confirm(actor=actor, item=item))
    item.refresh_from_db()
    assert item.state == "done", item.state
    assert Subscription.objects.filter(list=mailing_list, state="active").count() == fresh
    assert ConsentEvent.objects.count() == Subscriber.objects.count() == fresh
    figures["total_s"] = round(figures["upload_s"] + figures["trial_s"] + figures["import_s"], 1)
    print(f"  {'in all':>10}  {figures['total_s']:>7} s  {figures['import_MB']:>7} MB")
    phase("undo", lambda: services.undo(actor=actor, item=item))
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()
    assert ConsentEvent.objects.count() == 2 * fresh
    return figures


def make_ready() -> None:
    """The database, in a process of its own: loading the territories takes more memory than what is measured."""
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            sys.exit("The database could not be made ready.")
        return
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_territories", force=True, verbosity=0)
    os._exit(0)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if not 1 <= rows <= MOST:
        sys.exit(f"Between 1 and {MOST} rows.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        make_ready()
        import django

        django.setup()
        figures = run(rows, Path(folder))
    figures["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    out = Path("var") / "bench-subscribers.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    print(f"{figures['machine']}; JSON in {out}")


if __name__ == "__main__":
    main()
