"""The bin: what is about to be erased, and taking it out."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.abilities import get_abilities, person_of
from portal.accounts.rules import Ability
from portal.core.listing.paging import page_of

from ..enums import Side, State
from ..instruction.selectors import desk_of
from ..models import Dossier
from ..screens import private
from . import selectors, services
from .rules import BIN

PER_PAGE = 30


@private
@require_safe
def of_organisations(request: HttpRequest) -> HttpResponse:
    """What one's organisations have in the bin."""
    person = person_of(request)
    deposits = get_abilities(person).organisation_ids(Ability.DEPOSIT)
    return _page(request, selectors.of_organisations(person), Side.ORGANISATION, deposits)


@private
@require_safe
def of_services(request: HttpRequest) -> HttpResponse:
    """What was instructed and is about to be erased."""
    person = person_of(request)
    desk_of(person)
    return _page(request, selectors.of_services(person), Side.INSTRUCTION)


@private
@require_POST
def restore(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Out of the bin, by whoever may."""
    found = services.restore(dossier_id=dossier_id, actor=person_of(request))
    messages.success(request, f"« {found.label} » est sorti de la corbeille.")
    return redirect("dossiers:detail" if found.state == State.DRAFT else "instruction:detail", found.pk)


def _page(request: HttpRequest, found: QuerySet[Dossier], side: Side, deposits: Collection[int] = ()) -> HttpResponse:
    """Who deposits restores drafts, who instructs the others."""
    page = page_of(request, found, PER_PAGE)
    organisation = side == Side.ORGANISATION
    lines = [
        {
            "dossier": each,
            "state": each.state_label(side),
            "until": each.binned_at + BIN if each.binned_at else None,
            "restores": not organisation or (each.state == State.DRAFT and each.organisation_id in deposits),
        }
        for each in page.object_list
    ]
    context = {"items": page, "lines": lines, "organisation": organisation}
    return render(request, "dossiers/retention/bin.html", context)
