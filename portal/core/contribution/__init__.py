"""What may be proposed from the front office. Each content app registers its own kinds in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.module_loading import import_string

from ..pages import ContentPage

if TYPE_CHECKING:
    from .forms import ContributionForm


@dataclass(frozen=True, order=True)
class ContributionKind:
    """``key`` is the kind's :class:`~portal.core.enums.ContentKind`, ``slug`` its place in addresses, ``section`` the
    slug of the section its pages are born in, ``model`` "app.Model", ``form`` the dotted path of its form.
    """

    order: int
    key: str
    slug: str
    label: str
    description: str
    pictogram: str
    section: str
    model: str
    form: str
    #: What a reader may correct besides title, lead and text: fields of the page, or "relation.field" of its children.
    correctable: tuple[str, ...] = ()
    #: Where the same may be recognised: (field of the form, look-up of the page) of links, and of days.
    same_link: tuple[str, str] = ("", "")
    same_day: tuple[str, str] = ("", "")

    def page_class(self) -> type[ContentPage]:
        return apps.get_model(self.model)

    def form_class(self) -> type[ContributionForm]:
        found: type[ContributionForm] = import_string(self.form)
        return found


_kinds: dict[str, ContributionKind] = {}


def register_contribution(kind: ContributionKind) -> None:
    """Declare a kind; registering its key again replaces it."""
    _kinds[kind.key] = kind


def contribution_kinds() -> list[ContributionKind]:
    """All kinds, in the order of the screen."""
    return sorted(_kinds.values())


def contribution_kind(key: str) -> ContributionKind | None:
    return _kinds.get(key)


def contribution_by_slug(slug: str) -> ContributionKind | None:
    return next((kind for kind in _kinds.values() if kind.slug == slug), None)


def contribution_to(model: type[ContentPage]) -> ContributionKind | None:
    """The kind whose pages are of ``model``."""
    return next((kind for kind in _kinds.values() if kind.model == model._meta.label), None)
