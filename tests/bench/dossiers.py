"""``python -m tests.bench.dossiers [dossiers]``: the list of those who instruct, at so many dossiers.

For an instructor of a département, of a région and the national administration, under several filters: queries, p50
and p95 in milliseconds of the whole answer. Checks that what is counted was shown. JSON in ``var/bench-dossiers.json``.
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
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

MOST = 1_000_000
RUNS = 20
WORDS = [
    "atelier",
    "mediation",
    "numerique",
    "inclusion",
    "formation",
    "territoire",
    "aidants",
    "accueil",
    "parcours",
    "lieu",
    "reseau",
    "seniors",
]
FILTERS = {
    "first page": "",
    "page 20": "page=20",
    "one state": "etat=en_instruction",
    "late": "retard=1",
    "mine": "etat=ouverts&confie=moi",
    "nobody's": "etat=ouverts&confie=personne",
    "a label": "etiquette={label}",
    "a type": "type=bench-3",
    "a département": "territoire=departement-40",
    "an EPCI": "territoire=departement-40&epci={epci}",
    "a frequent word": "q=atelier",
    "a rare word": "q=introuvable",
    "dates, soonest due": "depuis=2020-01-01&tri=echeance",
}


def seed(count: int, chance: random.Random) -> dict[str, Any]:
    """Dossiers all over France, by bulk insert; returns who looks at them and what filters name."""
    from django.utils import timezone

    from dossiers.enums import CLOSED, State
    from dossiers.models import Dossier, DossierType, DossierTypeVersion, Label
    from portal.accounts.models import Membership, Organisation, User
    from portal.territories.models import Territory

    now = timezone.now()
    departements = list(Territory.objects.current().filter(level="departement").order_by("code"))
    epcis = list(Territory.objects.current().filter(level="epci", departement__isnull=False).order_by("code"))
    types = []
    for number in range(6):
        made = DossierType.objects.create(
            code=f"bench-{number}", kind="contribution", title=f"Type {number}", prefix="BEN"
        )
        made.current_version = DossierTypeVersion.objects.create(type=made, number=1, schema={"fields": []})
        made.save(update_fields=["current_version"])
        types.append(made)
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Organisation {number}", kind="epci", territory=epcis[number % len(epcis)])
        for number in range(2000)
    )
    people = User.objects.bulk_create(
        User(email=f"instructeur{number}@exemple.fr", first_name="Camille", last_name=f"Instruction {number}")
        for number in range(2 * len(departements))
    )
    for number, person in enumerate(people):
        Membership.objects.create(user=person, role="instructor", territory=departements[number // 2])
    by_departement = {each.pk: people[2 * rank : 2 * rank + 2] for rank, each in enumerate(departements)}
    labels = {each.pk: Label.objects.create(territory=each, name="Urgent") for each in departements}
    states = (
        [State.DEPOSITED] * 2 + [State.INSTRUCTION] * 3 + [State.INCOMPLETE] + [State.ACCEPTED] * 3 + [State.REFUSED]
    )
    through = Dossier.labels.through
    for start in range(0, count, 5000):
        rows, tagged = [], []
        for number in range(start, min(start + 5000, count)):
            epci = epcis[chance.randrange(len(epcis))]
            service, state, type_ = epci.departement_id, states[chance.randrange(10)], types[chance.randrange(6)]
            at = now - timedelta(minutes=chance.randrange(700_000))
            words = " ".join(chance.choice(WORDS[3:] if number % 3 else WORDS) for _ in range(40))
            rows.append(
                Dossier(
                    id=uuid.UUID(int=chance.getrandbits(128), version=4),
                    number=f"BEN-2026-{number:07}",
                    type=type_,
                    type_version=type_.current_version,
                    organisation=organisations[chance.randrange(2000)],
                    territory=epci,
                    title=f"Projet {number}",
                    state=state,
                    previous_state=State.INSTRUCTION if state == State.INCOMPLETE else "",
                    complement_due_at=now if state == State.INCOMPLETE else None,
                    closed_at=at if state in CLOSED else None,
                    values={"description": words * 3},
                    search_text=f"ben 2026 {number:07} projet {words}",
                    routed_to_id=service,
                    assignee=chance.choice([None, *by_departement[service]]),
                    created_at=at,
                    updated_at=at,
                    deposited_at=at,
                    due_at=at + timedelta(days=300),
                )
            )
            if not number % 10:
                tagged.append(through(dossier_id=rows[-1].pk, label_id=labels[service].pk))
        Dossier.objects.bulk_create(rows)
        through.objects.bulk_create(tagged)
    landes = next(each for each in departements if each.code == "40")
    region = User.objects.create(email="region@exemple.fr")
    Membership.objects.create(user=region, role="instructor", territory=landes.region)
    national = User.objects.create(email="national@exemple.fr")
    # Not an administrator: who must have a second factor is led to it first.
    Membership.objects.create(user=national, role="instructor", territory=Territory.objects.nation())
    epci = next(each for each in epcis if each.departement_id == landes.pk)
    return {
        "who": {"département": by_departement[landes.pk][0], "région": region, "national": national},
        "label": labels[landes.pk].pk,
        "epci": epci.key,
    }


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
    # Not the connection's own log: it is emptied at the beginning of each request.
    with connection.execute_wrapper(note):
        response = client.get(address)
    assert response.status_code == 200, address
    shown = response.content.decode().count('class="portal-dossier portal-dossier--chosen"')
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    slowest = max(queries)
    return {
        "queries": len(queries),
        "shown": shown,
        "p50": round(statistics.median(times), 1),
        "p95": round(statistics.quantiles(times, n=20)[-1], 1),
        "slowest": f"{slowest[0] * 1000:.0f} ms {slowest[1][:90]}",
    }


def run(count: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from dossiers.models import Dossier

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_territories", force=True, verbosity=0)
    start = time.perf_counter()
    planted = seed(count, random.Random(7))
    assert Dossier.objects.count() == count
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE dossiers_dossier" if connection.vendor == "postgresql" else "ANALYZE")
        cursor.execute("ANALYZE")
    print(f"\n{count} dossiers, {connection.vendor}, seeded in {time.perf_counter() - start:.0f} s")
    print(f"{'who':>12} {'filter':>20} {'queries':>8} {'shown':>6} {'p50':>8} {'p95':>8}  (ms)")
    figures, counts = [], set()
    for name, user in planted["who"].items():
        client = Client()
        client.force_login(user)
        for said, query in FILTERS.items():
            if name == "département" and said == "page 20" and count < 100_000:
                continue
            address = "/instruction/?" + query.format(label=planted["label"], epci=planted["epci"])
            if said == "page 20" and client.get(address).status_code == 404:
                continue  # Their dossiers are fewer.
            row = {"who": name, "filter": said} | measure(client, address)
            counts.add(row["queries"])
            figures.append(row)
            print(
                f"{name:>12} {said:>20} {row['queries']:>8} {row['shown']:>6} {row['p50']:>8} {row['p95']:>8}",
                flush=True,
            )
            if row["p95"] > 100:
                print(f"{'':>12} {row['slowest']}", flush=True)
    print(f"queries: from {min(counts)} to {max(counts)}; worst p95 {max(row['p95'] for row in figures)} ms")
    return {"dossiers": count, "engine": connection.vendor, "figures": figures}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
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
    out = Path("var") / "bench-dossiers.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"machine": machine} | figures, indent=1, ensure_ascii=False))
    print(f"\n{machine}; JSON in {out}")


if __name__ == "__main__":
    main()
