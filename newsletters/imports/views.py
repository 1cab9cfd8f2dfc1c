"""« Imports » of the letters in the admin: a file, its columns, its trial, its launch, its progress, its undoing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from portal.accounts.abilities import person_of
from portal.accounts.guards import needs
from portal.accounts.rules import Ability
from portal.core.listing.paging import page_of
from portal.core.spreadsheets import TYPES, csv_lines

from . import services
from .encodings import SHOWN
from .enums import BEFORE, ImportState, Outcome
from .forms import ColumnsForm, ImportForm, OutcomeFilter
from .models import SubscriberImport
from .selectors import SET_ASIDE, rows_of, visible_imports
from .services import FileRefused, ImportRefusedError, TableRefused

PER_PAGE = 50
SECONDS = 2
managers_only = needs(Ability.MANAGE_LISTS)
#: How separators are shown.
_SIGNS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale", "": "une seule colonne"}


def own(request: HttpRequest, import_id: uuid.UUID) -> SubscriberImport:
    return get_object_or_404(visible_imports(request.user), pk=import_id)


@never_cache
@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A file for one list. Its beginning is read at once; nothing more before its columns are confirmed."""
    form = ImportForm(request.user)
    if request.method == "POST":
        form = ImportForm(request.user, request.POST, request.FILES)
        if form.is_valid():
            try:
                item = services.prepare(
                    actor=person_of(request),
                    mailing_list=form.cleaned_data["mailing_list"],
                    upload=form.cleaned_data["file"],
                    basis=form.cleaned_data["basis"],
                    evidence=form.cleaned_data["evidence"],
                )
            except (TableRefused, FileRefused) as refusal:
                form.add_error("file", str(refusal.message))
            except ImportRefusedError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("subscriber_import_columns", item.pk)
    context = {"form": form, "page_title": "Importer des abonnés", "header_icon": "upload"}
    return render(request, "newsletters/imports/form.html", context, status=422 if form.errors else 200)


@never_cache
@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Which column holds what, beside the first rows; then the file is tried."""
    item = own(request, import_id)
    if item.state not in BEFORE or item.file_id is None:
        return redirect("subscriber_import", item.pk)
    form = ColumnsForm(item)
    if request.method == "POST":
        form = ColumnsForm(item, request.POST)
        if form.is_valid():
            try:
                services.set_columns(
                    actor=person_of(request),
                    item=item,
                    mapping=form.mapping,
                    has_header=form.cleaned_data["has_header"],
                    typos=form.cleaned_data["typos"],
                )
            except ImportRefusedError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("subscriber_import", item.pk)
    context = {
        "form": form,
        "item": item,
        "encoding": SHOWN.get(item.encoding, ""),
        "delimiter": _SIGNS.get(item.delimiter, "") if item.kind == "csv" else "",
        "page_title": "Colonnes du fichier",
        "header_icon": "upload",
    }
    return render(request, "newsletters/imports/columns.html", context, status=422 if form.errors else 200)


@never_cache
@managers_only
@require_safe
def report(request: HttpRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """Where the import is, what would become or became of each row; ``format=csv`` is what was set aside."""
    item = own(request, import_id)
    form = OutcomeFilter(request.GET)
    wanted = form.cleaned_data.get("resultat", "") if form.is_valid() else ""
    if request.GET.get("format") == "csv":
        return _set_aside(item)
    items = page_of(request, rows_of(item, wanted), PER_PAGE)
    context = {
        "item": item,
        "form": form,
        "items": items,
        "query": f"resultat={wanted}" if wanted else "",
        "seconds": SECONDS,
        "held": item.counts.get(Outcome.TYPO, 0),
        "may_launch": item.state == ImportState.CHECKED and item.taken,
        "may_set": item.state in BEFORE and item.file_id is not None,
        "may_undo": item.state in (ImportState.RUNNING, ImportState.DONE) and item.forgotten_at is None,
        "page_title": f"Import de « {item.file_name} »",
        "header_icon": "upload",
    }
    return render(request, "newsletters/imports/report.html", context)


def _set_aside(item: SubscriberImport) -> StreamingHttpResponse:
    """The rows that are not subscribed, as they were sent, with the reason: to be mended and sent again."""

    def lines() -> Iterator[list[Any]]:
        yield ["Ligne", "Résultat", "Adresse", "Explication", "Proposition"]
        for row in rows_of(item).filter(outcome__in=SET_ASIDE).iterator(2000):
            yield [row.line, row.get_outcome_display(), row.typed or row.address, row.reason, row.suggestion]

    answer = StreamingHttpResponse(csv_lines(lines()), content_type=TYPES["csv"])
    answer["Content-Disposition"] = f'attachment; filename="import-{item.created_at:%Y-%m-%d}-lignes.csv"'
    return answer


@never_cache
@managers_only
@require_safe
def progress(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """How far it is, for the report that asks every two seconds; the report is asked for again at the end."""
    item = own(request, import_id)
    answer = render(request, "newsletters/imports/_progress.html", {"item": item, "seconds": SECONDS})
    if not item.is_busy:
        answer["HX-Refresh"] = "true"
    return answer


def _act(request: HttpRequest, import_id: uuid.UUID, act: Callable[..., Any], said: str) -> HttpResponse:
    item = own(request, import_id)
    try:
        act(actor=person_of(request), item=item)
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("subscriber_import", item.pk)


@managers_only
@require_POST
def launch(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    return _act(request, import_id, services.confirm, "L’import est lancé. Personne ne reçoit de message.")


@managers_only
@require_POST
def undo(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    return _act(request, import_id, services.undo, "L’annulation de l’import est lancée.")


@managers_only
@require_POST
def abandon(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    return _act(request, import_id, services.abandon, "L’import est abandonné ; le fichier est effacé.")
