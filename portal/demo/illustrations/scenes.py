"""The scenes: one registered function each, with what an editor needs to use it (title, alternative text, focus)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .shapes import document

Draw = Callable[[], str]


@dataclass(frozen=True)
class Scene:
    """An illustration. ``focus`` is (x, y, width, height) in the 1200 x 675 canvas, ``territory`` a key or empty
    (national)."""

    slug: str
    title: str
    alt: str
    draw: Draw
    focus: tuple[int, int, int, int] = (300, 120, 600, 435)
    territory: str = ""

    def svg(self) -> str:
        return document(self.draw())


SCENES: list[Scene] = []


def scene(
    slug: str, title: str, alt: str, *, focus: tuple[int, int, int, int] = (300, 120, 600, 435), territory: str = ""
) -> Callable[[Draw], Draw]:
    """Register the decorated function as a scene."""

    def register(draw: Draw) -> Draw:
        SCENES.append(Scene(slug=slug, title=title, alt=alt, draw=draw, focus=focus, territory=territory))
        return draw

    return register


from . import places, things  # noqa: E402,F401 - they register their scenes
