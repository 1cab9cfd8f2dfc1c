"""The schedule that ``tick`` runs."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.jobs import schedule
from portal.jobs.models import PeriodicRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(monkeypatch):
    """An empty schedule, and the list of what ran."""
    monkeypatch.setattr(schedule, "_jobs", {})
    return []


def test_a_job_runs_when_due_and_not_before(jobs):
    schedule.register_job("a", every=timedelta(minutes=10), run=lambda: jobs.append("a"))
    now = timezone.now()
    schedule.run_due_jobs(now)
    schedule.run_due_jobs(now + timedelta(minutes=9))
    assert jobs == ["a"]
    schedule.run_due_jobs(now + timedelta(minutes=10))
    assert jobs == ["a", "a"]


def test_one_failure_stops_no_other_and_is_kept(jobs):
    schedule.register_job("a", every=timedelta(minutes=1), run=lambda: 1 / 0)
    schedule.register_job("b", every=timedelta(minutes=1), run=lambda: jobs.append("b"))
    done = schedule.run_due_jobs()
    assert jobs == ["b"]
    assert done == {"a": "division by zero", "b": ""}
    assert "ZeroDivisionError" in PeriodicRun.objects.get(name="a").error


def test_a_job_that_runs_elsewhere_is_left_until_its_lease_ends(jobs):
    schedule.register_job("a", every=timedelta(minutes=1), run=lambda: jobs.append("a"))
    now = timezone.now()
    PeriodicRun.objects.create(name="a", started_at=now - timedelta(hours=1), leased_until=now + timedelta(minutes=1))
    schedule.run_due_jobs(now)
    assert jobs == []
    schedule.run_due_jobs(now + timedelta(minutes=2))
    assert jobs == ["a"]


def test_a_second_tick_during_a_run_does_not_run_it_again(jobs):
    def run():
        jobs.append("a")
        schedule.run_due_jobs(timezone.now() + timedelta(minutes=5))

    schedule.register_job("a", every=timedelta(minutes=1), run=run)
    schedule.run_due_jobs()
    assert jobs == ["a"]


def test_tick_runs_the_real_schedule(capsys):
    call_command("tick", verbosity=2)
    names = set(PeriodicRun.objects.values_list("name", flat=True))
    assert {"reap-lost-tasks", "retry-failed-tasks", "publish-scheduled-pages", "clear-sessions"} <= names
    assert not PeriodicRun.objects.exclude(error="").exists()
    assert "publish-scheduled-pages" in capsys.readouterr().out
