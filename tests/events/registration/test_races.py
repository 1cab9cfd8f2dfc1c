"""Fifty people and one seat; reminders run twice, killed: in processes of their own, on the engine of the tests."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.processes import Processes

pytestmark = pytest.mark.wide


def recipients(processes: Processes) -> Counter[str]:
    found = (re.search(r"^To: (\S+)", mail, re.MULTILINE) for mail in processes.mails)
    return Counter(match[1] for match in found if match)


def test_fifty_at_once_for_the_last_seat(processes: Processes):
    occurrence = processes.do("an_event", {"capacity": 1})
    found = processes.race(*[("register_many", [occurrence, first]) for first in range(0, 50, 10)])
    answers = Counter(state for each in found for state in each)
    assert answers == {"confirmed": 1, "waiting": 49}, found
    state = processes.do("state_of_registrations", occurrence)
    assert state["numbers"] == list(range(1, 51))
    assert state["line"] == list(range(2, 51))
    assert state["seating"] == [1, 49]


def test_without_a_line_forty_nine_are_refused(processes: Processes):
    occurrence = processes.do("an_event", {"capacity": 10, "waiting_list": False})
    processes.race(*[("register_many", [occurrence, first]) for first in range(0, 50, 10)])
    state = processes.do("state_of_registrations", occurrence)
    assert Counter(state["states"]) == {"confirmed": 10}
    assert state["seating"] == [10, 0]


def test_leaving_and_coming_at_once_never_overbooks(processes: Processes):
    occurrence = processes.do("an_event", {"capacity": 3})
    processes.race(("register_many", [occurrence, 0]))
    found = processes.race(("leave_many", occurrence), ("register_many", [occurrence, 10]), ("leave_many", occurrence))
    assert not [each for each in found if str(each).startswith("error")], found
    state = processes.do("state_of_registrations", occurrence)
    holding = sum(each in ("confirmed", "pending", "offered") for each in state["states"])
    assert holding <= 3
    assert state["seating"] == [holding, state["states"].count("waiting")]


def test_reminders_run_by_four_at_once_leave_once_each(processes: Processes):
    processes.do("plan_for_tomorrow", 12)
    found = processes.race(*[("remind", None)] * 4)
    assert sum(each for each in found if isinstance(each, int)) == 12, (found, processes.log())
    assert set(recipients(processes).values()) == {1}
    assert len(processes.mails) == 12


def test_reminders_killed_in_the_middle_leave_once_each(processes: Processes):
    occurrence = processes.do("plan_for_tomorrow", 40)
    for _ in range(3):
        before = len(processes.mails)
        timer = processes.start("manage.py", "tick")
        while len(processes.mails) < min(before + 5, 38) and timer.poll() is None:
            pass
        timer.kill()
        timer.wait()
        processes.do("age_leases")
    processes.manage("tick")
    processes.do("age_leases")
    processes.manage("tick")
    assert set(recipients(processes).values()) == {1}, "nobody is written to twice"
    mails = Counter(
        state for kind, state in processes.do("state_of_registrations", occurrence)["mails"] if kind == "j1"
    )
    # Of what was handed to the relay at the moment of a kill nobody knows: it is told, not sent again.
    assert mails["sent"] + mails["unsure"] == 40
    assert mails["unsure"] <= 3
