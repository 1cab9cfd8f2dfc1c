"""Which numbers of a table may be published: none of a handful of dossiers, and none from which one could be computed.

A table is cells and relations (a total is the sum of its parts). Primary: cells of five or less are masked, zeros too.
Secondary: as long as readers could compute something small from what is left, the smallest number that stands in the
way is masked as well. What a reader can compute is every masked cell that the relations determine (one unknown in a
relation, then what follows from it, then the whole linear system), and the sum of what is masked in a relation.

Readers are taken to guess every zero, which is often easy, and is no leak: it is about no dossier. Masked cells do not
say why they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: The least that is published: more than five.
LEAST: Final = 6
#: Of the field in which the linear system is solved: whole numbers, exact, whatever they are.
_PRIME: Final = 2**61 - 1

Key = Hashable


@dataclass(frozen=True)
class Relation:
    """``total`` is the sum of ``parts``."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def cells(self) -> tuple[Key, ...]:
        return (self.total, *self.parts)


def is_small(value: int) -> bool:
    """Whether it is of some dossiers, and of too few."""
    return 0 < value < LEAST


def suppress(cells: Mapping[Key, int], relations: Sequence[Relation]) -> frozenset[Key]:
    """The cells that are not published. ``relations`` name cells of ``cells`` only."""
    table = _Table(cells, relations)
    while (leak := table.leak()) is not None:
        table.mask_near(leak)
    # What can be computed all the same, and is not small, is hidden for nothing.
    return frozenset(table.masked - {key for key in table.known() if cells[key] >= LEAST})


class _Table:
    def __init__(self, cells: Mapping[Key, int], relations: Sequence[Relation]) -> None:
        self.cells, self.relations = cells, relations
        self.masked = {key for key, value in cells.items() if value < LEAST}
        self.of_cell: dict[Key, list[Relation]] = {}
        for relation in relations:
            for key in relation.cells:
                self.of_cell.setdefault(key, []).append(relation)

    def leak(self) -> list[Relation] | None:
        """The relations through which something small is told; None where nothing is."""
        # The whole system is solved only once the simple ways are shut: it takes longer.
        told = self._told_by(self._followed()) or self._told_by(self.known())
        if not told:
            return None
        # A mask that another relation undoes at once is made good before others are put on.
        undone = next((relation for relation in self.relations if self._undoes(relation)), None)
        return [undone] if undone is not None else told

    def _followed(self) -> set[Key]:
        return followed(self.relations, {key for key in self.cells if key not in self.masked or not self.cells[key]})

    def known(self) -> set[Key]:
        """What readers know: what is shown, the zeros that they guess, all that follows."""
        known = self._followed()
        return known | solved(self.relations, self.masked - known)

    def _told_by(self, known: set[Key]) -> list[Relation]:
        for relation in self.relations:
            if relation.total in known and is_small(sum(self.cells[key] for key in relation.parts if key not in known)):
                return [relation]
        for key in _in_order(self.cells, known & self.masked):
            if is_small(self.cells[key]):
                return self.of_cell.get(key, [])
        return []

    def _undoes(self, relation: Relation) -> bool:
        """Whether it gives the one cell of it that is masked, a zero aside."""
        masked = [key for key in relation.cells if key in self.masked and self.cells[key]]
        return len(masked) == 1 and any(self._is_shown(key) for key in relation.cells)

    def mask_near(self, relations: list[Relation]) -> None:
        """Mask one more cell of ``relations``, else of those around them. A zero hides nothing.

        A part rather than a total; one that also stands in the way elsewhere; the smallest.
        """
        seen = set(relations)
        while relations:
            parts = {key for relation in relations for key in relation.parts if self._is_shown(key)}
            totals = {relation.total for relation in relations if self._is_shown(relation.total)}
            if keys := parts or totals:
                self.masked.add(min(keys, key=lambda key: (not self._helps(key, relations), *_rank(self.cells, key))))
                return
            near = {other for relation in relations for key in relation.cells for other in self.of_cell[key]} - seen
            seen |= near
            relations = [relation for relation in self.relations if relation in near]
        raise AssertionError("Nothing is left to mask, and nothing is told.")

    def _is_shown(self, key: Key) -> bool:
        return key not in self.masked and self.cells[key] > 0

    def _helps(self, key: Key, relations: list[Relation]) -> bool:
        """Whether another relation of ``key`` has a masked cell already, which it then helps to hide."""
        others = [relation for relation in self.of_cell[key] if relation not in relations]
        return any(cell in self.masked and self.cells[cell] for relation in others for cell in relation.cells)


def _rank(cells: Mapping[Key, int], key: Key) -> tuple[int, str]:
    return cells[key], str(key)


def _in_order(cells: Mapping[Key, int], keys: Iterable[Key]) -> list[Key]:
    """The smallest first; the same whatever the order in which a set gives them."""
    return sorted(keys, key=lambda key: _rank(cells, key))


def followed(relations: Sequence[Relation], known: Iterable[Key]) -> set[Key]:
    """``known``, and what follows: a relation with one unknown gives it."""
    found = set(known)
    changed = True
    while changed:
        changed = False
        for relation in relations:
            unknown = [key for key in relation.cells if key not in found]
            if len(unknown) == 1:
                found.add(unknown[0])
                changed = True
    return found


def solved(relations: Sequence[Relation], unknown: Iterable[Key]) -> set[Key]:
    """Which of ``unknown`` the linear system of the relations determines: Gauss and Jordan, modulo a prime."""
    wanted = set(unknown)
    rows: list[dict[Key, int]] = []
    for relation in relations:
        row: dict[Key, int] = {key: 1 for key in relation.parts if key in wanted}
        if relation.total in wanted:
            row[relation.total] = (row.get(relation.total, 0) - 1) % _PRIME
        if row := {key: value for key, value in row.items() if value}:
            rows.append(row)
    reduced: dict[Key, dict[Key, int]] = {}
    for row in rows:
        for pivot in [key for key in row if key in reduced]:
            _subtract(row, reduced[pivot], row.get(pivot, 0))
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, _PRIME)
        row = {key: value * inverse % _PRIME for key, value in row.items()}
        for other in reduced.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        reduced[pivot] = row
    return {pivot for pivot, row in reduced.items() if len(row) == 1}


def _subtract(row: dict[Key, int], other: Mapping[Key, int], times: int) -> None:
    """``row`` − ``times`` × ``other``, in place."""
    if not times:
        return
    for key, value in other.items():
        left = (row.get(key, 0) - times * value) % _PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
