"""The site of a request with its root page and identity: one query for what Wagtail reads in three."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from wagtail.models import Site

from .routing import SiteRootRouteMixin


@cache
def _root_models() -> list[str]:
    """The accessors, from a page, of the models that can be a site's root."""
    return [str(model._meta.model_name) for model in apps.get_models() if issubclass(model, SiteRootRouteMixin)]


def site_of(request: HttpRequest) -> Site | None:
    """The site of the request's host, as ``Site.find_for_request`` chooses it: ``root_page`` is the specific page and
    ``siteidentity`` is read. One query; None where no site is set up.
    """
    relations = ["siteidentity__logo", "root_page", *(f"root_page__{name}" for name in _root_models())]
    hostname, _ = split_domain_port(request.get_host())
    site = _choose(Site.objects.select_related(*relations).order_by("pk"), hostname, request.get_port())
    if site is not None:
        for name in _root_models():
            if (specific := getattr(site.root_page, name, None)) is not None:
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
    """For requests that Wagtail's page view answers: hands it the site, so that it does not look for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if match is not None and match.url_name == "wagtail_serve" and (site := site_of(request)) is not None:
            request._wagtail_site = site  # type: ignore[attr-defined]
