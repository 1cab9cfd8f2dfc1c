"""What the letters hold about a person with an account: their subscriptions, by proven address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from portal.accounts.data.redaction import addresses_of
from portal.core.personal_data import Record, register

from .enums import Source
from .models import ConsentEvent, Subscriber, Subscription
from .services import unsubscribe


def _subscribers(user: Any) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(address__in=addresses_of(user))


def exported(user: Any) -> Iterator[Record]:
    for one in _subscribers(user).select_related("territory").order_by("pk"):
        yield {
            "adresse": one.address,
            "nom": one.name,
            "organisation": one.organisation,
            "territoire": str(one.territory or ""),
            "connu depuis": one.created_at,
            "abonnements": [
                f"{held.list.name} : {held.get_state_display()}"
                for held in Subscription.objects.filter(subscriber=one).select_related("list").order_by("pk")
            ],
            "consentements": [
                f"{event.at:%d/%m/%Y %H:%M} · {event.list} · {event.get_action_display()}"
                for event in ConsentEvent.objects.filter(subscriber=one).select_related("list").order_by("pk")
            ],
        }


def erased(user: Any) -> None:
    """Subscriptions end with their proof, then the person is deleted: the log of consents keeps a keyed hash alone."""
    for one in _subscribers(user).order_by("pk"):
        for held in Subscription.objects.filter(subscriber=one).select_related("list", "subscriber").order_by("pk"):
            unsubscribe(subscription=held, source=Source.ADMIN)
        one.delete()


def register_letters() -> None:
    register(
        "letters",
        "Mes abonnements aux lettres",
        export=exported,
        erase=erased,
        keep="La preuve de vos consentements aux lettres reste, sous une empreinte et sans votre adresse.",
        order=40,
    )
