"""A letter as it will look, before it is sent: wide, narrow, dark, without pictures, as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from . import examples
from .rendering import RenderedLetter, render

if TYPE_CHECKING:
    from ..models import NewsletterPage

WEB: Final = "web"
MODES: Final = [
    ("wide", "Courriel sur grand écran"),
    ("narrow", "Courriel sur téléphone"),
    ("dark", "Courriel en mode sombre"),
    ("no_images", "Courriel sans les images"),
    ("text", "Courriel en texte seul"),
    (WEB, "Page sur le portail"),
]
_DARK: Final = "@media (prefers-color-scheme: dark)"
_SOURCE = re.compile(r"(<img\b[^>]*?)\ssrc=\"[^\"]*\"")
#: The frame inside has no script, no other host, and no part in who reads it.
_POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)


def shown_html(rendered: RenderedLetter, mode: str) -> str:
    """The HTML with example values, its links leading where they do, seen in ``mode``."""
    links = {link.position: link.url for link in rendered.links}
    html = examples.fill(rendered.html, escape=True, links=links)
    html = html.replace(_DARK, "@media all" if mode == "dark" else "@media not all")
    html = html.replace('content="light dark"', f'content="{"dark" if mode == "dark" else "light"}"')
    if mode == "no_images":
        html = _SOURCE.sub(r"\1", html)
    return html.replace("<head>", '<head><base target="_blank">', 1)


def shown_text(rendered: RenderedLetter) -> str:
    links = {link.position: link.url for link in rendered.links}
    return examples.fill(rendered.text, escape=False, links=links)


def preview(letter: NewsletterPage, request: HttpRequest, mode: str) -> HttpResponse:
    """The answer to Wagtail's preview. The letter stands in a sandboxed frame; the page around it is the site's."""
    rendered = render(letter)
    modes = dict(MODES)
    mode = mode if mode in modes else MODES[0][0]
    context = {
        "mode": mode,
        "mode_name": modes[mode],
        "subject": examples.fill(rendered.subject, escape=False),
        "preheader": examples.fill(rendered.preheader, escape=False),
        "html": "" if mode == "text" else shown_html(rendered, mode),
        "text": shown_text(rendered) if mode == "text" else "",
    }
    response = TemplateResponse(request, "newsletters/letters/preview.html", context)
    response["Content-Security-Policy"] = _POLICY
    response["Cache-Control"] = "private, no-store"
    return response
