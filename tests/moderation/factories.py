"""Pages under review."""

from __future__ import annotations

from typing import Any

from pages.models import NewsPage, ReviewItem
from portal.accounts.models import User
from portal.territories.models import Space
from tests.factories import make_news


def draft(space: Space, author: User, **fields: Any) -> NewsPage:
    """A page never published, whose only revision is ``author``'s."""
    page = make_news(space, live=False, owner=author, **fields)
    page.save_revision(user=author)
    return page


def submit(page: NewsPage, author: User) -> ReviewItem:
    """Its review, asked for by ``author``."""
    workflow = page.get_workflow()
    assert workflow is not None
    workflow.start(page, author)
    return ReviewItem.objects.get(page=page.pk, state="waiting")


def review(space: Space, author: User, **fields: Any) -> ReviewItem:
    return submit(draft(space, author, **fields), author)
