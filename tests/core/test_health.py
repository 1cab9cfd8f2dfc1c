"""/sante/ tells what works."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.core import health
from portal.jobs.models import PeriodicRun, Worker

pytestmark = pytest.mark.django_db


def parts(client):
    return client.get("/sante/").json()["parts"]


def test_a_worker_and_tick_never_seen_are_said(client):
    found = parts(client)
    assert found["base"]["ok"]
    assert found["cache"]["ok"]
    assert found["ouvrier"] == {"ok": False, "detail": "ouvrier : jamais vu"}
    assert not found["tick"]["ok"]


def test_all_is_well_after_a_beat_and_a_tick(client):
    Worker.objects.create(id="w", seen_at=timezone.now())
    call_command("tick")
    answer = client.get("/sante/")
    assert answer.status_code == 200
    assert {name for name, part in answer.json()["parts"].items() if not part["ok"]} <= {"recherche"}


def test_silence_is_said(client):
    Worker.objects.create(id="w", seen_at=timezone.now() - timedelta(minutes=3))
    PeriodicRun.objects.create(name="a", finished_at=timezone.now() - timedelta(hours=1))
    found = parts(client)
    assert "silencieux depuis" in found["ouvrier"]["detail"]
    assert not found["tick"]["ok"]


def test_a_vital_part_that_fails_answers_503_and_tells_no_secret(client, monkeypatch):
    def fails():
        raise OSError("password=secret at 10.0.0.1")

    monkeypatch.setitem(health._checks, "base", (fails, True))
    answer = client.get("/sante/")
    assert answer.status_code == 503
    assert answer.json()["parts"]["base"] == {"ok": False, "detail": "OSError"}
    assert "secret" not in answer.content.decode()


def test_the_answer_is_never_kept(client):
    assert "no-store" in client.get("/sante/")["Cache-Control"]
    assert client.post("/sante/").status_code == 405
