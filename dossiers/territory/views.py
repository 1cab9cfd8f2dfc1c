"""Files of published dossiers; who covers what of a département; overlaps while a perimeter is picked."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.files.views import attached

from ..models import DossierPage
from .publishing import served_files


@never_cache
@require_safe
def published_file(request: HttpRequest, page_id: int, file_id: uuid.UUID) -> HttpResponseBase:
    """A file of a published dossier, for everybody who reads its page: clean, and shown there. 404 otherwise.

    No event of the dossier: what is public is not logged by reader.
    """
    page = DossierPage.objects.filter(pk=page_id, fact__visible=True).first()
    if page is None or str(file_id) not in page.content.get("files", []):
        raise Http404
    found = served_files([str(file_id)])
    if not found:
        raise Http404
    return attached(found[0])
