"""Who may read a document: whoever may read a page that uses it (docs/media.md)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page

from portal.core import media

from .models import ResourceFile


def pages_of(document: AbstractDocument) -> QuerySet[Page]:
    """Pages whose published content uses ``document``: as a file of a resource, in their body, anywhere.

    A resource's files are read from their own table, at once.
    """
    files = ResourceFile._base_manager.filter(document=document)
    return Page.objects.filter(
        Q(pk__in=media.pages_referencing(document).values("pk")) | Q(pk__in=files.values("page"))
    )


def may_read(document: AbstractDocument, request: HttpRequest) -> bool:
    """Whether the reader may have ``document``; see :func:`portal.core.media.may_read`."""
    return media.may_read(document, pages_of(document), request)
