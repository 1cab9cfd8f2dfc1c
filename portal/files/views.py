"""Handing files out: who may, whether the antivirus agreed, a row of the log, then the content, as an attachment."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.models import User

from .listeners import tell_download
from .models import FileDownload, StoredFile, private_storage
from .names import attachment_header
from .selectors import file_for, may_be_served

#: Whatever a file holds, a browser that shows it all the same runs nothing of it and tells nobody.
POLICY = "default-src 'none'; sandbox"


@never_cache
@require_safe
def download(request: HttpRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """The file as an attachment; 404 to whom it does not concern, a page that says why (409) while it is not served."""
    stored = file_for(request.user, file_id)
    if stored is None:
        raise Http404
    if not may_be_served(request.user, stored):
        return render(request, "files/not_served.html", {"file": stored}, status=409)
    if request.method != "GET":
        return attached(stored)
    return hand_out(stored, request.user if request.user.is_authenticated else None)


def hand_out(stored: StoredFile, user: User | None) -> HttpResponseBase:
    """:func:`attached`, noted: a row of the log, and whoever listens to downloads of its purpose. Where that fails,
    nothing leaves. ``user``: who is given it, None for somebody who is not signed in."""
    response = attached(stored)
    try:
        with transaction.atomic():
            FileDownload.objects.create(file=stored, user=user)
            tell_download(stored, user)
    except BaseException:
        response.close()
        raise
    return response


def attached(stored: StoredFile) -> HttpResponseBase:
    """The content of ``stored`` as an attachment that no browser runs. Whoever calls it asked who may, and the
    antivirus. Raises Http404 where the content is gone."""
    try:
        response = _content(stored)
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Disposition"] = attachment_header(stored.name)
    response["Content-Type"] = stored.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    return response


def _content(stored: StoredFile) -> HttpResponseBase:
    """By ``FILES_DELIVERY``: through the portal, by the web server in front of it, or by the storage's own address."""
    delivery = settings.FILES_DELIVERY
    if delivery == "x-accel-redirect":
        response = HttpResponse()
        response["X-Accel-Redirect"] = f"{settings.FILES_INTERNAL_URL}{quote(stored.key)}"
        return response
    if delivery == "x-sendfile":
        response = HttpResponse()
        response["X-Sendfile"] = private_storage().path(stored.key)
        return response
    if delivery == "redirect":
        return HttpResponseRedirect(
            private_storage().url(  # type: ignore[call-arg]
                stored.key,
                parameters={  # Of storages with signed addresses (S3).
                    "ResponseContentDisposition": attachment_header(stored.name),
                    "ResponseContentType": stored.content_type,
                },
            )
        )
    file = stored.open()
    return FileResponse(file, headers={"Content-Length": str(stored.size)})
