"""Stories of dossiers, told at random: see :mod:`.machine`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from dossiers.models import Dossier
from tests.dossiers.exchange.factories import confirm
from tests.dossiers.factories import make_party

from .machine import ACTS, CONFLICT, DONE, GONE, REFUSED, Machine, make_world

pytestmark = pytest.mark.django_db
STEPS = 50


def tell(stories: int, *, derandomize: bool) -> Any:
    """Tell ``stories`` of up to :data:`STEPS` steps each; the machine that counted them."""
    party = make_party()
    confirm(party.advisor)
    told = type("Told", (Machine,), {"party": party, "steps": 0, **make_world(party)})
    run_state_machine_as_test(
        told,
        settings=settings(
            max_examples=stories,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            derandomize=derandomize,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not Dossier.objects.exists(), "each story is undone"
    return told


def test_a_few_stories():
    told = tell(5, derandomize=True)
    assert told.steps >= 150
    assert set(told.met) >= {DONE, GONE, CONFLICT, REFUSED}


@pytest.mark.wide
def test_five_thousand_steps(record_property: Any):
    told = tell(130, derandomize=False)
    record_property("steps", told.steps)
    print(f"{told.steps} steps: {dict(told.met)}")
    assert told.steps >= 5000
    # Every act was done somewhere, or this shows nothing.
    assert set(told.met) >= {DONE, GONE, CONFLICT, REFUSED, *ACTS}
