"""What is made to harm is judged within the time and memory that the specification gives, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="Linux tells the peak of memory")
@pytest.mark.wide
def test_bombs_take_less_than_two_seconds_and_200_mb():
    ran = subprocess.run(
        [sys.executable, "-m", "tests.files.measure", "--bombs"],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = ran.stdout.splitlines()[2:]
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len(lines) >= 14
    taken = [line.split("|")[1].strip() for line in lines if "| taken |" in line]
    assert taken == ["PNG of 50 Mpx of nothing", "JPEG of 50 Mpx, progressive"]
