"""``python -m tests.bench.exports [dossiers]``: the list exported in every format, at a tenth of so many and at all.

Each export is made in a process of its own: seconds, peak of resident memory beside that of a process that has the
portal loaded and makes nothing, queries, weight of the file. What is written is counted: an export that left rows out
would be quick. ``var/bench-exports.json``; exits with 1 where ten times as many dossiers take much more memory.
"""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import random
import re
import resource
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

#: The most that an archive takes.
MOST: Final = 10_000
#: MB that ten times as many dossiers may add: their identifiers, what a sheet's writer keeps.
MOST_GROWTH: Final = 60
ROWS_EACH: Final = 4
FILES_EACH: Final = 2
FILE_BYTES: Final = 20_000
WORDS: Final = ["atelier", "médiation", "numérique", "inclusion", "formation", "territoire", "accueil", "réseau"]


def _field(key: str, kind: str, **given: Any) -> dict[str, Any]:
    made = {"key": key, "kind": kind, "label": f"Champ {key}", "help": "", "required": False, "role": ""}
    return made | {"options": {}, "condition": None} | given


def schema() -> dict[str, Any]:
    """What a demande de subvention asks: ten fields, a budget, a piece."""
    columns = [
        {"key": "poste", "kind": "texte", "label": "Poste", "required": False, "options": {}},
        {"key": "montant", "kind": "montant", "label": "Montant", "required": False, "options": {}},
        {"key": "e-mail", "kind": "e-mail", "label": "Adresse e-mail", "required": False, "options": {}},
    ]
    choices = [{"value": "oui", "label": "Souhaite porter"}, {"value": "non", "label": "Souhaite participer"}]
    return {
        "fields": [
            _field("nom", "texte", role="intitule"),
            _field("description", "texte-long"),
            _field("effectif", "entier"),
            _field("montant", "montant", role="montant-demande"),
            _field("debut", "date"),
            _field("public", "oui-non"),
            _field("souhait", "choix", options={"choices": choices}),
            _field("lieu", "territoire"),
            _field("siret", "siret"),
            _field("contact", "e-mail", role="contact-e-mail"),
            _field("budget", "tableau", options={"columns": columns}),
            _field("devis", "piece", options={"max_files": FILES_EACH}),
        ]
    }


def values(number: int, chance: random.Random, place: str) -> dict[str, Any]:
    rows = [
        {"id": str(uuid.UUID(int=chance.getrandbits(128))), "poste": f"=Poste {rank}", "montant": f"{rank}00.50"}
        for rank in range(ROWS_EACH)
    ]
    rows[0]["e-mail"] = f"membre{number}@exemple.fr"
    return {
        "nom": f"Projet {number}",
        "description": " ".join(chance.choice(WORDS) for _ in range(200)),
        "effectif": number,
        "montant": f"{number % 9000}.50",
        "debut": "2026-09-01",
        "public": bool(number % 2),
        "souhait": "oui",
        "lieu": place,
        "siret": "35600000000048",
        "contact": f"contact{number}@exemple.fr",
        "budget": rows,
    }


