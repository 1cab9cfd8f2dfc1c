"""What search engines and social networks read of a page: structured data and the image of a share."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from .chrome import chrome_for

#: Characters that could end a data block or be read as markup; escaped as ``django.utils.html.json_script`` does.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
SHARE_FILTER = "fill-1200x630|format-jpeg|jpegquality-75"


def json_block(data: Any) -> SafeString:
    """``data`` as JSON that is safe inside ``<script type="application/ld+json">``, whatever people wrote in it."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 - escaped just above


def organization(request: HttpRequest) -> dict[str, Any]:
    """The publisher of the portal."""
    chrome = chrome_for(request)
    home = request.build_absolute_uri("/")
    found: dict[str, Any] = {"@type": "Organization", "@id": f"{home}#organisation", "name": chrome.title, "url": home}
    if chrome.contact_email:
        found["email"] = chrome.contact_email
    if chrome.logo:
        found["logo"] = request.build_absolute_uri(chrome.logo["url"])
    return found


def breadcrumb_list(page: Any, request: HttpRequest) -> dict[str, Any]:
    """The way from the home page to ``page``."""
    steps: list[Page] = [*page.breadcrumb, page]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": "Accueil" if position == 1 else step.title,
                "item": step.get_full_url(request) or request.build_absolute_uri("/"),
            }
            for position, step in enumerate(steps, 1)
        ],
    }


def structured_data(page: Any, request: HttpRequest, own: dict[str, Any] | None) -> SafeString:
    """The schema.org graph of ``page``: what it is (``own``), where it lies; on the home page who publishes."""
    graph: list[dict[str, Any]] = [own] if own else []
    if page.depth == 2:
        graph += [organization(request), {"@type": "WebSite", "url": request.build_absolute_uri("/")}]
        graph[-1]["name"] = chrome_for(request).title
        graph[-1]["potentialAction"] = {
            "@type": "SearchAction",
            "target": request.build_absolute_uri("/recherche/?q=") + "{search_term_string}",
            "query-input": "required name=search_term_string",
        }
    elif page.depth and page.depth > 2:
        graph.append(breadcrumb_list(page, request))
    return json_block({"@context": "https://schema.org", "@graph": graph})


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def article(page: Any, request: HttpRequest, *, kind: str) -> dict[str, Any]:
    """``page`` (a content page) as a schema.org ``NewsArticle``, ``Article``…; what is unknown is left out."""
    url = page.get_full_url(request)
    image = share_image(page, request)
    found = {
        "@type": kind,
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": page.title[:110],
        "description": page.lead,
        "inLanguage": "fr",
        "datePublished": iso(page.first_published_at),
        "dateModified": iso(page.last_published_at),
        "image": image and image["url"],
        "publisher": organization(request),
        "contentLocation": page.place and {"@type": "AdministrativeArea", "name": page.place.name},
        "keywords": [theme.name for theme in page.theme_list] or None,
    }
    return {key: value for key, value in found.items() if value}


def share_image(page: Any, request: HttpRequest) -> dict[str, Any] | None:
    """The image of a share: address, width, height, alt; None without an image."""
    image = getattr(page, "illustration", None)
    if image is None:
        return None
    rendition = image.get_rendition(SHARE_FILTER)
    return {
        "url": request.build_absolute_uri(rendition.url),
        "width": rendition.width,
        "height": rendition.height,
        "alt": "" if page.image_decorative else page.image_alt,
    }
