"""Two processes at the same moment: one reminder, one end of the delay, one message, one answer."""

from __future__ import annotations

import pytest

from tests.processes import Processes, processes

__all__ = ["processes"]
pytestmark = pytest.mark.wide


@pytest.mark.django_db
def test_the_racers_start_from_the_tests_database():
    """Makes pytest-django create what the processes copy, where this file runs alone."""


def test_a_reminder_leaves_once_and_the_delay_ends_once(processes: Processes):
    found = processes.do("exchange_dossier")
    assert sum(processes.race(*[("exchange_remind", None)] * 3)) == 1
    state = processes.do("exchange_state")
    assert state["reminders"] == ["J+1"]
    assert state["told"] == sorted(found["people"])
    processes.do("exchange_overdue")
    assert sum(processes.race(*[("exchange_expire", None)] * 3)) == 1
    state = processes.do("exchange_state")
    assert state["events"].count("constater_depassement") == 1
    assert (state["state"], state["faults"]) == ("en_instruction", [])


def test_a_double_click_is_one_message_and_two_people_are_two(processes: Processes):
    found = processes.do("exchange_dossier")
    common = {"dossier": found["dossier"], "key": "une-cle"}
    one, two = ({"who": who} | common for who in found["people"])
    made = processes.race(("exchange_post", one), ("exchange_post", one), ("exchange_post", two))
    assert made[0] == made[1] != made[2], made
    state = processes.do("exchange_state")
    assert (state["messages"], state["events"].count("message"), state["faults"]) == (2, 2, [])


def test_of_two_answers_at_once_the_second_is_told_of_the_first(processes: Processes):
    found = processes.do("exchange_dossier")
    before = processes.do("exchange_state")
    common = {"dossier": found["dossier"], "version": before["version"]}
    told = processes.race(
        *[
            ("exchange_answer", common | {"who": who, "value": value})
            for who, value in zip(found["people"], ("Un nom", "Un autre"), strict=True)
        ]
    )
    assert told.count("done") == 1, told
    assert any("Complément saisi" in each for each in told), told
    state = processes.do("exchange_state")
    assert state["version"] == before["version"] + 1
    assert state["values"]["nom"] == ("Un nom", "Un autre")[told.index("done")]
    assert state["faults"] == []
