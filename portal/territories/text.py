"""Folding of names, so that « Évry-Courcouronnes », "evry courcouronnes" and "EVRY  COURCOURONNES" are one."""

import re
import unicodedata

from django.utils.text import slugify

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": " ", "'": " ", "-": " "})
_NOT_WORD = re.compile(r"[^a-z0-9 ]+")


def fold(text: str) -> str:
    """``text`` in lower case without accents, ligatures, punctuation or repeated spaces; "saint" for "st"."""
    text = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).encode("ascii", "ignore").decode().lower()
    words = _NOT_WORD.sub(" ", text).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def address_slug(name: str) -> str:
    """``name`` as a part of an address: "provence-alpes-cote-d-azur" (an elision is a word boundary)."""
    return slugify(name.translate(_LIGATURES))


def grouped(number: int) -> str:
    """« 31 592 », by thousands with narrow no-break spaces."""
    return f"{number:,}".replace(",", "\u202f")
