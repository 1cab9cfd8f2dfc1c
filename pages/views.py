"""Screens that are no page of the tree: site map, files for robots."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from portal.core.chrome import chrome_for

from . import sitemaps
from .site_map import site_map as build_site_map

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
#: Personal or endless spaces, which robots are asked to leave alone.
CLOSED_TO_ROBOTS = (
    "/admin/",
    "/compte/",
    "/mon-espace/",
    "/contribuer/",
    "/dossiers/",
    "/recherche/",
    "/courrier/",
    "/signaler/",
)


def _home(request: HttpRequest) -> Page:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site.root_page


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of sitemap files."""
    base = request.build_absolute_uri("/")
    files = "".join(
        f"<sitemap><loc>{escape(f'{base}sitemap-{kind}-{number}.xml')}</loc>"
        + (f"<lastmod>{last.isoformat(timespec='seconds')}</lastmod>" if last else "")
        + "</sitemap>\n"
        for kind, number, last in sitemaps.sections()
    )
    return HttpResponse(
        f"{_XML}<sitemapindex {_SCHEMA}>\n{files}</sitemapindex>\n", content_type="application/xml; charset=utf-8"
    )


@require_safe
def sitemap_section(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One sitemap file; 404 where it would be empty."""
    found = sitemaps.addresses(kind, number, _home(request).url_path)
    if not found:
        raise Http404
    base = request.build_absolute_uri("/").rstrip("/")
    urls = "".join(
        f"<url><loc>{escape(base + path)}</loc>"
        + (f"<lastmod>{last.isoformat(timespec='seconds')}</lastmod>" if last else "")
        + "</url>\n"
        for path, last in found
    )
    return HttpResponse(f"{_XML}<urlset {_SCHEMA}>\n{urls}</urlset>\n", content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; 404 while the portal has no contact address. It expires after six months, counted from today."""
    contact = chrome_for(request).contact_email
    if not contact:
        raise Http404
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: fr, en",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """« Plan du site ». One query beyond the page's frame."""
    return render(request, "pages/site_map.html", {"map": build_site_map(_home(request))})
