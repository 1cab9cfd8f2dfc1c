"""Every address of the portal, walked from the URL resolver and the page tree, so that a new one is tried too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page

#: What follows the address of a page, beyond the routes of the page itself.
BENEATH = (
    *("calendrier.ics", "calendrier.ics?periode=tous", "evenement.ics", "serie.ics"),
    *("agenda.json", "agenda.csv", "integrer/", "integrer/code/"),
)


@dataclass(frozen=True)
class Address:
    """A pattern of the resolver: its full name, its route as Django writes it and the names of its parameters."""

    name: str
    parts: tuple[str, ...]

    @property
    def route(self) -> str:
        return "".join(self.parts)

    def fill(self, values: dict[str, Iterable[Any]]) -> Iterator[str]:
        """Paths of this pattern with every combination of ``values`` (by parameter name, "" for those without one)."""
        text = "/" + "".join(_plain(part) for part in self.parts)
        names = re.findall(r"{(\w*)}", text)
        for chosen in product(*(list(values.get(name, values[""])) for name in names)):
            path = text
            for value in chosen:
                path = re.sub(r"{\w*}", lambda _, value=value: str(value), path, count=1)
            yield path


def addresses(root: Any = None, parts: tuple[str, ...] = (), space: tuple[str, ...] = ()) -> Iterator[Address]:
    """Every pattern of the project."""
    for each in (root or get_resolver()).url_patterns:
        here = (*parts, str(each.pattern))
        if isinstance(each, URLPattern):
            yield Address(":".join((*space, each.name or "")), here)
        elif isinstance(each, URLResolver):
            yield from addresses(each, here, (*space, *([each.namespace] if each.namespace else [])))


def _plain(part: str) -> str:
    """A route or a regular expression with its parameters as ``{name}``."""
    if not part.startswith("^") and not part.endswith("$"):
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", part)
    text = part.strip("^$")
    while match := re.search(r"\((\?P<(\w+)>|\?:)?(?:[^()]|\([^()]*\))*\)", text):
        text = text[: match.start()] + "{" + (match[2] or "") + "}" + text[match.end() :]
    return re.sub(r"\\(.)", r"\1", text).replace("^", "").replace("$", "")


def page_addresses() -> list[str]:
    """The address of every page of the tree, visible or not, with each of its routes and calendars."""
    found: list[str] = []
    for page in Page.objects.filter(depth__gt=1).order_by("path").specific():
        base = "/" + page.url_path.split("/", 2)[2]
        routes = {str(route) for route in _routes(page) if "<" not in str(route) and "(" not in str(route)}
        found += [base, *(f"{base}{route.strip('^$')}" for route in sorted(routes) if route.strip("^$"))]
        found += [f"{base}{name}" for name in BENEATH]
    return list(dict.fromkeys(found))


def _routes(page: Page) -> Iterable[Any]:
    subpages = getattr(page, "get_subpage_urls", None)
    return [each.pattern for each in subpages()] if subpages else []
