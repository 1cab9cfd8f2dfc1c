"""The checks of a letter's latest draft, with its weight: for the screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .checks import CLIPPED, Problem, problems, weight
from .notes import ERROR
from .rendering import RenderedLetter, render

if TYPE_CHECKING:
    from ..models import NewsletterPage


@dataclass(frozen=True)
class Report:
    """``weight`` in bytes."""

    letter: NewsletterPage
    rendered: RenderedLetter
    problems: list[Problem]
    weight: int

    @property
    def kilobytes(self) -> int:
        return round(self.weight / 1024)

    @property
    def limit(self) -> int:
        return CLIPPED // 1024

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == ERROR]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level != ERROR]


def report_of(letter: NewsletterPage) -> Report:
    """Of what was saved last, published or not. Reads only."""
    draft: NewsletterPage = letter.get_latest_revision_as_object()
    rendered = render(draft)
    return Report(draft, rendered, problems(draft, rendered), weight(rendered))
