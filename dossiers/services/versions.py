"""What its author saw: every act says which version of the dossier it is about."""

from __future__ import annotations

from django.utils import formats, timezone

from ..access import NOTHING, Rights
from ..enums import INTERNAL_EVENTS
from ..models import Dossier, DossierEvent
from ..rules import DossierConflict


def check_version(dossier: Dossier, version: int | str | None, rights: Rights = NOTHING) -> None:
    """Raises :class:`DossierConflict`, naming who did what, where ``version`` is not the dossier's as locked.

    ``rights``: of who acts, as for :func:`conflict`.
    """
    try:
        seen = int(version) if version is not None else -1
    except ValueError:
        seen = -1
    if seen != dossier.version:
        raise conflict(dossier, rights=rights)


def conflict(dossier: Dossier, reason: str = "", *, rights: Rights = NOTHING) -> DossierConflict:
    """The refusal that names what brought ``dossier`` to the version it has, not a download or a message since.

    ``rights``: of who is told. What the instructing service keeps to itself (a proposal, for one) is named to
    that service alone; others are told that something changed, not what. One query.
    """
    events = DossierEvent.objects.filter(dossier=dossier).select_related("actor")
    last = events.order_by("-dossier_version", "number").first()
    if last is not None and last.kind in INTERNAL_EVENTS and not (rights.instructs or rights.validates):
        last = None
    told = reason or "Ce dossier a changé depuis que vous l’avez ouvert."
    if last is not None:
        at = formats.date_format(timezone.localtime(last.at), r"j F Y \à H:i")
        told = f"{told} Dernier événement : « {last.get_kind_display()} », par {last.actor_label}, le {at}."
    return DossierConflict(f"{told} Ce que vous avez saisi est conservé ci-dessous.", last)


def bump(dossier: Dossier) -> None:
    """The dossier's form or state changed: forms shown before are out of date. Not saved here."""
    dossier.version += 1
    dossier.updated_at = timezone.now()
