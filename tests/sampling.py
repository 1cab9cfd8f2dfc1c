"""Long tables of cases that each render a whole screen: a few in every run, the rest in ``make wide``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def a_few(cases: Sequence[Any], number: int) -> list[Any]:
    """``cases``, evenly taken ``number`` of which run each time, the others marked ``wide``."""
    kept = {round(rank * (len(cases) - 1) / max(1, number - 1)) for rank in range(number)}
    return [
        case if rank in kept else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.wide)
        for rank, case in enumerate(cases)
    ]
