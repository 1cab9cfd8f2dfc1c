"""What each app holds about a person. Each registers its own in ``AppConfig.ready``::

    from portal.core.personal_data import register

    register("contributions", "Mes contributions", export=exported, erase=erased)

``export(user)`` returns what the person may have of it: records of plain values under French labels (an e-mail address,
a moment, a number, a text, a list of these), and nothing about others. ``erase(user)`` is called inside the erasure's
transaction: it deletes, or takes the person's name and address out of what must stay readable. The account itself, and
every row that cascades from it (``on_delete=CASCADE`` is for what is the person's own), need no registration.
``files(user)`` yields (name, reader) for the files that are theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]
Exporter = Callable[[Any], Iterable[Record]]
Eraser = Callable[[Any], None]
# A file's name and what reads its bytes.
Files = Callable[[Any], Iterable[tuple[str, Callable[[], bytes]]]]


@dataclass(frozen=True)
class Holding:
    """What one app holds. ``keep`` says what stays after erasure, and why, to the person who asks for it."""

    key: str
    label: str
    export: Exporter
    erase: Eraser | None = None
    files: Files | None = None
    keep: str = ""
    order: int = 100


_holdings: dict[str, Holding] = {}


def register(
    key: str,
    label: str,
    *,
    export: Exporter,
    erase: Eraser | None = None,
    files: Files | None = None,
    keep: str = "",
    order: int = 100,
) -> None:
    """Declare what is held; registering a key again replaces it."""
    _holdings[key] = Holding(key, label, export, erase, files, keep, order)


def holdings() -> list[Holding]:
    """All that is registered, in the order people read it."""
    return sorted(_holdings.values(), key=lambda one: (one.order, one.label))