def seed(count: int) -> None:
    """``count`` dossiers with their pieces, one in ten in the Landes. By bulk insert."""
    from django.core.management import call_command
    from django.utils import timezone

    from dossiers.enums import CLOSED, State
    from dossiers.models import Dossier, DossierRevision, DossierType, DossierTypeVersion, Piece, PieceVersion
    from portal.accounts.models import Membership, Organisation, User
    from portal.files.enums import ScanState
    from portal.files.models import StoredFile, private_storage
    from portal.territories.models import Territory

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_territories", force=True, verbosity=0)
    chance, now = random.Random(7), timezone.now()
    types = []
    for rank in range(3):
        made = DossierType.objects.create(code=f"bench-{rank}", kind="subvention", title=f"Type {rank}", prefix="BEN")
        made.current_version = DossierTypeVersion.objects.create(type=made, number=1, schema=schema())
        made.save(update_fields=["current_version"])
        types.append(made)
    epcis = list(Territory.objects.current().filter(level="epci", departement__isnull=False).order_by("code"))
    landes = [each for each in epcis if each.departement is not None and each.departement.code == "40"]
    others = [each for each in epcis if each not in landes]
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Organisation {number}", kind="epci", territory=chance.choice(epcis))
        for number in range(500)
    )
    nation = User.objects.create(email="national@exemple.fr")
    Membership.objects.create(user=nation, role="instructor", territory=Territory.objects.nation())
    one = User.objects.create(email="landes@exemple.fr")
    Membership.objects.create(user=one, role="instructor", territory=landes[0].departement)
    states = [State.DEPOSITED, State.INSTRUCTION, State.INSTRUCTION, State.ACCEPTED, State.REFUSED]
    for start in range(0, count, 2000):
        rows, stored, pieces, versions, revisions = [], [], [], [], []
        for number in range(start, min(start + 2000, count)):
            epci, type_ = chance.choice(others if number % 10 else landes), types[number % 3]
            state, at = chance.choice(states), now - timedelta(minutes=chance.randrange(700_000))
            dossier = Dossier(
                id=uuid.UUID(int=chance.getrandbits(128), version=4),
                number=f"BEN-2026-{number:07}",
                type=type_,
                type_version=type_.current_version,
                organisation=organisations[number % 500],
                territory=epci,
                title=f"Projet {number}",
                state=state,
                closed_at=at if state in CLOSED else None,
                values=values(number, chance, epci.key),
                amount_requested=number % 9000,
                amount_granted=number % 9000 if state == State.ACCEPTED else None,
                routed_to_id=epci.departement_id,
                created_at=at,
                updated_at=at,
                deposited_at=at,
                due_at=at + timedelta(days=300),
            )
            rows.append(dossier)
            sent: list[list[str]] = []
            revisions.append(DossierRevision(dossier=dossier, number=1, values={}, pieces={"devis": sent}, at=at))
            for rank in range(FILES_EACH):
                file = StoredFile(
                    purpose="dossiers", name=f"devis {rank}.pdf", extension="pdf", content_type="application/pdf",
                    size=FILE_BYTES, sha256="0" * 64, scan_state=ScanState.CLEAN,
                )  # fmt: skip
                private_storage().save(file.key, io.BytesIO(chance.randbytes(FILE_BYTES)))  # type: ignore[arg-type]
                piece = Piece(dossier=dossier, field="devis", created_at=at)
                stored.append(file)
                pieces.append(piece)
                versions.append(PieceVersion(piece=piece, number=1, file=file, at=at))
                sent.append([str(versions[-1].pk), file.name, file.sha256])
        for model, made in ((Dossier, rows), (DossierRevision, revisions), (StoredFile, stored)):
            model._default_manager.bulk_create(made)  # type: ignore[arg-type]
        Piece.objects.bulk_create(pieces)
        PieceVersion.objects.bulk_create(versions)


