"""One's exports: asked for, followed, downloaded by the files' own door."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.abilities import can, person_of
from portal.accounts.rules import Ability
from portal.accounts.stepup import step_up_required

from ..instruction.filters import ListFilter
from ..instruction.selectors import desk_of
from ..models import DossierExport
from ..rules import DossierRefused
from ..screens import private, require_rate, status_of
from . import services
from .building import MOST_IN_ARCHIVE
from .forms import ContactsForm, ExportForm
from .selectors import CONTACTS, DOSSIERS, readable

SHOWN = 30
METHODS = ["GET", "HEAD", "POST"]


@private
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """One's exports, the latest first."""
    person = person_of(request)
    desk_of(person)
    found = DossierExport.objects.filter(requested_by=person).select_related("file")
    exports = list(found.order_by("-created_at", "pk")[:SHOWN])
    context = {
        "exports": exports,
        "offered": set(readable(person).values_list("pk", flat=True)),
        "waits": any(each.is_waiting for each in exports),
        "may_contacts": can(person, Ability.EXPORT_CONTACTS),
    }
    return render(request, "dossiers/exports/index.html", context)


@private
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponseBase:
    """Export the list as its filters give it: how many dossiers that is, in which format."""
    person = person_of(request)
    desk = desk_of(person)
    posted = request.method == "POST"
    asked = QueryDict(request.POST.get("query", "")[:2000]) if posted else request.GET
    listed = ListFilter(asked, desk=desk)
    filters = listed.filters()
    form, status = ExportForm(desk=desk, initial={"query": ExportForm.query_of(filters), "kind": "xlsx"}), 200
    if posted:
        form, status = ExportForm(request.POST, desk=desk), 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                require_rate(request)
                services.ask(
                    actor=person,
                    subject=DOSSIERS,
                    kind=given["kind"],
                    filters=filters,
                    level=given["level"],
                    key=given["key"],
                )
            except DossierRefused as refusal:
                status = status_of(refusal)
                form.refuse(refusal)
            else:
                messages.success(request, "L’export est demandé : il est prêt dans quelques instants.")
                return redirect("instruction:exports")
    context = {
        "form": form,
        "count": listed.apply(desk.dossiers()).order_by().count(),
        "most_in_archive": f"{MOST_IN_ARCHIVE:,}".replace(",", "\u202f"),
        "filter_query": ExportForm.query_of(filters),
        "has_errors": status != 200,
    }
    return render(request, "dossiers/exports/new.html", context, status=status)


@private
@require_http_methods(METHODS)
@step_up_required
def contacts(request: HttpRequest) -> HttpResponseBase:
    """Export the contacts of the dossiers of a territory, after a recent proof of who one is."""
    person = person_of(request)
    desk = desk_of(person)
    if not can(person, Ability.EXPORT_CONTACTS):
        raise Http404
    form, status = ContactsForm(desk=desk, initial={"kind": "xlsx"}), 200
    if request.method == "POST":
        form, status = ContactsForm(request.POST, desk=desk), 422
        if form.is_valid():
            given = form.cleaned_data
            filters = {"territoire": given["territoire"]} if given["territoire"] else {}
            try:
                require_rate(request)
                services.ask(
                    actor=person,
                    subject=CONTACTS,
                    kind=given["kind"],
                    filters=filters,
                    key=given["key"],
                )
            except DossierRefused as refusal:
                status = status_of(refusal)
                form.refuse(refusal)
            else:
                messages.success(request, "L’export des contacts est demandé : il est prêt dans quelques instants.")
                return redirect("instruction:exports")
    return render(request, "dossiers/exports/contacts.html", {"form": form, "has_errors": status != 200}, status=status)
