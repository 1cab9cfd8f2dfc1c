"""The agenda in a page of another site: what its frame shows, and the screen that gives the code of that frame."""

from __future__ import annotations

from html import escape
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from ..models import AgendaPage
from .conditional import page_at
from .selection import selection

#: Dates in the frame; the agenda itself has the rest.
SHOWN = 30
LEAST, MOST, USUAL = 300, 2_000, 700


@xframe_options_exempt
@require_safe
def embedded(request: HttpRequest, path: str) -> HttpResponse:
    """The list under the filters of the address, alone in its page, for a frame.

    No cookie is set or read, no session: the page is the same for everybody. The sites that may show it are
    ``EMBED_FRAME_ANCESTORS``; here alone ``X-Frame-Options`` is absent.
    """
    # What a reader has of the portal is none of this page's, not even to be renewed or taken away.
    request.COOKIES.clear()
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
    agenda = page_at(AgendaPage, path)
    form, items = selection(agenda, request)
    dates = list(items[: SHOWN + 1])
    query = form.query()
    context = {
        "agenda": agenda,
        "occurrences": dates[:SHOWN],
        "more": len(dates) > SHOWN,
        "agenda_url": (agenda.get_full_url(request) or "") + (f"?{query}" if query else ""),
        "empty_text": agenda.empty_text,
    }
    # Without the request: no context processor reads a session.
    response = HttpResponse(render_to_string("events/feeds/embedded.html", context))
    response._csp_replace = {"frame-ancestors": settings.EMBED_FRAME_ANCESTORS}  # type: ignore[attr-defined]
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def embed_code(request: HttpRequest, path: str) -> HttpResponse:
    """« Intégrer cet agenda »: the HTML to paste, for the filters of the address and a height, and what it shows."""
    agenda = page_at(AgendaPage, path)
    form: Any = agenda.get_form(request)
    height, error = _height(request.GET.get("hauteur", ""))
    base, query = agenda.get_full_url(request) or "", form.query()
    suffix = f"?{query}" if query else ""
    address = f"{base}integrer/{suffix}"
    title = f"{agenda.title} – {agenda.space}" if agenda.space else agenda.title
    code = (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" '
        'style="border: 0" loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
    context = {
        "page": agenda,
        "code": code,
        # Of this very site, whatever name it was asked by.
        "preview_url": f"{agenda.get_url(request) or '/'}integrer/{suffix}",
        "frame_title": title,
        "height": height,
        "height_text": request.GET.get("hauteur", "") or str(USUAL),
        "height_error": error,
        "least": LEAST,
        "most": MOST,
        "pairs": [(name, value) for name, value, _ in form.pairs()],
        "active_filters": form.active_filters(),
        "agenda_url": base + suffix,
        "noindex": True,
    }
    return render(request, "events/feeds/embed_code.html", context)


def _height(text: str) -> tuple[int, str]:
    """(height of the frame in pixels, what is wrong with what was typed)."""
    if not text:
        return USUAL, ""
    try:
        height = int(text[:10])
    except ValueError:
        return USUAL, "Indiquez un nombre de pixels, en chiffres."
    if not LEAST <= height <= MOST:
        return min(max(height, LEAST), MOST), f"Choisissez une hauteur entre {LEAST} et {MOST} pixels."
    return height, ""
