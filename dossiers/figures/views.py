"""The figures of who instructs, and their download."""

from __future__ import annotations

import math
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.accounts.abilities import person_of
from portal.core.charts import bars
from portal.core.spreadsheets import TYPES, table
from portal.territories.enums import Level
from portal.territories.models import Territory

from ..instruction.selectors import desk_of
from ..screens import private
from . import words
from .filters import LEVELS, FiguresFilter
from .maps import map_of, percent_map
from .roadmaps import applications, coverage_of, departements_of
from .scope import root_of
from .selectors import aside, by_month, by_place, by_type, envelopes, measure, sums, together

#: Lines of the territories' table on screen; the download has them all.
MOST_ROWS: Final = 120
MOST_ENVELOPES: Final = 60
MONTHS: Final = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
TABLES: Final = ("territoires", "types", "mois", "enveloppes", "feuilles-de-route")


@private
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Figures of the dossiers that the person instructs; 404 for who instructs nowhere. Queries: constant."""
    form = FiguresFilter(request.GET, desk=desk_of(person_of(request)))
    scope, level = form.scope(), form.level()
    types = by_type(scope)
    total = together(scope.dossiers(), [row.measures for row in types])
    rows = by_place(scope, level) if level else []
    months = by_month(scope)
    found = envelopes(scope)
    labels = [f"{MONTHS[each.first.month - 1]} {each.first:%y}" for each in months]
    names = list(zip(labels, months, strict=True))
    place = form.place or form.root
    context = {
        "form": form,
        "invalid": bool(form.errors),
        "query": form.query(),
        "place": place,
        "trail": form.trail(),
        "total": total,
        "aside": aside(scope),
        "types": types,
        "months": names,
        "chart": bars(labels, [[each.deposited for each in months], [each.decided for each in months]]),
        "level": level,
        "level_label": LEVELS[Level(level)].lower() if level else "",
        "rows": [(row, form.query(territoire=row.territory.key) if row.territory else "") for row in rows[:MOST_ROWS]],
        "rows_left": max(0, len(rows) - MOST_ROWS),
        "map": map_of(scope, place, lambda territory: f"?{form.query(territoire=territory.key)}"),
        "map_table": _map_table(form, level),
        "envelope_sums": sums(found),
        "envelopes": found[:MOST_ENVELOPES],
        "envelopes_left": max(0, len(found) - MOST_ENVELOPES),
        "formats": ["csv", "xlsx", "ods"],
        "narrowed": bool(form.query()),
    }
    return render(request, "dossiers/figures/index.html", context)


def _map_table(form: FiguresFilter, level: str) -> tuple[str, str]:
    """The way from the map to the table that has its numbers, and its words."""
    if level == Level.DEPARTEMENT:
        return "#territoires", "Passer la carte et aller au tableau, qui contient les mêmes nombres et les mêmes liens"
    query = form.query(echelon=Level.DEPARTEMENT)
    return f"?{query}#territoires", "Voir les mêmes nombres et les mêmes liens dans un tableau, par département"


@private
@require_safe
def roadmaps(request: HttpRequest) -> HttpResponseBase:
    """Gouvernances, roadmaps and applications of the desk's départements. A constant number of queries."""
    desk = desk_of(person_of(request))
    found = coverage_of(departements_of(desk))
    shares = {row.territory.pk: math.ceil(100 * row.share) for row in found.rows if row.share}
    root = root_of(desk)
    context = {
        "coverage": found,
        "place": root,
        "map": percent_map(shares, root, _coverage_address) if root is not None else None,
        "applications": applications(desk),
        "formats": ["csv", "xlsx", "ods"],
        "query": "",
    }
    return render(request, "dossiers/figures/roadmaps.html", context)


def _coverage_address(territory: Territory) -> str:
    return reverse("dossiers:coverage", args=[territory.key])


@private
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """One table of the screen as a file, ``tableau`` of :data:`TABLES`, ``format`` csv, xlsx or ods.

    404 for another, and for who instructs nowhere. Filters not understood: the screen, which says so (422).
    """
    form = FiguresFilter(request.GET, desk=desk_of(person_of(request)))
    name, kind = request.GET.get("tableau", "territoires"), request.GET.get("format", "csv")
    if name not in TABLES or kind not in TYPES:
        raise Http404
    if not form.is_valid():
        response = index(request)
        response.status_code = 422
        return response
    heads, lines = _table(form, name)
    return as_file(heads, lines, kind, f"dossiers-{name}-{timezone.localdate().isoformat()}")


def _table(form: FiguresFilter, name: str) -> tuple[list[str], list[list[Any]]]:
    scope = form.scope()
    if name == "feuilles-de-route":
        return words.coverage_table(coverage_of(departements_of(form.desk)).rows)
    if name == "mois":
        return words.month_table(by_month(scope))
    if name == "enveloppes":
        return words.envelope_table(envelopes(scope))
    if name == "types":
        types = by_type(scope)
        return words.type_table(types, together(scope.dossiers(), [row.measures for row in types]))
    place = form.place or form.root
    level = form.level()
    rows = by_place(scope, level) if level else []
    total = together(scope.dossiers(), [row.measures for row in rows]) if rows else measure(scope.dossiers())
    return words.place_table(rows, place.name if place is not None else "Tout votre périmètre", total)


def as_file(heads: list[str], lines: list[list[Any]], kind: str, name: str) -> HttpResponse:
    """A file to keep, never shown. ``name`` is plain ASCII."""
    response = HttpResponse(table(kind, heads, lines), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
