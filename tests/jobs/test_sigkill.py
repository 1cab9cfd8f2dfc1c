"""A worker killed with SIGKILL in the middle of a task: the task is taken up again, once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 60


def wait_for(path: Path, lines: int) -> list[str]:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        found = path.read_text().split() if path.exists() else []
        if len(found) >= lines:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{path.name} never had {lines} lines")


@pytest.fixture
def manage(tmp_path):
    """Runs ``manage.py`` on a database of its own, with the real task queue."""
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'jobs.sqlite3'}",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
    }
    started = []
    log = (tmp_path / "log").open("ab")

    def run(*args: str, wait: bool = True) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", *args]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        started.append(process)
        if wait:
            assert process.wait(DEADLINE) == 0, (tmp_path / "log").read_text()[-2000:]
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()
    log.close()


def test_a_task_of_a_killed_worker_is_taken_up_again_once(manage, tmp_path, django_db_setup):
    if connection.vendor == "sqlite":
        shutil.copyfile(django_db_setup, tmp_path / "jobs.sqlite3")
    else:
        manage("migrate", "-v0")
    manage(
        "shell",
        "-v0",
        "-c",
        f"from tests.jobs.sample_tasks import write_line; write_line.enqueue({str(tmp_path)!r}, 600)",
    )

    first = manage("worker", "--worker-id", "first", "--interval", "0.2", "--no-startup-delay", wait=False)
    wait_for(tmp_path / "started", 1)
    first.send_signal(signal.SIGKILL)
    first.wait(DEADLINE)

    reap = "assert reap_lost_tasks(timezone.now() + 2 * LEASE) == {}"
    lines = ["from portal.jobs.leases import *", reap.format(1), reap.format(0)]
    manage("shell", "-v0", "-c", "\n".join(lines))
    manage("worker", "--worker-id", "second", "--batch", "--no-startup-delay")
    manage("worker", "--worker-id", "third", "--batch", "--no-startup-delay")

    assert len(wait_for(tmp_path / "started", 2)) == 2
    assert len(wait_for(tmp_path / "finished", 1)) == 1
