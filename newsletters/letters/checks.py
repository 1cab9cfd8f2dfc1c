"""What is wrong with a letter before it is sent. An error forbids sending; a warning is for the person who sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..sending import marks
from . import html, variables
from .notes import ERROR, WARNING
from .notes import Note as Problem
from .rendering import RenderedLetter
from .tree import one_line

if TYPE_CHECKING:
    from ..models import NewsletterPage

__all__ = ["CLIPPED", "Problem", "problems", "weight"]

#: Bytes above which Gmail cuts a message off and hides its foot, where one unsubscribes.
CLIPPED: Final = 102 * 1024
#: What a followed address is about as long as, for a letter's weight.
_TOKEN = "0" * 38


def weight(rendered: RenderedLetter) -> int:
    """Bytes of the HTML as a person receives it, with addresses of the usual length."""
    from .examples import fill

    return html.size(fill(rendered.html, escape=True))


def problems(letter: NewsletterPage, rendered: RenderedLetter) -> list[Problem]:
    """Errors first. No query but those ``letter`` makes when its blocks are read."""
    found = list(rendered.notes)

    def add(level: str, code: str, message: str) -> None:
        found.append(Problem(level, code, message))

    if not rendered.subject.strip():
        add(ERROR, "empty_subject", "La lettre n’a ni objet ni titre.")
    elif not one_line(letter.subject):
        add(WARNING, "subject_is_title", "L’objet est vide : le titre de la page en tiendra lieu.")
    if not rendered.preheader.strip():
        add(WARNING, "missing_preheader", "Le texte d’aperçu est vide : la boîte aux lettres montrera autre chose.")
    for name, text in _typed_texts(letter):
        for mistake in variables.mistakes(text):
            add(ERROR, "unknown_variable", f"{name} : {mistake}")
    if not any(child.block_type not in ("separator", "footer") for child in letter.body):
        add(ERROR, "no_content", "La lettre n’a pas de contenu.")
    if (heavy := weight(rendered)) >= CLIPPED:
        add(
            WARNING,
            "too_heavy",
            f"La lettre pèse {heavy // 1024} ko : au-delà de 102 ko, certaines messageries la coupent avant sa fin.",
        )
    return sorted(dict.fromkeys(found), key=lambda problem: problem.level != ERROR)


def _typed_texts(letter: NewsletterPage) -> list[tuple[str, str]]:
    """Where variables may stand: (name of the place, text)."""
    found = [("Objet", one_line(letter.subject)), ("Texte d’aperçu", one_line(letter.preheader))]
    for child in letter.body:
        if child.block_type in ("intro", "text"):
            found.append((child.block.label, marks.strip_marks(child.value.source or "")))
        elif child.block_type == "contribute":
            found.append((child.block.label, marks.strip_marks(child.value["text"].source or "")))
        elif child.block_type == "footer":
            found.append((child.block.label, marks.strip_marks(child.value["why"].source or "")))
    return found
