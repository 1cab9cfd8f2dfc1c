"""``{{ nom }}`` and ``{{ nom|défaut }}`` in what editors write, and the marks they become.

Only the names of :data:`newsletters.sending.marks.VARIABLES` exist. Everything else between double braces is refused
where it was typed, so that nobody receives « Bonjour {{ prenom }} ».
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Final

from django.core.exceptions import ValidationError

from ..sending import marks

_VARIABLE = re.compile(r"\{\{(?P<inside>[^{}]*)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_NBSP = "\u00a0"
MAX_DEFAULT: Final = 60

HELP: Final = (
    "Vous pouvez écrire « {{ nom }} », « {{ organisation }} », « {{ territoire }} » ou « {{ liste }} », "
    "avec un texte de remplacement : « {{ nom|cher abonné, chère abonnée }} »."
)


def _parts(inside: str) -> tuple[str, str]:
    """(name, default) of what stands between the braces; spaces that an editor's keyboard made unbreakable do not
    count.
    """
    name, _, default = inside.replace(_NBSP, " ").replace("&nbsp;", " ").partition("|")
    return " ".join(name.split()).lower(), " ".join(default.split())


def mistakes(text: str) -> list[str]:
    """What is wrong with the variables of ``text`` (plain or HTML), each as a French sentence; empty if nothing."""
    found: list[str] = []
    for match in _VARIABLE.finditer(text):
        name, default = _parts(match["inside"])
        if name not in marks.VARIABLES:
            known = ", ".join(f"« {each} »" for each in marks.VARIABLES)
            shown = unescape(re.sub(r"<[^>]*>", "", name))[:40]
            found.append(f"La variable « {shown} » n’existe pas{_NBSP}: choisissez parmi {known}.")
        elif "<" in default:
            found.append(f"Le texte de remplacement de « {name} » ne peut pas être mis en forme.")
        elif len(unescape(default)) > MAX_DEFAULT:
            found.append(f"Le texte de remplacement de « {name} » dépasse {MAX_DEFAULT} caractères.")
    if _BRACES.search(_VARIABLE.sub("", text)):
        found.append("Des doubles accolades sont seules ou coupées : écrivez une variable d’un trait, « {{ nom }} ».")
    return list(dict.fromkeys(found))


def check(text: str) -> None:
    """Raises ``ValidationError`` with every mistake of ``text``."""
    if found := mistakes(text):
        raise ValidationError(found)


def fill_marks(text: str, prepare: Callable[[str], str] = str) -> str:
    """``text`` with marks in place of its variables; ``prepare`` makes the default of what stands in ``text``.

    ``text`` holds no marks that somebody typed: :func:`newsletters.sending.marks.strip_marks` went over it first. What
    is no variable stays as it is: the checks say so.
    """

    def mark(match: re.Match[str]) -> str:
        name, default = _parts(match["inside"])
        if name not in marks.VARIABLES:
            return match[0]
        return marks.variable(name, prepare(default))

    return _VARIABLE.sub(mark, text)
