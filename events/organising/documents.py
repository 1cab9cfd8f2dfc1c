"""Sign-in sheets and certificates as PDF."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models import Occurrence, Registration

if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS = Path(__file__).parent / "fonts"
#: Lines left for those who come without being registered.
EMPTY_LINES = 5
_UNKNOWN = "\u25a1"


@cache
def _known() -> frozenset[int]:
    """The characters the font draws."""
    from fontTools.ttLib import TTFont

    with TTFont(_FONTS / "DejaVuSans.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawn(text: str) -> str:
    """``text`` on one line, each character the font lacks as a square: seen, not lost."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(character if ord(character) in _known() else _UNKNOWN for character in flat)


def _document(title: str, orientation: str = "portrait") -> FPDF:
    # A library of some megabytes, for who prints.
    from fpdf import FPDF

    made = FPDF(orientation=orientation, format="A4")  # type: ignore[arg-type]
    made.set_title(drawn(title))
    made.set_lang("fr")
    for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
        made.add_font("text", style, _FONTS / f"{name}.ttf")
    made.set_auto_page_break(True, margin=15)
    return made


def sign_in_sheet(occurrence: Occurrence, expected: Sequence[Registration]) -> bytes:
    """The sheet people sign: those confirmed by name, then empty lines. Its heads come back on each page."""
    made = _document(f"Feuille d'émargement : {occurrence.shown_title}")
    made.add_page()
    _heading(made, "Feuille d’émargement", occurrence)
    made.set_font("text", size=9)
    heads = ("Nom", "Structure", "Participation", "Signature")
    with made.table(col_widths=(34, 28, 14, 24), line_height=9, padding=1, repeat_headings=1) as rows:
        for line in (heads, *_lines(expected)):
            row = rows.row()
            for cell in line:
                row.cell(drawn(cell))
    return bytes(made.output())


def _lines(expected: Sequence[Registration]) -> list[tuple[str, ...]]:
    known = [(one.name, one.organisation, one.get_attending_display(), "") for one in expected]
    return [*known, *[("", "", "", "")] * EMPTY_LINES]


def _heading(made: Any, kind: str, occurrence: Occurrence) -> None:
    made.set_font("text", "B", 14)
    made.multi_cell(0, 8, drawn(kind), new_x="LMARGIN", new_y="NEXT")
    made.set_font("text", "B", 11)
    made.multi_cell(0, 6, drawn(occurrence.shown_title), new_x="LMARGIN", new_y="NEXT")
    made.set_font("text", size=10)
    for line in (occurrence.when_and_zone, occurrence.place_text, occurrence.page.organiser_text):
        if line:
            made.multi_cell(0, 5, drawn(line[:1].upper() + line[1:]), new_x="LMARGIN", new_y="NEXT")
    made.ln(4)


def certificate(registration: Registration, *, code: str, check_url: str) -> bytes:
    """The certificate of somebody marked present. ``code`` lets anyone check it at ``check_url``."""
    occurrence = registration.occurrence
    made = _document(f"Attestation de présence : {occurrence.shown_title}", "landscape")
    made.add_page()
    made.set_y(45)
    made.set_font("text", "B", 24)
    made.multi_cell(0, 14, drawn("Attestation de présence"), align="C", new_x="LMARGIN", new_y="NEXT")
    made.ln(8)
    made.set_font("text", size=13)
    organiser = occurrence.page.organiser_text
    said = f"{organiser} atteste que" if organiser else "Il est attesté que"
    for style, text in (
        ("", said),
        ("B", registration.name),
        ("", "a participé à"),
        ("B", occurrence.shown_title),
        ("", f"{occurrence.when_and_zone}{duration_text(occurrence)}"),
        ("", occurrence.place_text),
    ):
        if text:
            made.set_font("text", style, 15 if style else 13)
            made.multi_cell(0, 10, drawn(text), align="C", new_x="LMARGIN", new_y="NEXT")
    made.ln(10)
    made.set_font("text", size=9)
    issued = f"Référence {code}. À vérifier sur {check_url}"
    made.multi_cell(0, 5, drawn(issued), align="C", new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


def duration_text(occurrence: Occurrence) -> str:
    """« , soit 2 h 30 »; nothing for whole days."""
    if occurrence.all_day:
        return ""
    minutes = int((occurrence.ends_at - occurrence.starts_at).total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    text = f"{hours} h {rest:02d}" if hours and rest else f"{hours} h" if hours else f"{rest} min"
    return f", soit {text}"
