"""« Imports » in the admin: sources, a trial before each new one, reports, what may be done."""

from __future__ import annotations

import csv
import io
import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.log_actions import log

from portal.accounts.abilities import person_of
from portal.core.listing.paging import page_of
from portal.core.spreadsheets import TYPES, table

from ..guards import publishers_only
from . import tasks
from .enums import RunState, SourceKind
from .forms import ColumnsForm, OutcomeFilter, SourceForm
from .lines import decode, to_utf8
from .models import ImportedPage, ImportRun, ImportSource
from .runs import ask
from .selectors import runs_of, sources_of
from .services import ImportRefusedError, agenda_of, kept_data, new_run, take_back
from .tabular import guess_mapping, read_headers
from .writing import is_edited

PER_PAGE = 50
PREVIEW = 5


def own_source(request: HttpRequest, source_id: int) -> ImportSource:
    return get_object_or_404(sources_of(request.user), pk=source_id)


def own_run(request: HttpRequest, run_id: uuid.UUID) -> ImportRun:
    return get_object_or_404(runs_of(request.user), pk=run_id)


@publishers_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    items = page_of(request, sources_of(request.user), PER_PAGE)
    context = {"items": items, "query": "", "page_title": "Imports d’événements", "header_icon": "download"}
    return render(request, "events/imports/index.html", context)


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new source: read at once, tried, and imported only when its report is confirmed."""
    form = SourceForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = SourceForm(request.user, request.POST, request.FILES)
        if form.is_valid():
            return _saved(request, form)
    context = {"form": form, "page_title": "Ajouter une source d’événements", "header_icon": "download"}
    return render(request, "events/imports/form.html", context, status=422 if form.errors else 200)


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Settings of a source, its runs, the pages that left it."""
    found = own_source(request, source_id)
    form = SourceForm(request.user, instance=found)
    if request.method == "POST":
        form = SourceForm(request.user, request.POST, request.FILES, instance=own_source(request, source_id))
        if form.is_valid():
            return _saved(request, form)
    apart = ImportedPage.objects.filter(source=found).select_related("page").order_by("pk")
    edited = [one for one in apart[:2000] if one.page is None or is_edited(one, one.page)]
    context = {
        "source": found,
        "form": form,
        "runs": list(found.runs.defer("data").select_related("actor").order_by("-started_at", "pk")[:30]),
        "edited": edited[:100],
        "page_title": found.name,
        "header_icon": "download",
    }
    return render(request, "events/imports/source.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _saved(request: HttpRequest, form: SourceForm) -> HttpResponse:
    """Keep the source, its owner who saved it last; try what was read."""
    person = person_of(request)
    made: ImportSource = form.save(commit=False)
    made.owner, made.active, made.failures = person, True, 0
    made.etag = made.last_modified = ""
    made.save()
    log(instance=made.space.page, action="events.import_source", user=person, data={"name": made.name})
    if form.data_read is None:
        messages.success(request, f"« {made} » est réglée.")
        return redirect("import_source", made.pk)
    name = form.cleaned_data["file"].name if form.cleaned_data.get("file") else ""
    if made.kind == SourceKind.CSV:
        run = new_run(source=made, actor=person, dry_run=True, data=form.data_read, file_name=name)
        return redirect("import_columns", run.pk)
    run = ask(source=made, actor=person, dry_run=True, data=form.data_read, file_name=name)
    return redirect("import_report", run.pk)


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Which column of a table holds what, before it is tried."""
    run = own_run(request, run_id)
    data = kept_data(run) if run.state == RunState.WAITING and run.source.kind == SourceKind.CSV else None
    if data is None:
        return redirect("import_report", run.pk)
    headers = read_headers(data)
    form = ColumnsForm(headers, request.POST or None, initial=run.source.mapping or guess_mapping(headers))
    if request.method == "POST":
        form = ColumnsForm(headers, request.POST)
        if form.is_valid():
            ImportSource.objects.filter(pk=run.source_id).update(mapping=form.mapping)
            transaction.on_commit(lambda: tasks.carry_out.enqueue(str(run.pk)))
            return redirect("import_report", run.pk)
    context = {
        "form": form,
        "run": run,
        "rows": _first_rows(data),
        "page_title": "Colonnes du tableau",
        "header_icon": "download",
    }
    return render(request, "events/imports/columns.html", context, status=422 if form.errors else 200)


def _first_rows(data: bytes) -> list[list[str]]:
    """The first lines of a table, cut, to look at."""
    text = decode(to_utf8(data[:100_000])).lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    separator = max(";,\t|", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text), delimiter=separator)
        return [[cell[:60] for cell in row[:30]] for _, row in zip(range(PREVIEW + 1), rows, strict=False)]
    except csv.Error:
        return []


@publishers_only
@require_safe
def report(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """What became, or would become, of each line; ``format=csv`` or ``xlsx`` is the whole of it."""
    run = own_run(request, run_id)
    form = OutcomeFilter(request.GET)
    wanted = form.cleaned_data.get("resultat") if form.is_valid() else ""
    lines = run.lines.order_by("number", "pk")
    if (kind := request.GET.get("format")) in TYPES:
        heads = ["Ligne", "Résultat", "Titre", "Date", "Explication", "Identifiant"]
        rows = (
            [one.number, one.get_outcome_display(), one.title, one.day or "", one.reason, one.uid]
            for one in lines.iterator(2000)
        )
        answer = HttpResponse(table(kind, heads, rows), content_type=TYPES[kind])
        answer["Content-Disposition"] = f'attachment; filename="import-{run.started_at:%Y-%m-%d}.{kind}"'
        return answer
    if wanted:
        lines = lines.filter(outcome=wanted)
    context = {
        "run": run,
        "form": form,
        "items": page_of(request, lines.select_related("page"), PER_PAGE),
        "query": f"resultat={wanted}" if wanted else "",
        "may_confirm": run.dry_run and run.state == RunState.DONE,
        "page_title": "Essai d’import" if run.dry_run else "Rapport d’import",
        "header_icon": "download",
    }
    answer = render(request, "events/imports/report.html", context)
    if not run.is_over:
        answer["Refresh"] = "5"
    return answer


@publishers_only
@require_POST
def confirm(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Import what was tried."""
    trial = own_run(request, run_id)
    _check_agenda(request, trial.source)
    if not trial.dry_run or trial.state != RunState.DONE:
        messages.error(request, "Cet import n’attend pas d’être confirmé.")
        return redirect("import_report", trial.pk)
    with transaction.atomic():
        data = kept_data(trial)
        run = ask(source=trial.source, actor=person_of(request), data=data, file_name=trial.file_name)
        ImportRun.objects.filter(pk=trial.pk).update(data=None)
    return redirect("import_report", run.pk)


def _check_agenda(request: HttpRequest, source: ImportSource) -> None:
    agenda = agenda_of(source.space)
    if agenda is None or not agenda.permissions_for_user(request.user).can_publish_subpage():
        raise Http404


@publishers_only
@require_POST
def act(request: HttpRequest, source_id: int) -> HttpResponse:
    """Import now, try, pause, resume, or take back the source's version of a page."""
    found = own_source(request, source_id)
    person, action = person_of(request), request.POST.get("action", "")
    if action in ("run", "trial"):
        _check_agenda(request, found)
        if not found.url:
            messages.error(request, "Cette source n’a pas d’adresse : envoyez un fichier.")
        else:
            return redirect("import_report", ask(source=found, actor=person, dry_run=action == "trial").pk)
    elif action in ("pause", "resume"):
        ImportSource.objects.filter(pk=found.pk).update(active=action == "resume", failures=0)
        messages.success(request, "L’import est repris." if action == "resume" else "L’import est en pause.")
    elif action == "take_back":
        key = request.POST.get("page", "")
        imported = get_object_or_404(
            ImportedPage, source=found, pk=int(key) if key.isdecimal() and len(key) < 10 else 0
        )
        try:
            take_back(actor=person, imported=imported)
        except ImportRefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La version de la source sera reprise au prochain import.")
    else:
        messages.error(request, "Choisissez une action.")
    return redirect("import_source", found.pk)
