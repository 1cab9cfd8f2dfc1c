"""The kinds of notifications, and the categories people set. Each app registers its own in ``AppConfig.ready``::

from portal.notifications.registry import Notification, register

class ProposalPublished(Notification):
    kind = "contribution.published"
    category = "contribution"
    label = "Votre contribution est publiée"
    action = "Voir la page"

    def subject(self, context):
        return f"« {context['title']} » est publiée"

register(ProposalPublished)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.accounts.models import User

from .enums import Frequency


@dataclass(frozen=True)
class Category:
    """What a person sets how often to hear of. ``default`` is what holds until they choose."""

    key: str
    label: str
    description: str
    default: Frequency = Frequency.INSTANT
    order: int = 100


class Notification:
    """One kind of notification. ``kind`` and ``category`` are identifiers, ``label`` what people read of the kind.

    ``can_be_muted`` False: the mail leaves at once whatever the person chose for the category. ``subject`` is one line,
    ``text`` a few sentences, both plain text in French; they are written once, when the thing happens, and may be read
    when their reader has lost the right to see the thing itself: they say no more than its title.
    """

    kind: ClassVar[str]
    category: ClassVar[str]
    label: ClassVar[str]
    can_be_muted: ClassVar[bool] = True
    action: ClassVar[str] = "Ouvrir"

    def subject(self, context: Mapping[str, Any]) -> str:
        """The line of the list and the subject of the mail."""
        raise NotImplementedError

    def text(self, context: Mapping[str, Any]) -> str:
        """What follows it; may be empty."""
        return ""

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        """Whether a mail that waited (digest, relay away) should still tell it. Asked just before sending."""
        return True


_kinds: dict[str, Notification] = {}
_categories: dict[str, Category] = {}


def register_category(category: Category) -> None:
    """Declare a category; registering its key again replaces it."""
    _categories[category.key] = category


def register(cls: type[Notification]) -> type[Notification]:
    """Declare a kind. Raises ``ValueError`` on an unknown category, or a kind that is another class's."""
    if cls.category not in _categories:
        raise ValueError(f"{cls.kind}: category {cls.category!r} is not one of {sorted(_categories)}.")
    known = _kinds.get(cls.kind)
    if known is not None and type(known).__qualname__ != cls.__qualname__:
        raise ValueError(f"{cls.kind!r} is already {type(known).__qualname__}.")
    _kinds[cls.kind] = cls()
    return cls


def kind_of(kind: str) -> Notification:
    """The class of a kind, as one instance. Raises ``KeyError``."""
    return _kinds[kind]


def find_kind(kind: str) -> Notification | None:
    """The same; None for a kind of a former release."""
    return _kinds.get(kind)


def kinds_in(category: str) -> list[Notification]:
    """The kinds of a category, by label."""
    return sorted((one for one in _kinds.values() if one.category == category), key=lambda one: one.label)


def categories() -> list[Category]:
    """The categories that have kinds, in the order of the screen."""
    used = {one.category for one in _kinds.values()}
    return sorted((one for one in _categories.values() if one.key in used), key=lambda one: (one.order, one.label))


def category_of(key: str) -> Category | None:
    return _categories.get(key)


register_category(
    Category("contribution", "Mes contributions", "Ce que deviennent vos propositions et vos corrections.", order=10)
)
register_category(
    Category("moderation", "Relecture", "Ce qui attend d’être relu dans vos espaces, et les rappels.", order=20)
)
register_category(
    Category("edition", "Rédaction", "Les pages à relire et les signalements des lecteurs.", Frequency.DAILY, order=30)
)
register_category(
    Category("network", "Réseau", "Les invitations, les rôles et les espaces de vos territoires.", order=40)
)
register_category(Category("account", "Mon compte", "La sécurité de votre compte et vos données.", order=90))
