"""Who may still be given an export."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.abilities import get_abilities
from portal.accounts.rules import Ability

from ..enums import ExportState
from ..models import DossierExport

DOSSIERS: Final = "dossiers"
CONTACTS: Final = "contacts"
#: What one must be allowed, where the dossiers are instructed, to ask for it, to have it made and to be given it.
NEEDED: Final = {DOSSIERS: Ability.INSTRUCT, CONTACTS: Ability.EXPORT_CONTACTS}


def readable(user: Any) -> QuerySet[DossierExport]:
    """The exports that ``user`` may download: their own, while they are kept, all of whose dossiers were of services
    where they still have the right to make them. One query, four at most where they have some."""
    own = DossierExport.objects.filter(
        requested_by_id=user.pk, state=ExportState.DONE, expires_at__gt=timezone.now(), file__isnull=False
    )
    abilities, kept = get_abilities(user), []
    found = list(own.order_by("pk").values_list("pk", "subject", "services"))
    for subject, ability in NEEDED.items():
        some = [(pk, set(services)) for pk, of, services in found if of == subject]
        if not some or not abilities.anywhere(ability):
            continue
        asked = set().union(*(services for _, services in some))
        held = set(abilities.territories(ability).filter(pk__in=asked).values_list("pk", flat=True))
        kept += [pk for pk, services in some if services <= held]
    return own.filter(pk__in=kept)
