"""Four eyes: nobody approves alone what they last edited, and nobody publishes around a review (docs/moderation.md).

Imports no model of the app: the task of Wagtail's workflows, which is one of them, asks here.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from wagtail.models import Page

from ..enums import OPEN_REVIEWS, ProposalKind, ProposalState, ReviewOrigin

REFUSED = "Vous avez modifié cette page en dernier : une autre personne doit l’approuver."


def last_editor_id(page: Page) -> int | None:
    """Who wrote the latest revision of ``page``, as the database has it now; its owner where no revision says. One
    query."""
    found = Page.objects.filter(pk=page.pk).values_list("latest_revision__user_id", "owner_id").first()
    return (found[0] or found[1]) if found else None


def is_last_editor(page: Page, user: Any) -> bool:
    """Whether ``user`` may not approve ``page`` for having written it last. Superusers are held to it too."""
    return bool(user.pk) and last_editor_id(page) == user.pk


def is_held_back(page: Page) -> bool:
    """Whether ``page`` is published by the approval of its review alone: it is under review, or it was born of a
    contribution that nobody approved yet. Two queries at most."""
    if page.pk is None:
        return False
    reviews = apps.get_model("pages.ReviewItem")._default_manager
    if reviews.filter(page=page.pk, state__in=OPEN_REVIEWS).exclude(origin=ReviewOrigin.CORRECTION).exists():
        return True
    if page.first_published_at is not None:
        return False
    proposals = apps.get_model("pages.Proposal")._default_manager
    born = proposals.filter(page=page.pk).exclude(kind=ProposalKind.CORRECTION)
    return bool(born.exclude(state=ProposalState.PUBLISHED).exists())
