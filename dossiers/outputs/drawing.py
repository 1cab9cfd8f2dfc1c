"""A sheet to PDF: tagged, PDF/UA-1, in French (``typst/document.typ``), by a process of its own."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from .typesetting import STANDARD, WITHOUT_STANDARD

logger = logging.getLogger(__name__)
#: Seconds; the process stops itself before (``typesetting.SECONDS`` of computing), unless it hangs.
LONGEST: Final = 150
#: Controls, and what turns the direction of a text round: a name shows in the order it is written.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
#: Longer than any word, and than a line at its longest.
_LONG: Final = re.compile(r"\S{45}(?=\S)")


class DrawingError(Exception):
    """There is no PDF: the process failed, or was stopped at its limit of time or memory."""


def draw_sheet(sheet: dict[str, Any], at: datetime) -> bytes:
    """The PDF of ``sheet``: title, author, number, facts, parts, code, url. The same sheet gives the same bytes.

    Where a text holds a character that no font has, the standard refuses; the PDF is then tagged all the same, and
    claims no standard. Raises :class:`DrawingError`. Side effects: a process, which ends.
    """
    asked = {"data": json.dumps(shown(sheet), ensure_ascii=False), "timestamp": int(at.timestamp())}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dossiers.outputs.typesetting"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=LONGEST,
            check=False,
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise DrawingError(f"stopped after {LONGEST} s") from None
    told = done.stderr.decode(errors="replace")[-500:]
    if done.returncode not in (0, WITHOUT_STANDARD) or not done.stdout.startswith(b"%PDF-"):
        raise DrawingError(f"exit code {done.returncode}: {told}")
    if done.returncode == WITHOUT_STANDARD:
        logger.warning("A document of %s is not %s: %s", sheet.get("number"), STANDARD, told)
    return done.stdout


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
