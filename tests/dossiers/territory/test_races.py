"""Deposits of overlapping perimeters at the same moment, in processes of their own: one wins, the others are told."""

from __future__ import annotations

import pytest

from dossiers.models import PerimeterClaim
from tests.processes import Processes

pytestmark = pytest.mark.wide


@pytest.mark.django_db
def test_the_racers_start_from_a_database_without_perimeters():
    """What the processes copy (and, marked so, what makes pytest-django create it where this file runs alone)."""
    assert not PerimeterClaim.objects.exists()


def test_of_overlapping_perimeters_deposited_at_once_one_is(processes: Processes):
    drafts = processes.do("overlapping_drafts", 6)
    found = processes.race(*[("deposit_perimeter", draft) for draft in drafts])
    assert sorted(found)[0] == "depose", found
    assert found.count("depose") == 1, found
    state = processes.do("state_of_perimeters")
    (number,) = state["deposited"]
    assert state["claimed"] == [number]
    assert len(set(state["communes"])) == len(state["communes"])
    for told in found:
        if told != "depose":
            assert told.startswith("overlap "), told
            assert f"n° {number}" in told
            assert "Dax (40)" in told
