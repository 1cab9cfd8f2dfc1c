"""Who covers what of a département; overlaps while a perimeter is picked; publishing; files of published dossiers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.abilities import person_of
from portal.files.views import attached
from portal.territories.enums import Level
from portal.territories.selectors import territory_by_key

from ..access import get_dossier
from ..enums import Side
from ..models import DossierPage, DossierType
from ..rules import DossierConflict, DossierRefused
from ..screens import private
from ..services.publication import publish_dossier, unpublish_dossier
from . import panels
from .chart import bars, colour
from .coverage import Coverage, coverage
from .publishing import served_files


@private
@require_safe
def coverage_index(request: HttpRequest) -> HttpResponse:
    """The départements whose coverage the person may read: those that they instruct, those of their organisations."""
    found = list(panels.departements_of(request.user))
    return render(request, "dossiers/territory/coverage_index.html", {"departements": found})


@private
@require_safe
def coverage_screen(request: HttpRequest, key: str) -> HttpResponse:
    """Who covers what of a département, for who instructs there and for the members of its organisations.

    These read of the others' roadmaps the title, the organisation and the number, and nothing of their state.
    ``?type=``: the identifier of a type whose perimeters are exclusive. A constant number of queries.
    """
    departement = territory_by_key(key)
    if departement is None or departement.level != Level.DEPARTEMENT:
        raise Http404
    desk = panels.may_instruct(request.user, departement)
    if not desk and not panels.is_of(request.user, departement):
        raise Http404
    types = list(DossierType.objects.published().filter(exclusive_perimeter=True).order_by("title", "pk"))
    type_ = next((each for each in types if each.code == request.GET.get("type")), types[0] if types else None)
    found = coverage(type_, departement) if type_ is not None else None
    return render(
        request,
        "dossiers/territory/coverage.html",
        {
            "departement": departement,
            "types": types,
            "type": type_,
            "coverage": found,
            "rows": _rows(found, desk) if found else [],
            "whole": _named(found, desk) if found else None,
            "bars": bars(found) if found else [],
            "desk": desk,
        },
    )


@private
@require_safe
def picked(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """What others keep of the territories ``?perimetre=`` names, for who fills in the dossier: HTML to put under the
    field, or JSON where it is asked for. The deposit says the same without the script."""
    dossier, _ = get_dossier(request.user, dossier_id, Side.ORGANISATION)
    found = panels.picked_clashes(dossier, request.GET)
    if request.accepts("text/html") and request.GET.get("format") != "json":
        return render(request, "dossiers/territory/_clashes.html", {"clashes": found})
    return JsonResponse(
        {
            "clashes": [
                {
                    "number": each.number,
                    "title": each.title,
                    "organisation": each.organisation,
                    "message": each.message,
                    "communes": [commune.key for commune in each.communes],
                    "territories": [territory.key for territory in each.territories],
                }
                for each in found
            ]
        }
    )


@private
@require_POST
def publication(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Publish an accepted dossier (``action=publier``) or take its page down (``retirer``), then back to it.

    Refused, it says why on a page of its own: 409 where somebody acted first, 422 otherwise.
    """
    dossier, rights = get_dossier(request.user, dossier_id, Side.INSTRUCTION)
    act = {"publier": publish_dossier, "retirer": unpublish_dossier}.get(request.POST.get("action", ""))
    error, status = "Choisissez de publier ou de retirer.", 422
    if act is not None:
        try:
            act(dossier=dossier, actor=person_of(request), version=request.POST.get("version"))
        except DossierRefused as refused:
            error, status = refused.message, 409 if isinstance(refused, DossierConflict) else 422
        else:
            done = "La page est publiée." if act is publish_dossier else "La page est retirée."
            messages.success(request, done)
            return HttpResponseRedirect(panels.dossier_url(dossier, Side.INSTRUCTION))
    dossier.refresh_from_db()
    panel = panels.territory_panel(dossier, person_of(request), rights, Side.INSTRUCTION, error)
    context = {"dossier": dossier, "panel": panel, "back_url": panels.dossier_url(dossier, Side.INSTRUCTION)}
    return render(request, "dossiers/territory/publication.html", context, status=status)


@never_cache
@require_safe
def published_file(request: HttpRequest, page_id: int, file_id: uuid.UUID) -> HttpResponseBase:
    """A file of a published dossier, for everybody who reads its page: clean, and shown there. 404 otherwise.

    No event of the dossier: what is public is not logged by reader.
    """
    page = DossierPage.objects.filter(pk=page_id, fact__visible=True).first()
    if page is None or str(file_id) not in page.content.get("files", []):
        raise Http404
    found = served_files([str(file_id)])
    if not found:
        raise Http404
    return attached(found[0])


def _rows(found: Coverage, desk: bool) -> list[dict[str, Any]]:
    """The roadmaps of the table, in the order of their numbers. Their state and address only to who instructs."""
    total = found.population
    return [
        _told(share.dossier, desk)
        | {
            "colour": colour(number),
            "communes": len(share.communes),
            "population": share.population,
            "percent": 100 * share.population / total if total else None,
        }
        for number, share in enumerate(found.shares)
    ]


def _named(found: Coverage, desk: bool) -> dict[str, Any] | None:
    return _told(found.departementale, desk) if found.departementale is not None else None


def _told(dossier: Any, desk: bool) -> dict[str, Any]:
    shown = {"number": dossier.number, "title": dossier.label, "organisation": dossier.organisation.name}
    if desk:
        shown |= {
            "state": dossier.state_label(Side.INSTRUCTION),
            "url": panels.dossier_url(dossier, Side.INSTRUCTION),
        }
    return shown
