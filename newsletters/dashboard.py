"""What « Mon espace » shows of letters."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.accounts.models import User
from portal.core.dashboard import CardContent, Entry

from .addresses import normalise_address
from .models import Subscription
from .tokens import unsubscription_token

SHOWN = 10


def letters(*, user: User) -> CardContent:
    """The letters sent to the person's proven address, each with its way out. Two queries."""
    entries = []
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        try:
            address = normalise_address(user.email)
        except ValidationError:
            address = ""
        held = Subscription.objects.active().filter(subscriber__address=address)
        entries = [
            Entry(
                one.list.name,
                reverse("newsletters:unsubscribe", args=[unsubscription_token(one)]),
                f"Espace {one.list.territory}",
                "Gérer",
            )
            for one in held.select_related("list__territory", "subscriber").order_by("list__name", "pk")[:SHOWN]
        ]
    return CardContent(
        entries,
        url=reverse("newsletters:mine") if entries else reverse("newsletters:subscribe"),
        link="Mes préférences" if entries else "S’abonner à une lettre",
        empty="Vous n’êtes abonné à aucune lettre.",
    )
