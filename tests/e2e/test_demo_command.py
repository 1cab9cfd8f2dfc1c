"""``make demo`` with the port taken, started twice, interrupted: it says what to do, and the next run heals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from .conftest import ROOT, SET_UP_SECONDS, free_port


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("interrupted")


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    env = os.environ | {
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "PYTHONUNBUFFERED": "1",
    }
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "rundemo", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_a_port_taken_is_said_with_what_to_do(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(folder, "--port", str(port))
        said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert f"Le port {port} est déjà pris" in said
    assert "make demo PORT=" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("port", ["0", "70000"])
def test_a_port_that_is_none_is_refused(folder, port):
    said, _ = start(folder, "--port", port).communicate(timeout=60)
    assert "n'est pas un port" in said
    assert "Traceback" not in said


def test_interrupted_in_the_middle_then_run_again(folder):
    for step in ("Base de données", "Commune :", "illustrations", "événements"):
        process = start(folder, "--prepare")
        said = ""
        while step not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "Traceback" not in said + rest
        assert "reprendra où il en était" in rest
    process = start(folder, "--prepare")
    said, _ = process.communicate(timeout=SET_UP_SECONDS)
    assert process.returncode == 0, said
    assert "reprendra" not in said


def test_it_runs_alone_on_its_data_and_stops_cleanly(folder):
    port = free_port()
    process = start(folder, "--port", str(port))
    try:
        wait_until_it_answers(port, process)
        second = start(folder, "--port", str(free_port()))
        said, _ = second.communicate(timeout=60)
        assert second.returncode != 0
        assert "tourne déjà" in said
    finally:
        process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert f"http://127.0.0.1:{port}/" in said
    assert "editeur@exemple.fr" in said
    assert "Traceback" not in said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert subprocess.run(["pgrep", "-f", f"127.0.0.1:{port}"], check=False).returncode == 1


def wait_until_it_answers(port: int, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the demonstration does not answer")
