"""« Annuaire du réseau »: for people who are signed in, each within their scope."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.listing.paging import page_of
from portal.core.spreadsheets import TYPES

from ..abilities import get_abilities, person_of
from ..rules import Ability
from ..stepup import step_up_required
from .forms import DirectoryFilters
from .selectors import cards, directory, narrowed, ordered
from .services import ExportError, export_directory

PER_PAGE: Final = 30


@never_cache
@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The people whom the reader may see, filtered."""
    person = person_of(request)
    form = DirectoryFilters(request.GET)
    rows: Any = narrowed(directory(person), **form.criteria())
    items: Any = page_of(request, ordered(rows), PER_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "items": items,
        "cards": cards(items.object_list),
        "page_numbers": items.paginator.get_elided_page_range(items.number),
        "filter_query": query.urlencode(),
        "filtered": any(query.values()),
        "may_export": get_abilities(request.user).anywhere(Ability.EXPORT_CONTACTS),
    }
    return render(request, "directory/list.html", context)


@never_cache
@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The file, after a recent proof of who asks. The filters are posted."""
    if not get_abilities(request.user).anywhere(Ability.EXPORT_CONTACTS):
        raise PermissionDenied
    return _proved_export(request)


@step_up_required
def _proved_export(request: HttpRequest) -> HttpResponse:
    kind = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    form = DirectoryFilters(request.POST)
    if not form.is_valid():
        messages.error(request, "Ces filtres ne sont pas valables : rien n’est exporté.")
        return redirect("directory")
    try:
        content = export_directory(actor=person_of(request), kind=kind, criteria=form.criteria())
    except ExportError as error:
        messages.error(request, str(error))
        return redirect("directory")
    name = f"annuaire-{timezone.localdate():%Y-%m-%d}.{kind}"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=TYPES[kind], headers={"Content-Disposition": disposition})
