"""Several dossiers at once: what is chosen in the list, what is asked, what came of each."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.abilities import person_of
from portal.accounts.stepup import step_up_required

from ..enums import BatchAct
from ..models import Batch, BatchItem, Dossier
from ..rules import DossierRefused
from ..screens import private, require_rate, status_of
from ..services import batches
from .desk_forms import BatchForm
from .filters import ListFilter
from .selectors import Desk, desk_of

#: What one reads of what was done: « 37 pris en instruction ».
DONE = {
    BatchAct.TAKE: ("pris en instruction", "pris en instruction"),
    BatchAct.ASSIGN: ("confié", "confiés"),
    BatchAct.LABEL: ("étiqueté", "étiquetés"),
    BatchAct.UNLABEL: ("sans cette étiquette", "sans cette étiquette"),
    BatchAct.ACCEPT: ("accepté", "acceptés"),
    BatchAct.REFUSE: ("refusé par décision", "refusés par décision"),
    BatchAct.DROP: ("classé sans suite", "classés sans suite"),
}
DECISIONS = (BatchAct.ACCEPT, BatchAct.REFUSE, BatchAct.DROP)

Chosen = list[tuple[Dossier, int]]


@private
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """What is asked of the dossiers that were ticked (``d``), or of all that the filters give (``tous``)."""
    desk = desk_of(person_of(request))
    given = request.POST if request.method == "POST" else request.GET
    try:
        act = BatchAct(given.get("acte", ""))
    except ValueError:
        return _refused(request, "Choisissez ce que vous voulez faire de ces dossiers.")
    if request.method == "POST":
        if act in DECISIONS:
            return step_up_required(_begin)(request, desk, act)
        return _begin(request, desk, act)
    if given.get("tous"):
        form = ListFilter(given, desk=desk)
        found = [(each, each.version) for each in _light(form.apply(desk.dossiers()))[: batches.MOST + 1]]
        if len(found) > batches.MOST:
            return _refused(request, f"Ces filtres donnent plus de {batches.MOST} dossiers : précisez-les.")
    else:
        found = _chosen(desk, given.getlist("d"))
    if not found:
        return _refused(request, "Choisissez au moins un dossier.")
    tokens = " ".join(f"{dossier.pk}:{version}" for dossier, version in found)
    return _ask(request, act, BatchForm(desk=desk, act=act, initial={"dossiers": tokens}), found)


def _begin(request: HttpRequest, desk: Desk, act: BatchAct) -> HttpResponseBase:
    form, status = BatchForm(request.POST, desk=desk, act=act), 422
    found = _chosen(desk, str(form["dossiers"].value() or "").split())
    if form.is_valid():
        try:
            require_rate(request)
            key = form.cleaned_data["key"] or uuid.uuid4().hex
            batch = batches.start(actor=desk.user, act=act, dossiers=found, key=key, payload=form.payload)
        except DossierRefused as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
        else:
            batches.run(batch, most=batches.AT_ONCE)
            return redirect("instruction:batch", batch.pk)
    return _ask(request, act, form, found, status)


def _ask(request: HttpRequest, act: BatchAct, form: BatchForm, found: Chosen, status: int = 200) -> HttpResponseBase:
    context = {
        "act": act,
        "form": form,
        "chosen": [dossier for dossier, _ in found],
        "decides": act in DECISIONS,
        "has_errors": status != 200,
    }
    return render(request, "dossiers/instruction/batch_new.html", context, status=status)


def _refused(request: HttpRequest, message: str) -> HttpResponseBase:
    return render(request, "dossiers/instruction/batch_none.html", {"message": message}, status=422)


def _chosen(desk: Desk, tokens: list[str]) -> Chosen:
    """The dossiers that ``tokens`` (« uuid:version ») name and the person instructs; the others do not exist."""
    wanted: dict[uuid.UUID, int] = {}
    for token in tokens[: batches.MOST + 1]:
        key, _, version = token.partition(":")
        try:
            wanted[uuid.UUID(key)] = int(version) if version.isascii() and version.isdigit() else 0
        except ValueError:
            continue
    found = {each.pk: each for each in _light(desk.dossiers().filter(pk__in=wanted))}
    return [(found[key], min(version, 2**31 - 1)) for key, version in wanted.items() if key in found]


def _light(dossiers: Any) -> Any:
    return dossiers.select_related("type", "organisation").defer("values", "search_text", "type__form")


@private
@require_safe
def result(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponseBase:
    """What came of each dossier of one's own batch; where it is under way, how far it is."""
    person = person_of(request)
    batch = get_object_or_404(Batch, pk=batch_id, requested_by=person)
    items = list(BatchItem.objects.filter(batch=batch).order_by("position"))
    now = Dossier.objects.for_instructor(person).filter(pk__in=[item.dossier_id for item in items])
    shown = {each.pk: each for each in _light(now)}
    counted = Counter("left" if item.done_at is None else "refused" if item.refused else "done" for item in items)
    one, many = DONE[BatchAct(batch.act)]
    context = {
        "batch": batch,
        "lines": [(item, shown.get(item.dossier_id)) for item in items],
        "total": len(items),
        "tried": len(items) - counted["left"],
        "left": counted["left"],
        "done": counted["done"],
        "refused": counted["refused"],
        "done_text": many if counted["done"] > 1 else one,
    }
    return render(request, "dossiers/instruction/batch.html", context)
