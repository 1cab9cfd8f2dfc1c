"""A sheet to PDF: tagged, PDF/UA-1, in French (``typst/document.typ``)."""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

logger = logging.getLogger(__name__)
FOLDER: Final = Path(__file__).parent / "typst"
STANDARD: Final = "ua-1"
#: Controls, and what turns the direction of a text round: a name shows in the order it is written.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
#: Longer than any word, and than a line at its longest.
_LONG: Final = re.compile(r"\S{45}(?=\S)")


def draw_sheet(sheet: dict[str, Any], at: datetime) -> bytes:
    """The PDF of ``sheet``: title, author, number, facts, parts, code, url. The same sheet gives the same bytes.

    Where a text holds a character that no font has, the standard refuses; the PDF is then tagged all the same, and
    claims no standard. Raises ``typst.TypstError`` where there is no PDF at all.
    """
    import typst

    # What is a mistake of the template, or of nobody, is not for the person who waits: the caller tries again.
    data = json.dumps(shown(sheet), ensure_ascii=False)

    def compiled(standards: Any) -> bytes:
        made = typst.compile(
            FOLDER / "document.typ",
            root=FOLDER,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=standards,
            timestamp=int(at.timestamp()),
        )
        return cast(bytes, made)

    try:
        return compiled([STANDARD])
    except typst.TypstError as error:
        logger.warning("A document of %s is not %s: %s", sheet.get("number"), STANDARD, error.message)
        return compiled([])


def shown(value: Any) -> Any:
    """``value`` with its texts as they can be shown: nothing unseen, and words that may break."""
    if isinstance(value, dict):
        exact = {"sha256", "url", "code"}
        return {key: each if key in exact else shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [shown(each) for each in value]
    if isinstance(value, str):
        return _LONG.sub(lambda found: f"{found.group()}\u200b", _UNSEEN.sub("", value))
    return value
