"""The card of « Mon espace » for people who are asked for an avis."""

from __future__ import annotations

from django.db.models import Case, When
from django.urls import reverse

from portal.accounts.models import User
from portal.core.dashboard import CardContent, Entry

from ..enums import OPEN, OpinionState
from .opinions import asked_of

SHOWN = 5


def opinions_card(*, user: User) -> CardContent | None:
    """The avis to give, soonest first; None for who was never asked. One query, two for who has many."""
    waits = Case(When(state=OpinionState.ASKED, dossier__state__in=OPEN, then=1), default=0)
    asked = asked_of(user).prefetch_related(None).annotate(waits=waits)
    rows = list(asked.order_by("-waits", "due_at", "pk")[:SHOWN])
    if not rows:
        return None
    found = [each for each in rows if each.waits]
    count = len(found) if len(found) < SHOWN else asked.filter(waits=1).count()
    return CardContent(
        entries=[
            Entry(
                each.dossier.label,
                reverse("dossiers:opinion", args=[each.pk]),
                str(each.dossier.organisation),
                "À rendre",
            )
            for each in found
        ],
        count=count,
        url=reverse("dossiers:my-opinions"),
        link="Tous mes avis",
        empty="Aucun avis ne vous est demandé en ce moment.",
    )
