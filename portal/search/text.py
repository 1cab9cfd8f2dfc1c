"""French text analysis, shared by the index and by queries: accents, case, elision, compounds, word forms.

Pure functions; the only state is the cache of stems.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import snowballstemmer

MAX_QUERY_WORDS = 16
MAX_WORD = 64

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "ʼ": "'", "‘": "'", "‑": "-", "‐": "-", "–": " "}
)
_ELISION = re.compile(r"\b(?:(?:jus|lors|puis|quoi|quel)?qu|[cdjlmnst])'(?=\w)")
# A word, or words joined by hyphens ("co-construction", "Mont-de-Marsan").
_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_PLURAL = re.compile(r"(?<=\w\w[^\Ws])s$")
_FEMININE = re.compile(r"(?<=\w{2})ees?$")
STOP_WORDS = frozenset(
    """a au aux avec ce ces cet cette d dans de des du elle en est et eux il ils j je l la le les leur leurs lui m ma
    mais me mes mon n ne nos notre nous on ou où par pas pour qu que qui s sa se ses son sont sur t ta te tes ton tu un
    une vos votre vous y à""".split()  # noqa: SIM905
)
_CLOSING = (".", "!", "?", "…", ":", ";", ",", ". »", "! »", "? »", "… »")
_stemmer = snowballstemmer.stemmer("french")


def fold(text: str) -> str:
    """``text`` in lower case without accents, ligatures or elided articles; its hyphens are kept.

    Characters that no file or database may hold (NUL, lone surrogates) are dropped.
    """
    text = unicodedata.normalize("NFKD", text.replace("\x00", " ").lower().translate(_LIGATURES))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return _ELISION.sub("", text.encode("utf-8", "ignore").decode())


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one word, accents removed: « formées » and « formations » have two, « formation(s) » one.

    Snowball's French stemmer, which leaves apart what readers take for one word: « publique » and « public »,
    « médiatrice », « médiateur » and « médiation ».
    """
    if not word.isalpha():
        return word
    # The plural goes first: the stemmer makes « conseill » of « conseiller » but leaves « conseillers » its ending.
    word = _PLURAL.sub("", word)
    root = "".join(char for char in unicodedata.normalize("NFKD", _stemmer.stemWord(word)) if char.isalnum())
    if root.endswith("qu"):
        return root[:-2] + "c"
    for ending in ("ateur", "atric"):
        if root.endswith(ending) and len(root) > len(ending) + 2:
            return root[: -len(ending)] + "at"
    return root


def _compounds(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(compound joined, its parts) for every word of ``text``; accents are kept, case is not."""
    lowered = unicodedata.normalize("NFC", text.replace("\x00", " ").lower().translate(_LIGATURES))
    for match in _COMPOUND.finditer(_ELISION.sub("", lowered)):
        parts = tuple(part[:MAX_WORD] for part in match.group().split("-"))
        yield "".join(parts)[:MAX_WORD], parts


@lru_cache(maxsize=100_000)
def forms(word: str) -> tuple[str, ...]:
    """The stems a word is found under: that of its folded spelling first, then that of its accents if it differs.

    Someone who types « formee » gets the first, someone who types « formée » either.
    """
    folded = fold(word).replace("-", "").replace("'", "")
    # The feminine participle is the one ending that the stemmer takes for another without its accent.
    first, second = stem(_FEMININE.sub("ée", folded)), stem(word)
    return (first,) if first == second or not second else (first, second)


def analyse(text: str) -> str:
    """What the index holds for ``text``: its stems in order (for phrases), then the variants and joined compounds."""
    stems: list[str] = []
    extra: list[str] = []
    for joined, parts in _compounds(text):
        for part in parts:
            first, *others = forms(part)
            stems.append(first)
            extra += others
        if len(parts) > 1:
            extra += forms(joined)
    return " ".join(stems + extra)


def fold_words(text: str) -> str:
    """What the index of prefixes holds: folded words, unstemmed, compounds apart and joined."""
    words: list[str] = []
    for joined, parts in _compounds(text):
        words += [fold(part) for part in parts]
        if len(parts) > 1:
            words.append(fold(joined))
    return " ".join(words)


def query_stems(text: str) -> list[str]:
    """The stems of a query in order, stop words kept: what a phrase is looked up by."""
    stems = [forms(part)[0] for _, parts in _compounds(text[:2000]) for part in parts]
    return stems[:MAX_QUERY_WORDS]


def query_groups(text: str) -> list[list[list[str]]]:
    """A query as groups that must each match: a group is alternatives, an alternative is words that go together.

    « l'accès aux co-constructions » is ``[[["acce"], ["acces"]], [["co", "construct"], ["coconstruct"]]]``. Stop words
    are left out unless there is nothing else; at most :data:`MAX_QUERY_WORDS` groups. Holds letters and digits only,
    so that nothing in it can be read as an operator.
    """
    compounds = list(_compounds(text[:2000]))
    telling = [item for item in compounds if len(item[1]) > 1 or item[0] not in STOP_WORDS] or compounds
    groups: list[list[list[str]]] = []
    for joined, parts in telling[:MAX_QUERY_WORDS]:
        if len(parts) == 1:
            group = [[form] for form in forms(parts[0])]
        else:
            group = [[forms(part)[0] for part in parts], *([form] for form in forms(joined))]
        if group not in groups:
            groups.append(group)
    return groups


def query_words(text: str) -> list[str]:
    """The folded, unstemmed words of a query, compounds apart, at most :data:`MAX_QUERY_WORDS`."""
    words = [fold(part) for _, parts in _compounds(text[:2000]) for part in parts]
    return [word for word in words if word][:MAX_QUERY_WORDS]


def pieces(value: Any) -> list[str]:
    """The texts of a search field's value (text, list, dict, anything), in order; none is empty."""
    if value is None:
        return []
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [text for item in value for text in pieces(item)]
    text = " ".join(str(value).replace("\x00", " ").split())
    return [text] if text else []


def run_together(texts: Iterable[str]) -> str:
    """``texts`` as one line to read. What ends without punctuation (a heading, an item) is told apart by a point."""
    line = ""
    for text in texts:
        gap = " " if line.endswith(_CLOSING) else " · "
        line = f"{line}{gap}{text}" if line else text
    return line
