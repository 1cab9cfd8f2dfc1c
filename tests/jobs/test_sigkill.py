"""Workers and timers killed with SIGKILL in the middle of their work: it is taken up again, nothing is lost."""

from __future__ import annotations

import signal
import subprocess

import pytest

from tests.processes import DEADLINE, Processes

pytestmark = pytest.mark.xdist_group("sigkill")


def shell(processes: Processes, *lines: str) -> None:
    processes.manage("shell", "-v0", "-c", "\n".join(lines))


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(DEADLINE)


def start_worker(processes: Processes, name: str) -> subprocess.Popen[bytes]:
    return processes.manage("worker", "--worker-id", name, "--interval", "0.2", "--no-startup-delay", wait=False)


REAP = "assert reap_lost_tasks(timezone.now() + 2 * LEASE) == {}"


@pytest.mark.django_db
def test_the_tests_database_is_there(landes):
    """Marked so, what makes pytest-django create it where this file runs alone on PostgreSQL."""
    assert landes.name == "Landes"


@pytest.mark.wide
def test_a_task_of_a_killed_worker_is_taken_up_again_once(processes: Processes):
    folder = processes.folder
    shell(processes, f"from tests.jobs.sample_tasks import write_line; write_line.enqueue({str(folder)!r}, 600)")
    first = start_worker(processes, "first")
    processes.wait_for(folder / "started", lines=1)
    kill(first)

    shell(processes, "from portal.jobs.leases import *", REAP.format(1), REAP.format(0))
    processes.manage("worker", "--worker-id", "second", "--batch", "--no-startup-delay")
    processes.manage("worker", "--worker-id", "third", "--batch", "--no-startup-delay")

    assert len(processes.wait_for(folder / "started", lines=2)) == 2
    assert len(processes.wait_for(folder / "finished", lines=1)) == 1


@pytest.mark.wide
def test_within_the_lease_nobody_takes_the_task_of_another(processes: Processes):
    folder = processes.folder
    shell(processes, f"from tests.jobs.sample_tasks import write_line; write_line.enqueue({str(folder)!r}, 600)")
    first = start_worker(processes, "first")
    processes.wait_for(folder / "started", lines=1)
    # Alive, then just dead: the lease has not run out.
    shell(processes, "from portal.jobs.leases import *", "assert reap_lost_tasks() == 0")
    kill(first)
    shell(processes, "from portal.jobs.leases import *", "assert reap_lost_tasks() == 0")
    processes.manage("worker", "--worker-id", "second", "--batch", "--no-startup-delay")
    assert len((folder / "started").read_text().split()) == 1


@pytest.mark.wide
def test_a_worker_killed_again_and_again_loses_no_task(processes: Processes):
    """Killed at whatever moment, three times; what was not done is done by the next, each line at least once."""
    folder, count = processes.folder, 40
    processes.do("enqueue_lines", {"folder": str(folder), "count": count})
    for number in range(3):
        worker = start_worker(processes, f"worker-{number}")
        done = len((folder / "lines").read_text().split()) if (folder / "lines").exists() else 0
        processes.wait_for(folder / "lines", lines=min(done + 7, count))
        kill(worker)
    shell(processes, "from portal.jobs.leases import *", "reap_lost_tasks(timezone.now() + 2 * LEASE)")
    processes.manage("worker", "--worker-id", "the last", "--batch", "--no-startup-delay")
    lines = [int(each) for each in (folder / "lines").read_text().split()]
    assert set(lines) == set(range(count))
    # A kill costs one task done twice at the most: the one at hand.
    assert len(lines) <= count + 3
    shell(
        processes,
        "from django_tasks_db.models import DBTaskResult",
        "assert not DBTaskResult.objects.exclude(status='SUCCESSFUL').exists()",
    )


@pytest.mark.wide
def test_a_killed_tick_gives_its_job_back_once_its_lease_is_over(processes: Processes):
    folder = processes.folder
    job = [
        "import time, pathlib, datetime as dt",
        "from portal.jobs import schedule",
        "from django.utils import timezone",
        f"ran = pathlib.Path({str(folder / 'ran')!r})",
        "schedule._jobs.clear()",
        "note = lambda: (ran.open('a').write('x\\n'), time.sleep(0 if len(ran.read_text()) > 2 else 600))",
        "schedule.register_job('note', every=dt.timedelta(minutes=1), run=note)",
    ]
    first = processes.manage("shell", "-v0", "-c", "\n".join([*job, "schedule.run_due_jobs()"]), wait=False)
    processes.wait_for(folder / "ran", lines=1)
    kill(first)
    later = "timezone.now() + schedule.LEASE"
    shell(
        processes,
        *job,
        f"assert schedule.run_due_jobs({later} - dt.timedelta(minutes=5)) == {{}}",
        f"assert schedule.run_due_jobs({later} + dt.timedelta(minutes=1)) == {{'note': ''}}",
    )
    assert len((folder / "ran").read_text().split()) == 2
