"""The site of a request with its root page and identity: one query for what Wagtail reads in three."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from wagtail.models import Site

from .models import SiteIdentity
from .page_cache import kept_with_frame
from .routing import SiteRootRouteMixin


@cache
def _root_models() -> list[type[Model]]:
    """The models that can be a site's root; their lower names are the accessors from a page."""
    return [model for model in apps.get_models() if issubclass(model, SiteRootRouteMixin)]


@cache
def _columns() -> list[str]:
    """What is read of a site: itself, its identity, and of its root page what a public screen shows."""
    root = [
        *("title", "slug", "path", "depth", "numchild", "url_path", "content_type", "locale", "live", "alias_of"),
        *("seo_title", "search_description", "first_published_at", "last_published_at", "show_in_menus"),
    ]
    return [
        *(field.name for field in Site._meta.concrete_fields),
        *(f"siteidentity__{field.name}" for field in SiteIdentity._meta.concrete_fields),
        *(f"root_page__{name}" for name in root),
        *(
            f"root_page__{model._meta.model_name}__{field.name}"
            for model in _root_models()
            for field in model._meta.local_concrete_fields
        ),
    ]


def host_key(request: HttpRequest) -> str:
    """A short name of what a request's site is chosen by, for the keys of caches."""
    return hashlib.blake2b(f"{request.get_host()} {request.get_port()}".encode(), digest_size=8).hexdigest()


def site_of(request: HttpRequest) -> Site | None:
    """The site of the request's host, as ``Site.find_for_request`` chooses it: ``root_page`` is the specific page and
    ``siteidentity`` is read. One query; None where no site is set up.
    """
    relations = ["siteidentity", "root_page", *(f"root_page__{model._meta.model_name}" for model in _root_models())]
    sites = sorted(Site.objects.select_related(*relations).only(*_columns()), key=lambda site: site.pk)
    hostname, _ = split_domain_port(request.get_host())
    site = _choose(sites, hostname, request.get_port())
    if site is not None:
        for model in _root_models():
            if (specific := getattr(site.root_page, str(model._meta.model_name), None)) is not None:
                site.root_page = specific
    return site


def _choose(sites: Iterable[Site], hostname: str, port: str) -> Site | None:
    """Wagtail's rule: host and port, else the default site if it is of that host, else the host's only site, else the
    default site.
    """
    default, named = None, []
    for site in sites:
        if site.hostname == hostname and str(site.port) == str(port):
            return site
        default = site if site.is_default_site else default
        named += [site] if site.hostname == hostname else []
    if default in named or len(named) != 1:
        return default or (named[0] if len(named) == 1 else None)
    return named[0]


class SiteMiddleware:
    """For requests that Wagtail's page view answers: hands it the site, so that it does not look for it. Read
    again when something other than a page of content changes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if match is not None and match.url_name == "wagtail_serve":
            site = kept_with_frame(f"site:{host_key(request)}", lambda: site_of(request))
            if site is not None:
                request._wagtail_site = site  # type: ignore[attr-defined]
