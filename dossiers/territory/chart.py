"""The bar of who covers how much of a département: one part a roadmap, then what is left."""

from __future__ import annotations

from dataclasses import dataclass

from .coverage import Coverage

WIDTH = 1000
COLOURS = 6


@dataclass(frozen=True)
class Bar:
    """A part of the bar, in thousandths of the population (of the communes where no population is known)."""

    x: int
    width: int
    css: str
    label: str


def colour(number: int) -> str:
    """The class of the part of the ``number``-th roadmap, in the bar and beside its name."""
    return str(number % COLOURS)


def bars(found: Coverage) -> list[Bar]:
    """From left to right; what rounds to nothing is left out. The table says the same in numbers."""
    known = found.population
    whole = known or len(found.communes)
    if not whole:
        return []
    made: list[Bar] = []
    covered = 0
    for number, share in enumerate(found.shares):
        before = WIDTH * covered // whole
        covered += share.population if known else len(share.communes)
        width = WIDTH * covered // whole - before
        if width:
            made.append(Bar(before, width, colour(number), share.dossier.label))
    at = WIDTH * covered // whole
    if at < WIDTH and found.missing:
        made.append(Bar(at, WIDTH - at, "missing", "Non couvert"))
    return made
