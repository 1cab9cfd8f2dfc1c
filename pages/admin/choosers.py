"""What choosers may show: everything readers see, and of the rest only one's own spaces."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page
from wagtail.permissions import policy_registry

from portal.core.models import PageFact


def hide_drafts_of_others(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """For ``construct_page_chooser_queryset``: drafts and private pages of other spaces are left out."""
    user: Any = request.user
    if user.is_superuser:
        return pages
    explorable = policy_registry.get_by_type(Page).explorable_instances(user).values_list("pk", flat=True)
    private = PageFact.objects.filter(visible=False, page__live=True).values_list("page", flat=True)
    return pages.filter((Q(live=True) & ~Q(pk__in=private)) | Q(pk__in=explorable))
