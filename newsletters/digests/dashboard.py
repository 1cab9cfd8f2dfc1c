"""The card of « Mon espace »: drafts of digests that wait to be read again."""

from __future__ import annotations

from django.urls import reverse

from portal.accounts.models import User
from portal.core.dashboard import CardContent, Entry

from .. import access
from ..campaigns.guards import composes
from ..models import NewsletterPage

SHOWN = 6


def drafts(*, user: User) -> CardContent | None:
    """Nothing for who writes no letters, or where none waits. Three queries, the rights included."""
    if not composes(user):
        return None
    waiting = NewsletterPage.objects.filter(
        digest__territory__in=access.composed_territories(user), live=False, first_published_at=None, campaigns=None
    )
    found = list(waiting.select_related("digest__territory").order_by("-pk")[:SHOWN])
    if not found:
        return None
    entries = [
        Entry(one.title, reverse("letter_checks", args=[one.pk]), str(one.digest.territory), "À relire")
        for one in found
        if one.digest
    ]
    return CardContent(entries, url=reverse("newsletters_digest_modeladmin_index"), link="Les lettres récurrentes")
