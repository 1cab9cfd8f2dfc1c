"""Whose drafts' titles the administration shows: those of pages the person at the screen may edit.

Choosers, searches and usage lists name published pages of every space; Wagtail names each by the title of its latest
draft. Who is at the screen is known from the request, so the admin's middleware says it for the time of the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from wagtail.models import Page

_may_edit: ContextVar[Callable[[Page], bool] | None] = ContextVar("may_edit", default=None)


@contextmanager
def titles_for(may_edit: Callable[[Page], bool]) -> Iterator[None]:
    """Within it, drafts give the titles of pages for which ``may_edit`` is true. Elsewhere (mails) nothing changes."""
    token = _may_edit.set(may_edit)
    try:
        yield
    finally:
        _may_edit.reset(token)


def draft_is_hidden(page: Page) -> bool:
    may_edit = _may_edit.get()
    return may_edit is not None and page.live and page.draft_title != page.title and not may_edit(page)
