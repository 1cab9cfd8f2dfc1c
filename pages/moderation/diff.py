"""What a review would change: the latest draft beside the published page, field by field, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.compare import diff_text
from wagtail.models import Page

from ..contribution.corrections import proposed_changes

_MARKED = re.compile(r'<span class="(addition|deletion)">(.*?)</span>', re.DOTALL)


@dataclass(frozen=True)
class Change:
    """One field: its name, its label, and the difference as HTML that Wagtail's comparison escaped."""

    name: str
    label: str
    html: SafeString


def marked(html: str) -> SafeString:
    """Wagtail's spans as ``ins`` and ``del``, which are read aloud and need no colour."""

    def tag(found: re.Match[str]) -> str:
        name = "ins" if found[1] == "addition" else "del"
        return f"<{name}>{found[2]}</{name}>"

    return mark_safe(_MARKED.sub(tag, html))  # noqa: S308 - of HTML that is safe already


def changes(page: Page, request: HttpRequest) -> tuple[list[Change], bool]:
    """(the fields that the latest draft of ``page`` changes, whether the page was never published).

    A first publication is compared with an empty page: everything it says is shown.
    """
    specific = page.specific
    draft = specific.get_latest_revision_as_object()
    first = not page.live and page.first_published_at is None
    before = type(specific)(title="", slug="") if first else specific
    panel = specific.get_edit_handler().get_bound_panel(instance=draft, request=request, form=None)
    found = []
    for make in panel.get_comparison():
        one = make(before, draft)
        if one.has_changed():
            field = getattr(one, "field", None)
            name = getattr(field, "name", "") or getattr(getattr(one, "relation", None), "name", "")
            label = str(one.field_label()) if hasattr(one, "field_label") else name
            html = one.htmldiff() if hasattr(one, "htmldiff") else format_html("{}", "Liste modifiée.")
            found.append(Change(str(name), label, marked(html)))
    return found, first


def between(before: str, after: str) -> SafeString:
    """Two texts, word by word."""
    return marked(diff_text(strip_tags(before), strip_tags(after)).to_html())


def corrected(item: Any) -> list[Change]:
    """What a correction proposes, beside the page as it is online now; the remark of its author last."""
    page, proposal = item.page.specific if item.page else None, item.proposal
    if page is None or proposal is None:
        return []
    found = []
    for change in proposed_changes(proposal, page):
        label = f"{change.label} (la page a changé depuis)" if change.conflicts else change.label
        found.append(Change(change.name, label, between(change.now, change.after)))
    return found
