"""Marks: what stands in a frozen letter for what differs from one person to the next.

A mark is ``START name END`` or ``START name|default END``. Both ends are characters of Unicode's private use area,
which nobody types and :func:`strip_marks` takes out of what people wrote: a mark is always ours.
"""

from __future__ import annotations

import re
from typing import Final

START, END = "\ue000", "\ue001"
MARK: Final = re.compile(f"{START}([a-z_]+)(?::([0-9]+))?(?:\\|([^{END}]*))?{END}")

#: What an editor may write as ``{{ nom }}`` or ``{{ nom|défaut }}``, and what it stands for.
VARIABLES: Final[dict[str, str]] = {
    "nom": "le nom de la personne",
    "organisation": "son organisation",
    "territoire": "son territoire",
    "liste": "le nom de la liste",
}
#: Whole addresses of one person. ``link`` takes the position of a :class:`~newsletters.models.TrackedLink`.
UNSUBSCRIBE, PREFERENCES, LINK, PIXEL = "unsubscribe_url", "preferences_url", "link", "pixel"
ADDRESSES: Final = frozenset({UNSUBSCRIBE, PREFERENCES, LINK, PIXEL})


def variable(name: str, default: str = "") -> str:
    """The mark of a variable. Raises ``KeyError`` for one that is none of :data:`VARIABLES`."""
    VARIABLES[name]
    return f"{START}{name}|{strip_marks(default)}{END}" if default else f"{START}{name}{END}"


def address(name: str) -> str:
    """The mark of :data:`UNSUBSCRIBE`, :data:`PREFERENCES` or :data:`PIXEL`."""
    assert name in ADDRESSES - {LINK}
    return f"{START}{name}{END}"


def link(position: int) -> str:
    """The mark of the followed address of the link at ``position``."""
    return f"{START}{LINK}:{position}{END}"


def strip_marks(text: str) -> str:
    """``text`` without the two characters marks are made of."""
    return text.replace(START, "").replace(END, "")
