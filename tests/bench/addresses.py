"""What the bench visits: each page type once, filtered listings, feeds, the search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from portal.core.models import PageFact
from portal.territories.models import Space


class Visit(NamedTuple):
    """``proof``: what must be on the page. ``again``: asked by a reader who has it, whom a 304 answers."""

    name: str
    address: str
    proof: str = "</html>"
    again: bool = False


def addresses(*, indexed: bool) -> Iterator[Visit]:
    """``indexed``: whether the search engine knows the pages."""
    space = Space.objects.select_related("page", "territory").filter(territory__level="region").order_by("pk").first()
    assert space is not None
    region = space.page.url_path.removeprefix("/accueil")
    news, event, resource, initiative = (_first(kind) for kind in ("news", "event", "resource", "initiative"))
    yield Visit("home", "/", "Portail")
    yield Visit("news", "/actualites/", news[1])
    yield Visit("news page 2", "/actualites/?page=2")
    yield Visit("news filter", f"/actualites/?territoire={space.territory.key}")
    yield Visit("news words", "/actualites/?q=parentalit%C3%A9+atelier")
    yield Visit("news feed", "/actualites/rss/", news[1])
    yield Visit("news detail", *news)
    yield Visit("initiatives", "/initiatives/", initiative[1])
    yield Visit("initiative", *initiative)
    yield Visit("space", region, space.territory.name)
    yield Visit("space news", f"{region}actualites/")
    yield Visit("space inside", f"{region}actualites/?portee=dedans")
    yield Visit("directory", "/territoires/", "Territoires")
    yield Visit("agenda", "/agenda/")
    yield Visit("agenda month", "/agenda/mois/")
    yield Visit("calendar 304", "/agenda/calendrier.ics", again=True)
    yield Visit("event", *event)
    yield Visit("catalogue", "/ressources/")
    yield Visit("resource", *resource)
    yield Visit("letters", "/lettres/", "Lettres")
    if indexed:
        yield Visit("search", "/recherche/?q=parentalit%C3%A9", "</mark>")


def _first(kind: str) -> tuple[str, str]:
    """(address, title) of the newest visible page of that kind."""
    fact = PageFact.objects.filter(kind=kind, visible=True).order_by("-date", "-page_id").select_related("page").first()
    assert fact is not None
    return fact.page.url_path.removeprefix("/accueil"), fact.page.title
