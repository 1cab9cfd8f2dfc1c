"""Making lists."""

from __future__ import annotations

from django.db import transaction

from portal.territories.enums import Level
from portal.territories.models import Territory

from ..enums import Frequency, OptIn, Visibility
from ..models import MailingList

NATIONAL_NAME = "La lettre nationale de l’inclusion numérique"


@transaction.atomic
def ensure_default_list(*, territory: Territory) -> MailingList:
    """The public, double opt-in list of a territory's space; made where it is missing. Idempotent.

    What the team changed of it (name, frequency…) stays.
    """
    existing = MailingList.objects.filter(territory=territory, is_default=True).first()
    if existing:
        return existing
    national = territory.level == Level.NATION
    slug = f"lettre-{territory.slug or territory.code.lower()}"
    if MailingList.objects.filter(slug=slug).exists():
        slug = f"lettre-{territory.key.lower()}"
    return MailingList.objects.create(
        territory=territory,
        name=NATIONAL_NAME if national else f"La lettre de l’inclusion numérique\u00a0: {territory.name}",
        slug=slug,
        description=(
            "L’essentiel de la politique publique, des appels à projets et des outils du réseau."
            if national
            else f"Les actualités, l’agenda et les ressources de l’inclusion numérique pour ce territoire "
            f"({territory.name})."
        ),
        visibility=Visibility.PUBLIC,
        opt_in=OptIn.DOUBLE,
        frequency=Frequency.MONTHLY,
        is_default=True,
    )
