"""What the bench visits: each page type once, and filtered listings. (name, address, what must be on it)."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from portal.core.models import PageFact
from portal.territories.models import Space


def addresses() -> Iterator[tuple[str, str, str]]:
    landes = Space.objects.select_related("page", "territory").filter(territory__level="region").order_by("pk").first()
    assert landes is not None
    region = landes.page.url_path.removeprefix("/accueil")
    news, event, resource, initiative = (_first(kind) for kind in ("news", "event", "resource", "initiative"))
    yield "home", "/", "Portail"
    yield "news", "/actualites/", news[1]
    yield "news page 2", "/actualites/?page=2", "</html>"
    yield "news filter", f"/actualites/?territoire={landes.territory.key}", "</html>"
    yield "news feed", "/actualites/rss/", news[1]
    yield "news detail", news[0], news[1]
    yield "space", region, landes.territory.name
    yield "space news", f"{region}actualites/", "</html>"
    yield "initiative", initiative[0], initiative[1]
    yield "directory", "/territoires/", "Territoires"
    if apps.get_app_config("events").models:
        yield "agenda", "/agenda/", "</html>"
        yield "event", event[0], event[1]
    if apps.get_app_config("resources").models:
        yield "catalogue", "/ressources/", "</html>"
        yield "resource", resource[0], resource[1]


def _first(kind: str) -> tuple[str, str]:
    """(address, title) of the newest visible page of that kind; of the home page where there is none."""
    fact = PageFact.objects.filter(kind=kind, visible=True).order_by("-date", "-page_id").select_related("page").first()
    if fact is None:
        return "/", "Portail"
    return fact.page.url_path.removeprefix("/accueil"), fact.page.title
