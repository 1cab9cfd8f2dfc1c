"""What the resources app adds to Wagtail."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.documents.models import AbstractDocument

from .documents import may_read


# After Wagtail's own check of private collections, which sends to the sign-in screen.
@hooks.register("before_serve_document", order=100)
def only_documents_of_readable_pages(document: AbstractDocument, request: HttpRequest) -> None:
    """A document of a draft, of a private page or of no page at all does not exist for the public."""
    if not may_read(document, request):
        raise Http404("Ce document n'existe pas.")
