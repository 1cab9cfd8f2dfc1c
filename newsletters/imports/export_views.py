"""Screens of exports: a purpose is asked for, and a recent proof of who one is."""

from __future__ import annotations

from functools import partial, wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.abilities import person_of
from portal.accounts.stepup import step_up_required
from portal.core.spreadsheets import TYPES

from .. import access
from .exporting import TooManyError, export, list_subscriptions, segment_subscriptions
from .forms import ExportForm


def _seers_only(view: Any) -> Any:
    """403 for who sees no list; what lies outside their scope is 404."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.sees_lists(request.user):
            raise PermissionDenied
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return checked


@never_cache
@_seers_only
@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_list(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """The people of one list that one may see."""
    found = get_object_or_404(access.visible_lists(request.user), pk=list_id)
    return _export(request, found, partial(list_subscriptions, found))


@never_cache
@_seers_only
@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_segment(request: HttpRequest, segment_id: int) -> HttpResponseBase:
    """The people of one segment that one may see, on lists that one may see."""
    segment = get_object_or_404(access.visible_segments(request.user), pk=segment_id)
    seen = access.visible_lists(request.user)
    return _export(request, segment, lambda states: segment_subscriptions(segment).filter(list__in=seen))


def _export(request: HttpRequest, source: Any, subscriptions: Any) -> HttpResponseBase:
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            parts = export(
                found=subscriptions(form.wanted),
                source=source,
                actor=person_of(request),
                kind=kind,
                purpose=form.cleaned_data["purpose"],
            )
        except TooManyError as error:
            form.add_error("kind", str(error))
        else:
            answer = StreamingHttpResponse(parts, content_type=TYPES[kind])
            name = f"{slugify(source.name)[:60] or 'abonnes'}-{timezone.localdate():%Y-%m-%d}.{kind}"
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
    context = {"form": form, "source": source, "page_title": f"Exporter « {source.name} »", "header_icon": "download"}
    return render(request, "newsletters/imports/export.html", context, status=422 if form.errors else 200)
