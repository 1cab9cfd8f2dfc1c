"""The one service that changes a dossier's state, whoever asks: screens, the API, the portal itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User

from ..access import NOTHING, lock
from ..enums import Action, Side, State
from ..journal import record
from ..models import Dossier
from ..rules import Actor, where
from ..rules import transition as row_of
from . import deciding, depositing, requesting
from .acting import Act
from .indexing import refresh
from .keys import done_before, keep
from .versions import bump, check_version, conflict

#: What each action does to the locked dossier beside its state; each returns what the event tells.
HANDLERS: dict[Action, Callable[[Act], dict[str, Any]]] = {
    Action.DEPOSIT: depositing.deposit,
    Action.WITHDRAW: depositing.withdraw,
    Action.TAKE: requesting.take,
    Action.REQUEST: requesting.request_complements,
    Action.ANSWER: depositing.answer,
    Action.EXPIRE: depositing.expire,
    Action.PROPOSE: deciding.propose,
    Action.SEND_BACK: deciding.send_back,
    Action.ACCEPT: partial(deciding.decide, outcome=State.ACCEPTED),
    Action.REFUSE: partial(deciding.decide, outcome=State.REFUSED),
    Action.DROP: partial(deciding.decide, outcome=State.DROPPED),
    Action.REOPEN: deciding.reopen,
}


@transaction.atomic
def perform(
    action: Action | str,
    *,
    dossier: Dossier | uuid.UUID | str,
    actor: User | None,
    version: int | str | None,
    key: str = "",
    **payload: Any,
) -> Dossier:
    """Do ``action`` to ``dossier``, which ``actor`` saw at ``version``. Returns it as it is now.

    ``key``: what the form carried, so that sending it twice acts once (the second time returns the dossier as it is).
    ``payload`` by action: see :mod:`.depositing`, :mod:`.requesting`, :mod:`.deciding`. ``actor`` None is the portal
    itself, for its own transitions.

    One transaction under the dossier's row lock: rights, guards, new state, event; listeners of the log write what is
    to be told, sent after the commit. Raises ValueError on an unknown action, Http404 to whom the dossier or the act
    does not exist, :class:`~dossiers.rules.DossierConflict` (409) where somebody acted first, and
    :class:`~dossiers.rules.DossierRefused`.
    """
    row = row_of(action)
    if actor is None:
        if Actor.SYSTEM not in row.actors:
            raise Http404
        pk = dossier.pk if isinstance(dossier, Dossier) else dossier
        found = Dossier.objects.kept().select_for_update().filter(pk=pk).first()
        if found is None:
            raise Http404
        locked, rights = found, NOTHING
    else:
        locked, rights = lock(dossier, actor)
        if not row.actors & rights.actors:
            raise Http404
        if done_before(actor, key, locked, row.action):
            return locked
        check_version(locked, version, rights)
    if State(locked.state) not in row.sources:
        raise conflict(locked, where(locked.state), rights=rights)
    before = locked.state
    act = Act(locked, rights, actor, timezone.now(), payload)
    told = HANDLERS[row.action](act)
    bump(locked)
    if locked.state != before:
        locked.state_since = act.now
    refresh(locked, save=False)
    locked.save()
    record(locked, row.event, actor=actor, side=_side(row.actors, act), from_state=before, data=told)
    if actor is not None:
        keep(actor, key, locked, row.action)
    return locked


def _side(actors: frozenset[Actor], act: Act) -> Side:
    if act.actor is None:
        return Side.SYSTEM
    return Side.ORGANISATION if Actor.DEPOSITOR in actors else Side.INSTRUCTION
