"""« Délais de relecture »: figures, bars with their table, CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.guards import needs
from portal.accounts.rules import Ability
from portal.core.spreadsheets import BOM, neutral

from .delays import PERIODS, Delay, delays_for
from .selectors import spaces_of


class DelaysFilter(forms.Form):
    mois = forms.TypedChoiceField(
        choices=[(value, f"{value} mois") for value in PERIODS],
        coerce=int,
        required=False,
        label="Période",
    )
    espace: Any = forms.ModelChoiceField(None, required=False, label="Espace", empty_label="Tous mes espaces")

    def __init__(self, user: Any, data: Any) -> None:
        super().__init__(data or None)
        field: Any = self.fields["espace"]
        field.queryset = spaces_of(user)
        field.error_messages["invalid_choice"] = "Cet espace n’est pas de votre ressort."


@never_cache
@needs(Ability.REVIEW)
@require_http_methods(["GET", "HEAD"])
def delays(request: HttpRequest) -> HttpResponse:
    """The report; ``format=csv`` is its table. It names no person: nothing of it is an export of contacts."""
    form = DelaysFilter(request.user, request.GET)
    form.is_valid()
    asked: dict[str, Any] = getattr(form, "cleaned_data", {})
    found = delays_for(request.user, months=asked.get("mois") or 3, space=asked.get("espace"))
    if request.GET.get("format") == "csv":
        return as_csv([("Mois", one) for one in found.months] + [("Espace", one) for one in found.spaces])
    query = request.GET.copy()
    query["format"] = "csv"
    context = {
        "form": form,
        "found": found,
        "csv": query.urlencode(),
        "page_title": "Délais de relecture",
        "header_icon": "time",
    }
    return render(request, "pages/admin/moderation/delays.html", context)


def as_csv(rows: list[tuple[str, Delay]]) -> HttpResponse:
    """UTF-8 with its mark and semicolons, as French spreadsheets open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Par", "Groupe", "Décisions", "Médiane (heures)", "P90 (heures)", "En retard (%)"])
    for kind, one in rows:
        figures = [f"{value:.1f}".replace(".", ",") for value in (one.median, one.p90)]
        writer.writerow([kind, neutral(one.label), one.count, *figures, one.late])
    answer = HttpResponse(BOM + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="delais-de-relecture.csv"'
    return answer
