"""Processes of the portal on a database of their own, as in production: for what one test process cannot show (races,
kills). On SQLite a file, copied; on PostgreSQL a database made from the tests' own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
DEADLINE = 90  # seconds


@dataclass
class Processes:
    """Starts commands and races on the database of ``env``; ends them all with the test."""

    folder: Path
    env: dict[str, str] = field(repr=False)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def mails(self) -> list[str]:
        """The messages sent, as written by the embedded mode."""
        return [each.read_text() for each in sorted((self.folder / "mail").glob("*.eml"))]

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.env, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def manage(self, *args: str, wait: bool = True) -> subprocess.Popen[bytes]:
        """``manage.py``; with ``wait``, fails where it fails."""
        process = self.start("manage.py", *args)
        if wait:
            assert process.wait(DEADLINE) == 0, self.log()
        return process

    def race(self, *racers: tuple[str, Any]) -> list[Any]:
        """Run functions of ``tests.security.racers``, each (name, argument) in a process, all from the same moment.

        Returns what each returned, in order; what one raised is a string that begins with « error ».
        """
        folder = self.folder / f"race-{uuid.uuid4().hex}"
        folder.mkdir()
        started = [
            self.start("-m", "tests.security.racers", str(folder), str(number), name, json.dumps(argument))
            for number, (name, argument) in enumerate(racers)
        ]
        for number, process in enumerate(started):
            self.wait_for(folder / f"ready-{number}", process)
        (folder / "go").touch()
        found = []
        for number, process in enumerate(started):
            assert process.wait(DEADLINE) == 0, self.log()
            found.append(json.loads((folder / f"result-{number}").read_text()))
        return found

    def do(self, name: str, argument: Any = None) -> Any:
        """One function of ``tests.security.racers``, alone; it must not fail."""
        [found] = self.race((name, argument))
        assert not str(found).startswith("error"), found
        return found

    def wait_for(self, path: Path, process: subprocess.Popen[bytes] | None = None, lines: int = 0) -> list[str]:
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if path.exists() and len(found := path.read_text().split()) >= lines:
                return found
            assert process is None or process.poll() in (None, 0), self.log()
            time.sleep(0.02)
        raise AssertionError(f"{path.name} never came (or had {lines} lines)\n{self.log()}")

    def log(self) -> str:
        return (self.folder / "log").read_text()[-4000:]

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()


@pytest.fixture
def processes(tmp_path: Path, django_db_setup: Path | None, django_db_blocker: Any) -> Iterator[Processes]:
    env = os.environ | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.dev", "EMAIL_URL": ""}
    if connection.vendor == "sqlite":
        assert django_db_setup is not None
        shutil.copyfile(django_db_setup, tmp_path / "portal.sqlite3")
        running = Processes(tmp_path, env | {"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}"})
        yield running
        running.end()
        return
    name = f"race_{uuid.uuid4().hex}"
    with django_db_blocker.unblock():
        # A database that somebody is connected to cannot be copied.
        connection.close()
        given = connection.settings_dict
        parameters = connection.get_connection_params() | {"dbname": "postgres"}
        connect = connection.Database.connect
        keep = ("host", "port", "user", "password", "dbname")
        parameters = {key: value for key, value in parameters.items() if key in keep}
        with closing(connect(**parameters, autocommit=True)) as server:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{given["NAME"]}"')
        host, port, user = given["HOST"] or "127.0.0.1", given["PORT"] or 5432, quote(given["USER"])
        password = f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else ""
        running = Processes(tmp_path, env | {"DATABASE_URL": f"postgres://{user}{password}@{host}:{port}/{name}"})
        try:
            yield running
        finally:
            running.end()
            with closing(connect(**parameters, autocommit=True)) as server:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
