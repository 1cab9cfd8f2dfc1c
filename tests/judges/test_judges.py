"""Every calendar file, tried on the parsers that people's calendars are made of: all accept it, and read our instants.

``scripts/judges`` installs them. Where one is missing the suite says which; ``JUDGES=required`` makes that a failure.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .samples import FROM, TO, Sample, many, samples

HERE = Path(__file__).parent
PYTHON = HERE / ".venv" / "bin" / "python"
pytestmark = [pytest.mark.judges, pytest.mark.wide, pytest.mark.django_db]

#: Those that expand series, and read their own way the zones of the file: their instants are compared.
EXPANDING = ("recurring-ical-events", "dateutil", "ical.js", "node-ical")
#: Those that read components as written.
READING = ("vobject", "ics")


@pytest.fixture(autouse=True, scope="module")
def installed() -> None:
    missing = []
    try:
        ctypes.CDLL("libical.so.3")
    except OSError:
        missing.append("Debian's libical3")
    if not PYTHON.exists():
        missing.append("the parsers of PyPI")
    if shutil.which("node") is None or not (HERE / "node" / "node_modules").exists():
        missing.append("node, ical.js and node-ical")
    if missing:
        say = f"{', '.join(missing)}: not installed (scripts/judges does it)"
        pytest.fail(say) if os.environ.get("JUDGES") == "required" else pytest.skip(say)


def _run(*command: str | Path) -> dict:
    done = subprocess.run(
        [str(each) for each in command],
        capture_output=True,
        check=False,
        # Whatever the machine's own zone is, instants are the same: one that is none of ours.
        env={"PATH": os.environ["PATH"], "TZ": "UTC"},
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stdout)


def judged(files: list[Sample], folder: Path) -> list[str]:
    """What the judges have to say against ``files``: nothing."""
    paths = {}
    for sample in files:
        path = folder / f"{sample.name}.ics"
        path.write_bytes(sample.data)
        paths[sample.name] = str(path)
    assert len(paths) == len(files)
    listed = list(paths.values())
    wrong = [
        f"libical: {Path(path).name}: {said}"
        for path, told in _run(sys.executable, HERE / "judge_libical.py", *listed).items()
        for said in told
    ]
    verdicts = _run(PYTHON, HERE / "judge.py", FROM, TO, *listed)
    verdicts |= _run("node", HERE / "node" / "judge.mjs", FROM, TO, *listed)
    assert set(verdicts) == {*EXPANDING, *READING}
    for name, said in verdicts.items():
        for sample in files:
            got = said[paths[sample.name]]
            expected = sample.held if name in EXPANDING else sample.written
            if name == "node-ical" and expected:
                # It reads no RDATE (0.27), and says nothing of it.
                expected = [each for each in expected if each not in sample.added]
            if isinstance(got, dict):
                wrong.append(f"{name}: {sample.name}: {got['refused']}")
            elif expected is not None and got != expected:
                more = [each for each in got if each not in expected][:3]
                less = [each for each in expected if each not in got][:3]
                wrong.append(f"{name}: {sample.name}: {len(got)} for {len(expected)}; also {more}; not {less}")
    return wrong


def test_every_judge_accepts_every_file_and_reads_our_instants(client, landes_space, tmp_path):
    files = list(samples(landes_space, client))
    assert len(files) > 50
    assert "\n".join(judged(files, tmp_path)) == ""


def test_five_thousand_events(client, landes_space, tmp_path):
    sample = many(landes_space, client, 5_000)
    assert len(sample.held) == 5_000
    assert judged([sample], tmp_path) == []


def test_the_judges_do_judge(tmp_path):
    """A file that is wrong is refused, and one that says another hour is found out: they are really asked."""
    good = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z"
        "\r\nORGANIZER:mailto:a@exemple.fr\r\nSUMMARY:x\r\nDTSTART:20270701T080000Z\r\nDTEND:20270701T090000Z\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    held = [["2027-07-01T08:00:00Z", "2027-07-01T09:00:00Z"]]
    assert judged([Sample("good", good.encode(), held, held)], tmp_path) == []
    late = [["2027-07-01T08:00:00Z", "2027-07-01T10:00:00Z"]]
    assert len(judged([Sample("late", good.encode(), late, late)], tmp_path)) == len(EXPANDING) + len(READING)
    without = good.replace("ORGANIZER:mailto:a@exemple.fr\r\n", "").encode()
    assert "libical: bad.ics: icalrestriction_check" in judged([Sample("bad", without, held, held)], tmp_path)
