"""What people write to each other: plain text, without what hides or turns around."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Final

from ..rules import DossierRefused

LONGEST: Final = 10_000  # characters
#: Controls, direction and zero-width formats, surrogates, private use, unassigned, separators of lines.
_INVISIBLE: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS: Final = {"\u200d", "\u200c"}  # Emoji and some scripts are written with them.
_NAMESPACE: Final = uuid.UUID("5a0b3b52-1c4c-5c0e-9d1f-2a8d3f6b7c10")


def plain_text(value: str, *, field: str, most: int = LONGEST) -> str:
    """``value`` in NFC, stripped, its lines ended by « \\n », without invisible characters.

    Raises :class:`DossierRefused` (``long``) beyond ``most`` characters.
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        each for each in text if each in "\n\t" or each in _JOINERS or unicodedata.category(each) not in _INVISIBLE
    ).strip()
    if len(text) > most:
        limit = f"{most:,}".replace(",", "\u202f")
        raise DossierRefused("long", f"Ce texte dépasse {limit} caractères.", field)
    return text


def identifier(*parts: object, key: str) -> uuid.UUID:
    """The identifier of what a form makes: the same for the same ``key``, so that a form sent twice makes it once.

    ``parts`` say by whom and what else. Without a key, a new one.
    """
    if not key:
        return uuid.uuid4()
    return uuid.uuid5(_NAMESPACE, "\x1f".join([*(str(part) for part in parts), key]))
