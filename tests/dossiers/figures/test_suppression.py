"""No number that is published is of five dossiers or less, or lets one be computed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.figures.suppression import Relation, is_small, solved, suppress


def shown(cells: dict[Any, int], relations: list[Relation]) -> dict[Any, int]:
    masked = suppress(cells, relations)
    return {key: value for key, value in cells.items() if key not in masked}


def line(*parts: int) -> tuple[dict[Any, int], list[Relation]]:
    """A total and its parts."""
    cells: dict[Any, int] = {"total": sum(parts)} | {f"p{rank}": part for rank, part in enumerate(parts)}
    return cells, [Relation("total", tuple(key for key in cells if key != "total"))]


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        ((6,), {"total": 6, "p0": 6}),
        ((5,), {}),
        ((0,), {}),
        # Two of six: nothing small, nothing to compute.
        ((6, 6), {"total": 12, "p0": 6, "p1": 6}),
        # Five could be computed from the total: the other part goes too.
        ((5, 6), {"total": 11}),
        ((5, 40, 8), {"total": 53, "p1": 40}),
        # A zero that can be computed is about nobody.
        ((0, 9), {"total": 9, "p1": 9}),
        # Two masked parts that are five together.
        ((2, 3, 30, 7), {"total": 42, "p2": 30}),
        # Two masked parts that are six together: neither is known.
        ((3, 3, 30), {"total": 36, "p2": 30}),
        ((0, 4, 50), {"total": 54}),
        ((1, 1, 1), {}),
    ],
)
def test_a_line(parts: tuple[int, ...], published: dict[str, int]) -> None:
    assert shown(*line(*parts)) == published


def test_two_ways() -> None:
    """A cell hidden in its line must not come back by its column."""
    values = [[3, 20, 30], [40, 50, 60], [70, 80, 90]]
    cells: dict[Any, int] = {(row, column): values[row][column] for row in range(3) for column in range(3)}
    cells |= {(row, "all"): sum(values[row]) for row in range(3)}
    cells |= {("all", column): sum(values[row][column] for row in range(3)) for column in (0, 1, 2)}
    cells |= {("all", "all"): 443}
    relations = [Relation((row, "all"), tuple((row, column) for column in range(3))) for row in (0, 1, 2, "all")]
    relations += [Relation(("all", column), tuple((row, column) for row in range(3))) for column in (0, 1, 2, "all")]
    masked = suppress(cells, relations)
    assert (0, 0) in masked
    # One more in its line, one more in its column, and the corner that keeps those from being computed.
    assert len(masked) == 4
    assert not computable(relations, masked) & {(0, 0)}


def computable(relations: list[Relation], masked: frozenset[Any] | set[Any]) -> set[Any]:
    """Which masked cells the published ones determine, by plain elimination over fractions: the reader's own way."""
    unknown = sorted(masked, key=str)
    place = {key: rank for rank, key in enumerate(unknown)}
    matrix = []
    for relation in relations:
        row = [Fraction(0)] * len(unknown)
        for key in relation.parts:
            if key in place:
                row[place[key]] += 1
        if relation.total in place:
            row[place[relation.total]] -= 1
        matrix.append(row)
    rank = 0
    for column in range(len(unknown)):
        pivot = next((at for at in range(rank, len(matrix)) if matrix[at][column]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        matrix[rank] = [value / matrix[rank][column] for value in matrix[rank]]
        for at in range(len(matrix)):
            if at != rank and matrix[at][column]:
                factor = matrix[at][column]
                matrix[at] = [a - factor * b for a, b in zip(matrix[at], matrix[rank], strict=True)]
        rank += 1
    lonely = [[at for at, value in enumerate(row) if value] for row in matrix[:rank]]
    return {unknown[places[0]] for places in lonely if len(places) == 1}


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[Any, int], list[Relation]]:
    """A country, its régions and their départements, by a few columns: the shape of what is published."""
    regions = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    columns = draw(st.integers(1, 4))
    numbers = st.one_of(st.integers(0, 8), st.integers(0, 60))
    cells: dict[Any, int] = {}
    relations = []
    places = {f"r{rank}": [f"r{rank}d{number}" for number in range(size)] for rank, size in enumerate(regions)}
    for column in range(columns):
        for region, inside in places.items():
            for each in inside:
                cells[each, column] = draw(numbers)
            cells[region, column] = sum(cells[each, column] for each in inside)
            relations.append(Relation((region, column), tuple((each, column) for each in inside)))
        cells["fr", column] = sum(cells[region, column] for region in places)
        relations.append(Relation(("fr", column), tuple((region, column) for region in places)))
    for each in ("fr", *places, *(each for inside in places.values() for each in inside)):
        cells[each, "all"] = sum(cells[each, column] for column in range(columns))
        relations.append(Relation((each, "all"), tuple((each, column) for column in range(columns))))
    for region, inside in places.items():
        relations.append(Relation((region, "all"), tuple((each, "all") for each in inside)))
    relations.append(Relation(("fr", "all"), tuple((region, "all") for region in places)))
    return cells, relations


@settings(max_examples=150, deadline=None)
@given(table=tables())
def test_nothing_small_can_be_computed(table: tuple[dict[Any, int], list[Relation]]) -> None:
    cells, relations = table
    masked = suppress(cells, relations)
    assert all(value > 5 for key, value in cells.items() if key not in masked)
    # Even to who guesses every zero.
    unknown = {key for key in masked if cells[key]}
    determined = computable(relations, unknown)
    assert determined == solved(relations, unknown)
    assert not [key for key in determined if is_small(cells[key])]
    # Nor the sum of what is masked in a line whose total is known.
    for relation in relations:
        if relation.total not in unknown or relation.total in determined:
            assert not is_small(sum(cells[key] for key in relation.parts if key in unknown - determined))


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(st.integers(6, 90), min_size=1, max_size=8))
def test_nothing_is_hidden_where_nothing_is_small(parts: list[int]) -> None:
    assert suppress(*line(*parts)) == frozenset()
