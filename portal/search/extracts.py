"""Extracts of a page's text around what was searched, with the words found marked, and everything else escaped."""

from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .text import forms, query_groups

LENGTH = 240
_WORD = re.compile(r"[^\W_]+")


def wanted_forms(query: str) -> frozenset[str]:
    """The stems that a query marks."""
    return frozenset(word for group in query_groups(query) for alternative in group for word in alternative)


def _hits(text: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
    return [
        match.span()
        for match in _WORD.finditer(text)
        if not wanted.isdisjoint(forms(match.group().lower())) and len(match.group()) > 1
    ]


def highlight(text: str, wanted: frozenset[str]) -> SafeString:
    """``text`` escaped, its words found in ``<mark>``."""
    pieces, last = [], 0
    for start, end in _hits(text, wanted):
        pieces += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    pieces.append(escape(text[last:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of text is escaped above


def extract(text: str, wanted: frozenset[str]) -> SafeString:
    """About :data:`LENGTH` characters where most words found are, cut between words, with them marked."""
    spans = _hits(text, wanted)
    if not spans or spans[-1][1] <= LENGTH:
        start = 0
    else:
        # The stretch that begins at a hit and holds most others; the earliest of equals.
        start = max(spans, key=lambda span: (sum(span[0] <= s < span[0] + LENGTH for s, _ in spans[:200]), -span[0]))[0]
        start = max(0, start - 40)
    end = min(len(text), start + LENGTH)
    if start:
        start = text.find(" ", start) + 1 or start
    if end < len(text):
        end = text.rfind(" ", start, end) if text.rfind(" ", start, end) > start else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(f"{before}{highlight(text[start:end], wanted)}{after}")  # noqa: S308 - escaped by highlight
