"""The end of a dossier: told of, put in the bin, taken out of it, erased. Each dossier by itself."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from portal.core.templatetags.portal_tags import fr_date
from portal.notifications.services import notify

from ..access import Rights, lock, rights_on
from ..enums import CLOSED, EventKind, Side, State
from ..exchange import recipients
from ..exchange.notices import dossier_url
from ..journal import record
from ..models import Decision, Dossier, DossierType, Tombstone
from ..rules import where
from ..services.versions import bump, check_version, conflict
from . import rules
from .purge import erase
from .selectors import over

logger = logging.getLogger(__name__)
#: Of one run, of each act.
BATCH = 200


def run(now: datetime | None = None) -> dict[str, int]:
    """What the days bring. Periodic; run twice, or by two processes, it does the same once."""
    now = now or timezone.now()
    return {"told": tell(now), "binned": bin_over(now), "erased": erase_binned(now)}


def tell(now: datetime) -> int:
    """Say a month before that a dossier is about to leave: to its organisation and, deposited, to who is in charge.
    Once: the row's ``retention_notice_at`` and the notice's own key are written together."""
    return _each(_over(now + rules.NOTICE, retention_notice_at=None), lambda pk: _tell(pk, now))


def bin_over(now: datetime) -> int:
    """Put in the bin what was told of a month ago and is still over."""
    return _each(_over(now, retention_notice_at__lte=now - rules.NOTICE), lambda pk: _bin_over(pk, now))


def erase_binned(now: datetime) -> int:
    """Erase what has been in the bin for fourteen days."""
    old = Dossier.objects.filter(binned_at__lte=now - rules.BIN).order_by("binned_at", "pk")
    return _each(old.values_list("pk", flat=True)[:BATCH], lambda pk: _erase(pk, now))


@transaction.atomic
def bin_draft(*, dossier: Dossier | uuid.UUID, actor: User, version: int | str | None) -> Dossier:
    """Throw a draft away; for fourteen days it is taken back from the bin. By who deposits; guests do not.

    Side effects: an event. Raises Http404, :class:`~dossiers.rules.DossierConflict` where somebody saved meanwhile, or
    it is no draft any more.
    """
    locked, rights = lock(dossier, actor)
    if not rights.deposits:
        raise Http404
    if locked.state != State.DRAFT:
        raise conflict(locked, where(locked.state))
    check_version(locked, version)
    return _bin(locked, actor, Side.ORGANISATION, timezone.now())


@transaction.atomic
def restore(*, dossier_id: uuid.UUID, actor: User) -> Dossier:
    """Take a dossier out of the bin: a draft by who deposits for its organisation, another by who instructs it.

    Its time begins anew: a draft's by this act, another's for six months. Restored twice is restored. Side effects: an
    event. Raises Http404 to whom it is not, or where it was erased.
    """
    locked, rights = _in_bin(dossier_id, actor)
    if not may_restore(locked, rights):
        raise Http404
    if locked.binned_at is None:
        return locked
    now = timezone.now()
    locked.binned_at, locked.retention_notice_at = None, None
    if locked.state in CLOSED:
        locked.kept_until = now + rules.KEPT_ON
    bump(locked)
    locked.save(update_fields=["binned_at", "retention_notice_at", "kept_until", "version", "updated_at"])
    side = Side.ORGANISATION if locked.state == State.DRAFT else Side.INSTRUCTION
    record(locked, EventKind.RESTORED, actor=actor, side=side)
    return locked


def may_restore(dossier: Dossier, rights: Rights) -> bool:
    return rights.deposits if dossier.state == State.DRAFT else rights.instructs


def _in_bin(dossier_id: uuid.UUID, actor: User) -> tuple[Dossier, Rights]:
    """The row under a lock, and what ``actor`` may do on it were it not in the bin."""
    found = Dossier.objects.select_for_update().filter(pk=dossier_id).first()
    if found is None:
        raise Http404
    binned_at, found.binned_at = found.binned_at, None
    rights = rights_on(found, actor)
    found.binned_at = binned_at
    if not rights.sees:
        raise Http404
    return found, rights


def _over(moment: datetime, **more: Any) -> list[Any]:
    found: list[Any] = []
    for type_ in DossierType.objects.only("retention_months", "draft_months").order_by("pk"):
        keys = over(type_, moment).filter(**more).order_by("updated_at", "pk").values_list("pk", flat=True)
        found += keys[: BATCH - len(found)]
        if len(found) >= BATCH:
            break
    return found


def _each(keys: Iterable[Any], act: Callable[[Any], bool]) -> int:
    """One that fails holds up no other: it is tried again at the next run."""
    done = 0
    for pk in list(keys):
        try:
            with transaction.atomic():
                done += act(pk)
        except Exception:
            logger.exception("The retention of dossier %s could not be seen to.", pk)
    return done


def _still_over(pk: Any, moment: datetime) -> Dossier | None:
    """The dossier under its lock, if its time still ends by ``moment``."""
    locked = Dossier.objects.select_for_update().filter(pk=pk).first()
    if locked is None or not over(locked.type, moment).filter(pk=pk).exists():
        return None
    return locked


def _tell(pk: Any, now: datetime) -> bool:
    locked = _still_over(pk, now + rules.NOTICE)
    if locked is None or locked.retention_notice_at is not None:
        return False
    locked.retention_notice_at = now
    locked.save(update_fields=["retention_notice_at"])
    context = {
        "dossier": str(locked.pk),
        "name": f"{locked.number} « {locked.label} »" if locked.number else f"« {locked.label} »",
        "day": fr_date(timezone.localdate(now + rules.NOTICE)),
    }
    event = f"retention:{locked.pk}:{now:%Y-%m-%d}"
    organisation = recipients.depositors(locked)
    notify(
        "dossier.retention",
        recipients=organisation,
        event=event,
        url=dossier_url(locked, Side.ORGANISATION),
        context=context,
    )
    if locked.state != State.DRAFT:
        known = {each.pk for each in organisation}
        service = [each for each in recipients.instructors(locked) if each.pk not in known]
        url = dossier_url(locked, Side.INSTRUCTION)
        notify("instruction.retention", recipients=service, event=event, url=url, context=context)
    return True


def _bin_over(pk: Any, now: datetime) -> bool:
    locked = _still_over(pk, now)
    if locked is None or locked.retention_notice_at is None or locked.retention_notice_at > now - rules.NOTICE:
        return False
    _bin(locked, None, Side.SYSTEM, now)
    return True


def _bin(locked: Dossier, actor: User | None, side: Side, now: datetime) -> Dossier:
    locked.binned_at = now
    bump(locked)
    locked.save(update_fields=["binned_at", "version", "updated_at"])
    record(locked, EventKind.BINNED, actor=actor, side=side)
    return locked


def _erase(pk: Any, now: datetime) -> bool:
    locked = Dossier.objects.select_for_update().filter(pk=pk, binned_at__lte=now - rules.BIN).first()
    if locked is None:
        return False
    if locked.number is not None and locked.deposited_at is not None and locked.closed_at is not None:
        codes = Decision.objects.filter(dossier=locked, code__isnull=False).values_list("code", flat=True)
        Tombstone.objects.create(
            number=locked.number,
            type=locked.type,
            territory=locked.territory,
            state=locked.state,
            deposited_at=locked.deposited_at,
            closed_at=locked.closed_at,
            erased_at=now,
            last_event_number=locked.last_event_number,
            last_event_hash=locked.last_event_hash,
            codes="\n".join(sorted(rules.code_digest(each) for each in codes if each)),
        )
    erase(locked)
    return True
