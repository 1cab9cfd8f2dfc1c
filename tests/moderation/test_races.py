"""Two moderators at the same moment, in processes of their own."""

from __future__ import annotations

import pytest

from tests.processes import Processes

pytestmark = pytest.mark.wide


@pytest.mark.django_db
def test_the_racers_start_from_the_tests_database():
    """Makes pytest-django create what the processes copy, where this file runs alone."""


@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_the_second_moderator_is_told_what_the_first_did(processes: Processes, second):
    processes.do("open_space", "departement-40")
    found = processes.do("a_review", "departement-40")
    _, one, two = found["people"]
    common = {"item": found["item"], "version": found["version"]}
    told = processes.race(
        ("decide", common | {"who": one, "decision": "approve"}),
        ("decide", common | {"who": two, "decision": second}),
    )
    assert told.count("done") == 1, told
    assert any("Relecture déjà décidée par relecture" in each for each in told), told
    state = processes.do("state_of_review", found["item"])
    assert state["logged"] == 1
    assert state["live"] is (state["state"] == "approved")
