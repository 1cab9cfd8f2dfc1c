"""The search page and its suggestions."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from wagtail.models import Page

from portal.core.enums import ContentKind
from portal.core.models import Theme
from portal.core.page_cache import generation
from portal.territories.enums import Level
from portal.territories.models import Territory

from . import engine, extracts
from .forms import MAX_QUERY, SORTS, SearchForm
from .kinds import DATED, plural
from .territories import territory_matches

logger = logging.getLogger("portal.search")


@dataclass(frozen=True)
class Result:
    """One result as the page shows it; ``title`` and ``extract`` are safe HTML with what was found marked."""

    title: SafeString
    url: str
    extract: SafeString
    kind: str
    kind_label: str
    place: str
    date: datetime | None


def _result(page: Page, wanted: frozenset[str], request: HttpRequest) -> Result:
    fact = page.fact
    text = page.search_text.text if hasattr(page, "search_text") else ""
    return Result(
        title=extracts.highlight(page.title, wanted),
        url=page.get_url(request) or "",
        extract=extracts.extract(text, wanted),
        kind=fact.kind,
        kind_label=ContentKind(fact.kind).label,
        place=fact.territory.name if fact.territory else "",
        date=fact.date if fact.kind in DATED else None,
    )


def _page_number(raw: str) -> int:
    """The page asked for, at least 1; 1 for anything that is no number."""
    return max(1, int(raw[:6])) if raw.isascii() and raw[:6].isdigit() else 1


def _with(request: HttpRequest, **changes: Any) -> str:
    """The query string in force with some parameters replaced (None removes), and back to the first page."""
    params = {
        key: values for key, values in request.GET.lists() if key in SearchForm.base_fields and key not in changes
    }
    params |= {key: [value] for key, value in changes.items() if value is not None}
    return "?" + urlencode(params, doseq=True)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``/recherche/?q=``: 200 whatever the query string; 503 with an explanation where the engine is down.

    Never stored by the page cache: the index follows a publication by a moment, and queries are without number.
    """
    form = SearchForm(request.GET)
    form.full_clean()
    context: dict[str, Any] = {"form": form, "noindex": True, "words": form.words, "max_query": MAX_QUERY}
    status = 200
    if form.words:
        try:
            context |= _answer(request, form)
        except engine.SearchUnavailableError:
            logger.exception("The search engine does not answer.")
            context["unavailable"] = True
            status = 503
        context["territories"] = territory_matches(form.words)
    context |= _choices(form)
    response = TemplateResponse(request, "search/search.html", context, status=status)
    patch_cache_control(response, private=True, max_age=0)
    return response


def _answer(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    size = engine.PAGE_SIZE
    number = min(_page_number(request.GET.get("page", "1")), engine.MAX_RESULTS // size)
    query = form.query(start=(number - 1) * size)
    found = engine.find(query)
    total = found.total(query.kinds)
    last = max(1, -(-min(total, engine.MAX_RESULTS) // size))
    if number > last:  # Beyond the end: the last page instead.
        number = last
        query = form.query(start=(number - 1) * size)
        found = engine.find(query)
    wanted = extracts.wanted_forms(form.words)
    results = [_result(page, wanted, request) for page in engine.pages_by_id(found.ids)]
    return {
        "results": results,
        "total": total,
        "total_everywhere": found.total(),
        "relaxed": found.relaxed,
        "facets": [
            {
                "label": plural(kind),
                "count": found.counts[kind],
                "url": _with(request, type=kind),
                "active": query.kinds == (kind,),
            }
            for kind in ContentKind.values
            if found.counts.get(kind)
        ],
        "all_url": _with(request, type=None),
        "all_active": not query.kinds,
        **_paging(request, number, min(total, engine.MAX_RESULTS)),
        "first_rank": (number - 1) * size + 1,
        "capped": total > engine.MAX_RESULTS and number == last,
    }


def _paging(request: HttpRequest, number: int, total: int) -> dict[str, Any]:
    """What ``partials/pagination.html`` shows: the engine has cut the page already, so ranks stand for the results."""
    paginator = Paginator(range(total), engine.PAGE_SIZE)
    return {
        "items": paginator.page(number),
        "page_numbers": list(paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)),
        "filter_query": _with(request).removeprefix("?"),
    }


def _offered() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(key, label) of the territories that have a space, (slug, name) of the themes. Two queries a generation."""
    key = f"search-choices-{generation()}" if settings.PAGE_CACHE_SECONDS else None
    offered = caches["pages"].get(key) if key else None
    if offered is None:
        spaces = Territory.objects.current().with_space().exclude(level=Level.NATION).order_by("name", "level")
        offered = (
            [(item.key, item.label) for item in spaces],
            [(item.slug, item.name) for item in Theme.objects.order_by("family", "order", "name")],
        )
        if key:
            caches["pages"].set(key, offered, settings.PAGE_CACHE_SECONDS)
    return offered


def _choices(form: SearchForm) -> dict[str, Any]:
    """What the filters offer, with what is in force; a territory asked for is among them even without a space."""
    chosen = form.cleaned_data.get("territoire")
    themes = {theme.slug for theme in form.cleaned_data.get("theme") or ()}
    territories, all_themes = _offered()
    if chosen is not None and chosen.key not in dict(territories):
        territories = [(chosen.key, chosen.label), *territories]
    in_force = {chosen.key if chosen is not None else ""}
    sort = {form.cleaned_data.get("tri") or SORTS[0][0]}
    return {
        "territory_choices": _options(territories, in_force),
        "theme_choices": _options(all_themes, themes),
        "sort_choices": _options(SORTS, sort),
        "kind_kept": form.cleaned_data.get("type") or [],
        "filtered": bool(chosen or themes),
    }


def _options(pairs: list[tuple[str, str]], selected: set[str]) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "selected": value in selected} for value, label in pairs]


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """``/recherche/suggestions/?q=``: titles that begin as what is being typed, as JSON; an enhancement only.

    ``{"suggestions": [{"title", "url", "kind"}]}``, at most 8; none for a query too long, or if the engine is down.
    """
    words = request.GET.get("q", "")
    pages: list[Page] = []
    if len(words) <= MAX_QUERY:
        try:
            pages = engine.suggest(words)
        except engine.SearchUnavailableError:
            logger.warning("No suggestions: the search engine does not answer.")
    response = JsonResponse(
        {
            "suggestions": [
                {"title": page.title, "url": page.get_url(request), "kind": str(ContentKind(page.fact.kind).label)}
                for page in pages
            ]
        }
    )
    patch_cache_control(response, private=True, max_age=30)
    return response
