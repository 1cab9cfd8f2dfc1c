"""Money granted on enveloppes, counted under their row's lock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from portal.territories.enums import Level

from ..models import Decision, Dossier, Envelope
from ..money import euros
from ..rules import DossierRefused


def envelope_of(dossier: Dossier, now: datetime) -> Envelope | None:
    """This year's enveloppe of the dossier's département (of its own territory where it is wider), or None."""
    territory = dossier.territory
    if territory.level not in (Level.NATION, Level.REGION, Level.DEPARTEMENT) and territory.departement is not None:
        territory = territory.departement
    year = now.astimezone(ZoneInfo(territory.time_zone)).year
    return Envelope.objects.filter(type=dossier.type_id, territory=territory, year=year).first()


def commit(dossier: Dossier, amount: Decimal, now: datetime) -> Envelope:
    """Take ``amount`` (euros) from the enveloppe. Needs an open transaction.

    Raises :class:`DossierRefused` (``envelope``) where there is none, or less than that is left in it.
    """
    assert transaction.get_connection().in_atomic_block
    known = envelope_of(dossier, now)
    if known is None:
        raise DossierRefused(
            "envelope",
            "Aucune enveloppe n’est ouverte cette année pour ce département et ce type de dossier.",
            "amount",
        )
    envelope = Envelope.objects.select_for_update().get(pk=known.pk)
    if amount > envelope.left:
        raise DossierRefused(
            "envelope", f"Il ne reste que {euros(envelope.left)} dans l’enveloppe {envelope.year}.", "amount"
        )
    envelope.committed += amount
    envelope.save(update_fields=["committed"])
    return envelope


def give_back(decision: Decision) -> None:
    """Return what a lapsed decision had taken. Needs an open transaction."""
    if decision.envelope_id is None or decision.amount is None:
        return
    envelope = Envelope.objects.select_for_update().get(pk=decision.envelope_id)
    envelope.committed -= decision.amount
    envelope.save(update_fields=["committed"])
