"""Leases, reaper and retries, on rows as the worker leaves them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.jobs import leases
from portal.jobs.models import Worker

pytestmark = pytest.mark.django_db


def make_task(status=TaskResultStatus.RUNNING, *, workers=("w1",), age=timedelta(minutes=5), error=""):
    moment = timezone.now() - age
    return DBTaskResult.objects.create(
        status=status,
        started_at=moment,
        finished_at=moment if status == TaskResultStatus.FAILED else None,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="tests.jobs.sample_tasks.write_line",
        worker_ids=list(workers),
        backend_name="default",
        run_after=moment,
        exception_class_path=error,
        traceback="",
    )


def status_of(task):
    task.refresh_from_db()
    return task.status


def test_the_task_of_a_silent_worker_is_queued_again():
    Worker.objects.create(id="w1", seen_at=timezone.now() - 2 * leases.LEASE)
    task = make_task()
    assert leases.reap_lost_tasks() == 1
    assert status_of(task) == TaskResultStatus.READY
    assert leases.reap_lost_tasks() == 0


def test_the_task_of_a_worker_never_seen_is_queued_again():
    task = make_task(workers=("unknown",))
    leases.reap_lost_tasks()
    assert status_of(task) == TaskResultStatus.READY


def test_a_worker_that_beats_keeps_its_long_task():
    leases.beat("w1")
    task = make_task(age=timedelta(hours=3))
    assert leases.reap_lost_tasks() == 0
    assert status_of(task) == TaskResultStatus.RUNNING


def test_a_task_just_started_is_left_alone():
    task = make_task(age=timedelta(seconds=5))
    assert leases.reap_lost_tasks() == 0
    assert status_of(task) == TaskResultStatus.RUNNING


def test_a_task_that_loses_every_worker_is_failed_at_last():
    task = make_task(workers=["w"] * leases.MAX_ATTEMPTS)
    leases.reap_lost_tasks()
    assert status_of(task) == TaskResultStatus.FAILED
    assert "was lost" in task.traceback


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (4, 240)])
def test_a_failure_is_tried_again_later_and_later(attempts, seconds):
    task = make_task(TaskResultStatus.FAILED, workers=["w"] * attempts, age=timedelta(0), error="builtins.OSError")
    finished = task.finished_at
    assert leases.retry_failed_tasks() == 1
    assert status_of(task) == TaskResultStatus.READY
    assert task.run_after == finished + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "task",
    [
        {"workers": ["w"] * leases.MAX_ATTEMPTS, "error": "builtins.OSError"},
        {"error": "wagtail.models.Page.DoesNotExist"},
        {"error": "builtins.OSError", "age": timedelta(days=3)},
    ],
    ids=["no attempt left", "permanent", "too old"],
)
def test_some_failures_stay(task):
    row = make_task(TaskResultStatus.FAILED, **task)
    assert leases.retry_failed_tasks() == 0
    assert status_of(row) == TaskResultStatus.FAILED


def test_a_worker_that_stops_gives_its_lease_back():
    leases.beat("w1")
    leases.forget_worker("w1")
    task = make_task()
    leases.reap_lost_tasks()
    assert status_of(task) == TaskResultStatus.READY
