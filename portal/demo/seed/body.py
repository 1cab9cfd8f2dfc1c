"""From the short notation of the content modules to StreamField data.

A body is a list of pairs: ``("text", html)``, ``("callout", (title, html))``, ``("alert", (level, title, html))``,
``("quote", (text, author))``, ``("accordions", [(title, html), …])``, ``("buttons", [(label, address), …])``,
``("tiles", [(title, text, pictogram, address), …])``, ``("table", raw value)``.
"""

from __future__ import annotations

import json
import re
from typing import Any

Part = tuple[str, Any]


def typeset(value: Any) -> Any:
    """``value``, strings and what lists and dicts hold, with the no-break spaces of French around : ; ! ? and « »."""
    if isinstance(value, str):
        return re.sub("« ", "«\u00a0", re.sub(r"(?<=[\w»)\]]) (?=[:;!?»](?:\s|[.,)<]|$))", "\u00a0", value))
    if isinstance(value, dict):
        return {key: typeset(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [typeset(each) for each in value]
    return value


def _value(kind: str, data: Any) -> Any:
    match kind:
        case "callout":
            return {"title": data[0], "text": data[1]}
        case "alert":
            return {"level": data[0], "title": data[1], "text": data[2]}
        case "quote":
            return {"text": data[0], "author": data[1], "author_title": "", "source": "", "source_url": ""}
        case "accordions":
            return {"items": [{"title": title, "text": text} for title, text in data]}
        case "buttons":
            return {
                "items": [
                    {"label": label, "url": url, "page": None, "style": ("primary", "secondary")[min(place, 1)]}
                    for place, (label, url) in enumerate(data)
                ]
            }
        case "tiles":
            return {
                "items": [
                    {"title": title, "text": text, "pictogram": pictogram, "url": url, "page": None}
                    for title, text, pictogram, url in data
                ]
            }
        case _:
            return data


def stream(parts: list[Part]) -> str:
    """The JSON of a body."""
    return json.dumps([{"type": kind, "value": typeset(_value(kind, data))} for kind, data in parts])