def peak() -> float:
    """MB, of 10^6 bytes (Linux counts kilobytes)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1)


def counted(kind: str, subject: str, path: Any) -> int:
    """Lines of the first sheet without its head, read back a piece at a time."""
    if kind == "zip":
        with zipfile.ZipFile(path) as archive:
            return sum("/" in name for name in archive.namelist())
    if kind == "csv":
        first = "Contacts.csv" if subject == "contacts" else "Dossiers.csv"
        with zipfile.ZipFile(path) as archive, archive.open(first) as file:
            return sum(1 for _ in csv.reader(io.TextIOWrapper(file, "utf-8"), delimiter=";")) - 1
    member, mark, end = {
        "xlsx": ("xl/worksheets/sheet1.xml", rb"<row[ >]", b"</sheetData>"),
        "ods": ("content.xml", b"<table:table-row>", b"</table:table>"),
    }[kind]
    total, rest = 0, b""
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        while chunk := file.read(1 << 20):
            text = rest + chunk
            whole, ended, _ = text.partition(end)
            if ended:
                return total + len(re.findall(mark, whole)) - 1
            # What a mark across two pieces would lose is kept for the next.
            cut = max(0, len(text) - 30)
            total += len(re.findall(mark, text[:cut]))
            rest = text[cut:]
    raise AssertionError(f"{member} has no end.")


def make(email: str, kind: str, subject: str, expected: int) -> dict[str, Any]:
    """Ask and build, as the worker does."""
    from django.db import connection

    from dossiers.exports import services
    from dossiers.exports.building import build
    from dossiers.models import DossierExport
    from portal.accounts.models import User

    queries = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -2000")  # The engine's own 32 MB would be counted with the export's.
    actor = User.objects.get(email=email)
    export = services.ask(
        actor=actor, subject=subject, kind=kind, filters={}, level="" if subject == "contacts" else "epci"
    )
    before, start = peak(), time.perf_counter()
    with connection.execute_wrapper(count):
        made = build(export.pk)
    seconds, after = time.perf_counter() - start, peak()
    export = DossierExport.objects.select_related("file").get(pk=export.pk)
    assert made, export.error
    assert export.file is not None
    with export.file.open() as file:
        found = counted(kind, subject, file)
    assert found == expected, f"{kind}: {found} lines instead of {expected}"
    return {
        "seconds": round(seconds, 1),
        "before_MB": before,
        "peak_MB": after,
        "queries": queries,
        "file_MB": round(export.file.size / 1e6, 1),
    }


def apart(act: Callable[[], Any]) -> Any:
    """What ``act`` returns, done in a process of its own, which sets the portal up first. Exits where it fails."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading) as answers:
            said = answers.read()
        if os.waitpid(child, 0)[1]:
            sys.exit("A part of the bench failed.")
        return json.loads(said)
    status = 1
    try:
        os.close(reading)
        import django

        django.setup()
        answer = json.dumps(act())
        with os.fdopen(writing, "w") as answers:
            answers.write(answer)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def runs(count: int) -> Iterator[tuple[str, str, str, int, int]]:
    """(format, subject, who, dossiers, lines expected)."""
    for kind in ("csv", "xlsx", "ods"):
        for who, number in (("landes", count // 10), ("national", count)):
            yield kind, "dossiers", who, number, number
    for who, number in (("landes", count // 10), ("national", count)):
        # The contact of the form, and the line of the table that has an address.
        yield "xlsx", "contacts", who, number, 2 * number
    for who, number in (("landes", count // 10), ("national", count)):
        yield "zip", "dossiers", who, number, FILES_EACH * number


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    if not 100 <= count <= MOST or count % 10:
        sys.exit(f"Between 100 and {MOST} dossiers, by tens.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        start = time.perf_counter()
        apart(lambda: seed(count))
        print(f"{count} dossiers, seeded in {time.perf_counter() - start:.0f} s")
        print(f"{'':>14} {'dossiers':>9} {'seconds':>8} {'peak':>8} {'added':>7} {'queries':>8} {'file':>8}  (MB)")
        figures: list[dict[str, Any]] = []
        for kind, subject, who, number, expected in runs(count):
            found = apart(lambda: make(f"{who}@exemple.fr", kind, subject, expected))  # noqa: B023
            name = f"{subject if subject == 'contacts' else ''} {kind}".strip()
            figures.append({"what": name, "dossiers": number} | found)
            added = round(found["peak_MB"] - found["before_MB"], 1)
            print(
                f"{name:>14} {number:>9} {found['seconds']:>8} {found['peak_MB']:>8} {added:>7} {found['queries']:>8} "
                f"{found['file_MB']:>8}",
                flush=True,
            )
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    out = Path("var") / "bench-exports.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"machine": machine, "figures": figures}, indent=1, ensure_ascii=False))
    print(f"{machine}; JSON in {out}")
    pairs = zip(figures[::2], figures[1::2], strict=True)
    grown = [few["what"] for few, many in pairs if many["peak_MB"] - few["peak_MB"] > MOST_GROWTH]
    if grown:
        sys.exit(f"Memory grows with the dossiers: {', '.join(grown)}")


if __name__ == "__main__":
    main()
