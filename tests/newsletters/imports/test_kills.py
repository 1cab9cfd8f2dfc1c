"""Processes killed with SIGKILL in the middle of imports, and races: no row is lost, none counts twice."""

from __future__ import annotations

import random
import signal

import pytest

from tests.processes import DEADLINE, Processes

pytestmark = [pytest.mark.wide, pytest.mark.xdist_group("sigkill")]

ROWS = 1500
#: Small batches, each noted in a file, by a process that takes the import from the dead at once.
WORK = """
import pathlib, time
from newsletters.imports import work
from newsletters.imports.models import SubscriberImport
work.BATCH = 50
noted, note = pathlib.Path({file!r}), work._note
def tell(item, **values):
    note(item, **values)
    noted.open("a").write("x\\n")
    time.sleep(0.01)
work._note = tell
SubscriberImport.objects.update(leased_until=None)
work.carry_out({pk!r})
noted.with_suffix(".end").touch()
"""


@pytest.mark.django_db
def test_the_tests_database_is_there(landes):
    """Marked so, what makes pytest-django create it where this file runs alone on PostgreSQL."""
    assert landes.name == "Landes"


def work_and_die(processes: Processes, pk: str, kills: int, chance: random.Random) -> int:
    """Work on, killed so many times at moments of chance; then to the end. Returns how many died at work."""
    died = 0
    for number in range(kills + 1):
        file = processes.folder / f"work-{chance.getrandbits(40)}"
        process = processes.manage("shell", "-v0", "-c", WORK.format(file=str(file), pk=pk), wait=False)
        if number == kills:
            assert process.wait(DEADLINE) == 0, processes.log()
            break
        processes.wait_for(file, process, lines=chance.randrange(1, 6))
        try:
            process.wait(chance.random() / 20)
        except TimeoutError:
            pass
        except Exception as error:
            assert type(error).__name__ == "TimeoutExpired"  # noqa: PT017 - still at work
        process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE)
        died += not file.with_suffix(".end").exists()
    return died


def through(processes: Processes, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    pk = processes.do("import_prepare", {"rows": ROWS})
    died = work_and_die(processes, pk, kills, chance)
    found = processes.do("import_say", pk)
    assert (found["state"], found["rows"], found["rows_read"]) == ("checked", ROWS + 20, ROWS + 20)
    assert found["counts"] == {"new": ROWS, "duplicate": 20}
    assert (found["people"], found["given"]) == (0, 0)

    assert processes.do("import_confirm", pk) == "done"
    died += work_and_die(processes, pk, kills, chance)
    found = processes.do("import_say", pk)
    assert (found["state"], found["people"], found["active"], found["given"]) == ("done", ROWS, ROWS, ROWS)
    assert found["counts"] == {"new": ROWS, "duplicate": 20}
    assert found["most"] == 1

    assert processes.do("import_undo", pk) == "done"
    died += work_and_die(processes, pk, kills, chance)
    found = processes.do("import_say", pk)
    assert (found["state"], found["people"], found["subscriptions"]) == ("undone", 0, 0)
    assert (found["given"], found["withdrawn"], found["most"]) == (ROWS, ROWS, 1)
    assert found["undone"] == {"1": ROWS}
    assert died >= 2 * kills


def test_an_import_killed_in_each_phase_loses_nothing_and_does_nothing_twice(processes: Processes):
    through(processes, 1, 7)


@pytest.mark.wide
@pytest.mark.parametrize("seed", range(3))
def test_an_import_killed_again_and_again(processes: Processes, seed: int):
    through(processes, 3, seed)


def test_two_people_launch_at_once_and_two_workers_take_it(processes: Processes):
    pk = processes.do("import_prepare", {"rows": 500})
    assert sorted(processes.race(("import_work", pk), ("import_work", pk))) == [False, True]
    assert sorted(processes.race(("import_confirm", pk), ("import_confirm", pk))) == [
        "Cet import est déjà lancé.",
        "done",
    ]
    assert sorted(processes.race(("import_work", pk), ("import_work", pk))) == [False, True]
    found = processes.do("import_say", pk)
    assert (found["people"], found["active"], found["given"], found["most"]) == (500, 500, 500, 1)


def test_an_import_taken_back_while_it_runs_leaves_nothing(processes: Processes):
    pk = processes.do("import_prepare", {"rows": ROWS})
    assert processes.do("import_work", pk)
    processes.do("import_confirm", pk)
    answers = processes.race(("import_work_until_over", pk), ("import_undo", pk))
    assert answers == ["undone", "done"]
    found = processes.do("import_say", pk)
    assert (found["state"], found["people"], found["subscriptions"]) == ("undone", 0, 0)
    assert found["given"] == found["withdrawn"]


def test_two_imports_of_the_same_people_at_once_subscribe_each_once(processes: Processes):
    first = processes.do("import_prepare", {"rows": 600})
    second = processes.do("import_prepare", {"rows": 600, "start": 300})
    for pk in (first, second):
        assert processes.do("import_work", pk)
        processes.do("import_confirm", pk)
    assert processes.race(("import_work", first), ("import_work", second)) == [True, True]
    found = processes.do("import_say", first)
    assert (found["people"], found["active"], found["given"], found["most"]) == (900, 900, 900, 1)
