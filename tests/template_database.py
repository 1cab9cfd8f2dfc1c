"""The database of the tests on SQLite, made once and copied: migrated, with the baseline, in the system's folder for
temporary files. Its name carries a hash of all that it comes from, so that a change of code makes another one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
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


def load(make: Callable[[], None]) -> Path:
    """Fill the empty database in memory from the template, which ``make`` builds there first where there is none.

    Returns the template's file, to be copied and never written to.
    """
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    template = FOLDER / f"{_fingerprint()}.sqlite3"
    # One process builds, the others wait for it.
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            make()
            part = template.with_suffix(".part")
            part.unlink(missing_ok=True)
            with closing(sqlite3.connect(part)) as target:
                connection.connection.backup(target)
            part.rename(template)
            for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
                old.unlink()
            return template
        template.touch()
        with closing(sqlite3.connect(f"{template.as_uri()}?mode=ro", uri=True)) as source:
            connection.ensure_connection()
            source.backup(connection.connection)
    return template


def _sources() -> Iterable[Path]:
    for app in APPS:
        yield from sorted((ROOT / app).rglob("*.py"))
    yield from (ROOT / "tests" / name for name in ("baseline.py", "conftest.py", Path(__file__).name))
    yield ROOT / "requirements-dev.lock"


def _fingerprint() -> str:
    found = hashlib.sha256(f"{django.__version__} {wagtail.__version__} {sqlite3.sqlite_version}".encode())
    for path in _sources():
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:20]
