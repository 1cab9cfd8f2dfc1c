"""The public figures: a page that the anonymous page cache keeps, and open data."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.spreadsheets import TYPES, table
from portal.territories.models import Territory
from portal.territories.shading import legend

from .maps import shaded, told
from .public import PublicRow, PublicType, public_figures
from .suppression import LEAST

#: What stands where nothing is published, in the file.
NOT_PUBLISHED: Final = "n. p."
HEADS: Final = [
    *("Type", "Intitulé du type", "Échelon", "Code", "Territoire", "Code de la région"),
    *("Déposés", "En cours", "Acceptés", "Refusés ou classés sans suite", "Retirés"),
    *("Délai total médian (jours)", "Délai total, 9 dossiers sur 10 (jours)"),
    *("Délai hors compléments médian (jours)", "Délai hors compléments, 9 dossiers sur 10 (jours)"),
]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What everybody may read of one type (``type``, its identifier; the first otherwise). 404 for one that is not
    public."""
    figures = public_figures()
    wanted = request.GET.get("type", "")
    shown = figures.type(wanted) if wanted else (figures.types[0] if figures.types else None)
    if wanted and shown is None:
        raise Http404
    context: dict[str, Any] = {"day": figures.day, "types": figures.types, "type": shown}
    if shown is not None:
        departements = [each for each in shown.departements if each.says_something]
        context |= {
            "regions": [each for each in shown.regions if each.says_something],
            "departements": departements,
            "hidden": len(shown.departements) > len(departements),
            "map": _map(departements),
        }
    return render(request, "dossiers/figures/public.html", context)


def _map(rows: list[PublicRow]) -> Any:
    counts = {row.place.pk: row.deposited for row in rows if row.place is not None and row.deposited}
    if not counts:
        return None
    # None beneath it is shown: the legend begins there.
    shades = [(shade, max(low, LEAST), high) for shade, low, high in legend(max(counts.values())) if high >= LEAST]
    return shaded(counts, Territory.objects.nation(), lambda territory: "", told, shades=shades)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """All that is published, one line a type and territory, under Licence Ouverte 2.0."""
    lines = [line for each in public_figures().types for line in _lines(each)]
    response = HttpResponse(table("csv", HEADS, lines), content_type=TYPES["csv"])
    response["Content-Disposition"] = 'attachment; filename="chiffres-des-dossiers.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Link"] = f'<{request.build_absolute_uri(reverse("public-figures"))}>; rel="describedby"'
    return response


def _lines(shown: PublicType) -> list[list[Any]]:
    return [
        [
            shown.code,
            shown.title,
            *_where(row),
            *(NOT_PUBLISHED if each is None else each for each in [*row.counts, *row.delays]),
        ]
        for row in (shown.nation, *shown.regions, *shown.departements)
    ]


def _where(row: PublicRow) -> list[str]:
    """Level, code, name, code of the région."""
    within = row.within.code if row.within is not None else ""
    if row.place is not None:
        return [row.place.level, row.place.code, row.place.name, within]
    if row.within is not None:
        return ["Région entière", "", f"{row.within.name}, sans département", within]
    return ["Plusieurs régions", "", "Sans région", ""]
