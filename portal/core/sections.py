"""The sections every territory space has. Each content app registers its own in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.dispatch import Signal

from .pages import BasePage

# Sent with ``space`` and ``actor`` inside the opening's (or closing's) transaction.
space_opened = Signal()
space_closed = Signal()


@dataclass(frozen=True, order=True)
class Section:
    """A section page made beneath every space: ``order`` first, then its slug, title and model ("app.Model")."""

    order: int
    slug: str
    title: str
    model: str

    def page_class(self) -> type[BasePage]:
        return apps.get_model(self.model)


_sections: dict[str, Section] = {}


def register_section(*, slug: str, title: str, model: str, order: int) -> None:
    """Declare a section; a slug registered twice is an error of programming."""
    if slug in _sections and _sections[slug].model != model:
        raise ValueError(f"Section {slug!r} is already {_sections[slug].model}.")
    _sections[slug] = Section(order=order, slug=slug, title=title, model=model)


def registered_sections() -> list[Section]:
    """All sections, in the order of the menu."""
    return sorted(_sections.values())
