"""Asking for an export, catching up with those that wait, ending them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.abilities import can
from portal.accounts.models import User
from portal.core.ratelimit import over_limit
from portal.files.services import delete_file
from portal.territories.enums import Level

from ..enums import ExportFormat, ExportState
from ..models import DossierExport
from ..rules import DossierRefused
from .building import build, sweep
from .selectors import CONTACTS, NEEDED
from .tasks import build_export

A_DAY: Final = 40
LEVELS: Final = (Level.NATION, Level.REGION, Level.DEPARTEMENT, Level.EPCI)
_WAITING: Final = (ExportState.WAITING, ExportState.RUNNING)


@transaction.atomic
def ask(
    *, actor: User, subject: str, kind: str, filters: Mapping[str, str], level: str = "", key: str = ""
) -> DossierExport:
    """Have what ``filters`` give ``actor`` made into a file of ``kind``; with sums by the territories of ``level``.

    ``filters`` are cleaned (``ListFilter.filters``); ``key``: what the form carried, so that sent twice it is asked
    once. Side effects: a row, a log entry, a task on commit. Raises Http404 to who may not, :class:`DossierRefused`:
    ``kind``, ``level``, ``running`` (one is being made), ``many``.
    """
    if not can(actor, NEEDED[subject]):
        raise Http404
    if kind not in ExportFormat.values or (subject == CONTACTS and kind == ExportFormat.ZIP):
        raise DossierRefused("kind", "Choisissez un format de la liste.", "kind")
    if level and level not in LEVELS:
        raise DossierRefused("level", "Choisissez un échelon de la liste.", "level")
    User.objects.select_for_update().get(pk=actor.pk)
    mine = DossierExport.objects.filter(requested_by=actor, subject=subject)
    if key and (sent := mine.filter(key=key[:64]).first()) is not None:
        return sent
    if mine.filter(state__in=_WAITING).exists():
        raise DossierRefused("running", "Un de vos exports est en cours : attendez qu’il soit prêt.")
    if over_limit(str(actor.pk), "dossier-exports", A_DAY, 86_400):
        raise DossierRefused("many", "Vous avez demandé beaucoup d’exports aujourd’hui : continuez demain.")
    export = DossierExport.objects.create(
        requested_by=actor, subject=subject, format=kind, filters=dict(filters), level=level, key=key[:64]
    )
    data = {"subject": subject, "format": kind, "filters": dict(filters), "level": level}
    log(instance=export, action="dossiers.export", user=actor, data=data)
    transaction.on_commit(lambda: build_export.enqueue(str(export.pk)), robust=True)
    return export


def build_waiting() -> int:
    """Make what waits and no task made, or what a killed one left; run by ``tick``. How many were made."""
    due = DossierExport.objects.filter(state__in=_WAITING, leased_until__lte=timezone.now()).order_by(
        "created_at", "pk"
    )
    return sum(build(pk) for pk in list(due.values_list("pk", flat=True)[:5]))


def expire() -> int:
    """Delete the files whose time is over, and what killed processes left; run by ``tick``. How many files. The rows
    stay: they say who took what."""
    sweep()
    over = DossierExport.objects.filter(state=ExportState.DONE, expires_at__lte=timezone.now()).select_related("file")
    number = 0
    for export in over.order_by("expires_at", "pk")[:200]:
        with transaction.atomic():
            stored = export.file
            mine = DossierExport.objects.filter(pk=export.pk, state=ExportState.DONE)
            if mine.update(state=ExportState.EXPIRED, file=None) and stored is not None:
                delete_file(stored=stored)
                number += 1
    return number
