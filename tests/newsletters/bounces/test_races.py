"""A provider tells the same thing twice at the same moment, to two processes."""

from __future__ import annotations

import pytest

from tests.processes import Processes

# Not among the ordinary tests: a transactional one leaves an empty database behind, and these copy it.
pytestmark = pytest.mark.wide


def test_the_same_event_at_the_same_moment(processes: Processes):
    first, _ = processes.do("sent_copies", 2)
    assert sorted(processes.race(*[("hear_of_a_copy", [first, "a"])] * 3)) == [False, False, True]
    assert processes.do("what_was_heard", first) == {"state": "bounced", "events": 1, "out": 1, "withdrawn": 1}


def test_two_events_of_a_copy_at_the_same_moment_exclude_once(processes: Processes):
    first, _ = processes.do("sent_copies", 2)
    assert processes.race(*[("hear_of_a_copy", [first, key]) for key in "ab"]) == [True, True]
    assert processes.do("what_was_heard", first) == {"state": "bounced", "events": 2, "out": 1, "withdrawn": 1}
