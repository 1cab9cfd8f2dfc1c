"""One act on several dossiers: each by itself, in a transaction of its own, with its own refusal.

A batch is a row with its items. What is small is done at once; the rest by a task, which only wakes up what ``tick``
does as well: an item is done under the lock of its own row, so that two processes never do it twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User

from ..enums import Action, BatchAct
from ..models import Batch, BatchItem, Dossier, Label
from ..rules import DossierRefused
from . import desk
from .transitions import perform

logger = logging.getLogger(__name__)

MOST = 500
#: Done in the request that asks for it.
AT_ONCE = 20
#: Old results are of no use.
KEPT = timedelta(days=30)
GONE = "Ce dossier n’est plus dans votre périmètre, ou cet acte n’y existe pas."
FAULT = "Une erreur technique a empêché cet acte : reprenez ce dossier à part."


@transaction.atomic
def start(
    *, actor: User, act: BatchAct | str, dossiers: Sequence[tuple[Dossier, int]], key: str, payload: dict[str, Any]
) -> Batch:
    """Keep what is asked for: ``dossiers`` with the version that the actor saw of each. Nothing is done yet.

    The same ``key`` again returns the batch that it made. Raises :class:`DossierRefused` (``many``, ``none``).
    """
    if not dossiers:
        raise DossierRefused("none", "Choisissez au moins un dossier.")
    if len(dossiers) > MOST:
        raise DossierRefused("many", f"{MOST} dossiers au plus à la fois.")
    batch, made = Batch.objects.get_or_create(
        requested_by=actor, key=key[:64], defaults={"act": BatchAct(act), "payload": payload}
    )
    if made:
        BatchItem.objects.bulk_create(
            BatchItem(batch=batch, position=position, dossier=dossier, version=version)
            for position, (dossier, version) in enumerate(dossiers, 1)
        )
        if len(dossiers) > AT_ONCE:
            from ..instruction.tasks import work_on_batch

            transaction.on_commit(lambda: work_on_batch.enqueue(str(batch.pk)))
    return batch


def run(batch: Batch, *, most: int = MOST) -> int:
    """Do up to ``most`` items that are left; returns how many were tried. May be called by several processes."""
    left = list(BatchItem.objects.filter(batch=batch, done_at=None).order_by("position").values_list("pk", flat=True))
    for pk in left[:most]:
        _do(batch, pk)
    if not BatchItem.objects.filter(batch=batch, done_at=None).exists():
        Batch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=timezone.now())
    return len(left[:most])


def run_left() -> int:
    """The job of ``tick``: what a killed worker left, and old results away."""
    Batch.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    waiting = Batch.objects.filter(finished_at=None, created_at__lt=timezone.now() - timedelta(minutes=1))
    return sum(run(batch) for batch in waiting.order_by("created_at", "pk"))


def _do(batch: Batch, pk: int) -> None:
    with transaction.atomic():
        item = BatchItem.objects.select_for_update().filter(pk=pk, done_at=None).first()
        if item is None:
            return
        try:
            with transaction.atomic():
                HANDLERS[BatchAct(batch.act)](batch, item)
        except DossierRefused as refusal:
            item.refused = refusal.message
        except (Http404, Dossier.DoesNotExist):
            item.refused = GONE
        except Exception:
            logger.exception("Batch %s, item %s", batch.pk, item.pk)
            item.refused = FAULT
        item.done_at = timezone.now()
        item.save(update_fields=["done_at", "refused"])


def _perform(action: Action) -> Callable[[Batch, BatchItem], object]:
    def do(batch: Batch, item: BatchItem) -> object:
        said = {name: batch.payload[name] for name in ("reason",) if name in batch.payload}
        if action == Action.ACCEPT and item.dossier.type.has_amount:
            raise DossierRefused("amount", "Une décision avec un montant se prend dossier par dossier.")
        return perform(
            action,
            dossier=item.dossier_id,
            actor=batch.requested_by,
            version=item.version,
            key=f"lot-{batch.pk.hex[:16]}-{item.pk}",
            **said,
        )

    return do


def _assign(batch: Batch, item: BatchItem) -> object:
    who = User.objects.filter(pk=batch.payload["assignee"]).first() if batch.payload.get("assignee") else None
    return desk.assign(dossier=item.dossier, actor=batch.requested_by, assignee=who)


def _label(remove: bool) -> Callable[[Batch, BatchItem], object]:
    def do(batch: Batch, item: BatchItem) -> object:
        label = Label.objects.filter(pk=batch.payload["label"]).first()
        if label is None:
            raise DossierRefused("labels", "Cette étiquette n’existe plus.")
        return desk.add_label(dossier=item.dossier, actor=batch.requested_by, label=label, remove=remove)

    return do


HANDLERS: dict[BatchAct, Callable[[Batch, BatchItem], object]] = {
    BatchAct.TAKE: _perform(Action.TAKE),
    BatchAct.ASSIGN: _assign,
    BatchAct.LABEL: _label(False),
    BatchAct.UNLABEL: _label(True),
    BatchAct.ACCEPT: _perform(Action.ACCEPT),
    BatchAct.REFUSE: _perform(Action.REFUSE),
    BatchAct.DROP: _perform(Action.DROP),
}
