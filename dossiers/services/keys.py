"""Forms sent twice act once: the key that each form carries (a hidden field), kept with what it did."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from portal.accounts.models import User

from ..models import ActKey, Dossier
from .versions import conflict

LENGTH = 64


def act_of(actor: User, key: str) -> ActKey | None:
    """What ``actor`` did with the form of ``key``, with its dossier. One query; none without a key."""
    cleaned = _clean(key)
    return ActKey.objects.filter(actor=actor, key=cleaned).select_related("dossier").first() if cleaned else None


def done_before(actor: User, key: str, dossier: Dossier, action: str) -> bool:
    """Whether this very form was sent already. Under the dossier's lock the second waits for the first.

    Raises :class:`~dossiers.rules.DossierConflict` where the key served for something else: an old page, or forged.
    """
    done = act_of(actor, key)
    if done is None:
        return False
    if (done.dossier_id, done.action) != (dossier.pk, action):
        raise conflict(dossier)
    return True


def keep(actor: User, key: str, dossier: Dossier, action: str) -> None:
    """Note that ``key`` did ``action``. Needs an open transaction.

    Raises :class:`~dossiers.rules.DossierConflict` where another act took the key at the same time.
    """
    cleaned = _clean(key)
    if not cleaned:
        return
    try:
        with transaction.atomic():
            ActKey.objects.create(actor=actor, key=cleaned, dossier=dossier, action=action)
    except IntegrityError:
        raise conflict(dossier) from None


def _clean(key: str) -> str:
    return key.replace("\x00", "")[:LENGTH]
