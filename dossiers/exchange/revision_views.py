"""What changed between two sendings of a dossier, for both sides."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.abilities import person_of

from ..access import get_dossier
from ..enums import Side
from ..fields.schema import load_schema
from ..models import DossierRevision
from ..screens import private
from .notices import dossier_url
from .reading import differences


@private
@require_safe
def changes(request: HttpRequest, dossier_id: uuid.UUID, side: str) -> HttpResponse:
    """Two revisions compared; by default the last with the one before."""
    dossier, _ = get_dossier(person_of(request), dossier_id, Side(side))
    revisions = list(
        DossierRevision.objects.filter(dossier=dossier)
        .select_related("by")
        .order_by("number")
        .defer("values", "pieces")
    )
    numbers = [each.number for each in revisions]
    after = _number(request.GET.get("a"), numbers, numbers[-1] if numbers else 0)
    before = _number(request.GET.get("de"), numbers, numbers[-2] if len(numbers) > 1 else after)
    compared = {
        each.number: each for each in DossierRevision.objects.filter(dossier=dossier, number__in=[before, after])
    }
    found = differences(load_schema(dossier.type_version), compared[before], compared[after]) if before != after else []
    context = {
        "dossier": dossier,
        "dossier_url": dossier_url(dossier, side),
        "revisions": revisions,
        "before": before,
        "after": after,
        "differences": found,
    }
    return render(request, "dossiers/exchange/changes.html", context)


def _number(typed: str | None, known: list[int], default: int) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and int(typed[:9]) in known else default
