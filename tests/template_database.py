"""The database of the tests on SQLite, made once and copied, in the system's folder for temporary files.

Two files: the schema, migrated (which takes longer than most tests together), made again when a migration, something it
imports, the settings or the locked packages change; and that with the baseline, made again when any code changes. Their
names carry a hash of what they come from.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import django
import wagtail
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
APPS = ("portal", "pages", "events", "newsletters", "resources", "dossiers")
FOLDER = Path(tempfile.gettempdir()) / f"portal-test-databases-{os.getuid()}"
KEPT = 8


def load(migrate: Callable[[], None], fill: Callable[[], None]) -> Path:
    """Fill the empty database in memory from the template; what is missing of it is made first.

    Returns the template's file, to be copied and never written to.
    """
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    schema = FOLDER / f"schema-{_fingerprint(_sources_of_schema())}.sqlite3"
    template = FOLDER / f"{_fingerprint(_sources())}.sqlite3"
    # One process builds, the others wait for it.
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if template.exists():
            _read(template)
            return template
        if schema.exists():
            _read(schema)
        else:
            migrate()
            _write(schema)
        fill()
        _write(template)
    return template


def _read(path: Path) -> None:
    path.touch()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source:
        connection.ensure_connection()
        source.backup(connection.connection)


def _write(path: Path) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as target:
        connection.connection.backup(target)
    part.rename(path)
    kind = "schema-*" if path.name.startswith("schema-") else "[!s]*"
    for old in sorted(FOLDER.glob(f"{kind}.sqlite3"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink()


def _sources() -> Iterable[Path]:
    for app in APPS:
        yield from sorted((ROOT / app).rglob("*.py"))
    yield from (ROOT / "tests" / name for name in ("baseline.py", "conftest.py", Path(__file__).name))
    yield ROOT / "requirements-dev.lock"


def _sources_of_schema() -> Iterable[Path]:
    """Migrations, the modules of ours that they import, wherever in them, and the settings."""
    imported = set()
    for app in APPS:
        for path in sorted((ROOT / app).rglob("migrations/*.py")):
            yield path
            imported.update(re.findall(rf"^\s*(?:import|from)\s+((?:{'|'.join(APPS)})[\w.]*)", path.read_text(), re.M))
    for name in sorted(imported):
        module = ROOT / name.replace(".", "/")
        yield from (path for path in (module.with_suffix(".py"), module / "__init__.py") if path.exists())
    yield from sorted((ROOT / "portal" / "settings").glob("*.py"))
    yield from (Path(__file__), ROOT / "requirements-dev.lock")


def _fingerprint(sources: Iterable[Path]) -> str:
    found = hashlib.sha256(f"{django.__version__} {wagtail.__version__} {sqlite3.sqlite_version}".encode())
    for path in sources:
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:20]
