"""What the letters hold about a person with an account: their subscriptions, by proven address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from portal.accounts.data.redaction import addresses_of
from portal.core.personal_data import Record, register

from .models import Subscriber
from .people.holdings import record_of
from .services import erase


def _subscribers(user: Any) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(address__in=addresses_of(user))


def exported(user: Any) -> Iterator[Record]:
    for one in _subscribers(user).select_related("territory").order_by("pk"):
        yield record_of(one)


def erased(user: Any) -> None:
    """As by their own page of preferences: the log of consents, and that of sendings, keep a keyed hash alone."""
    for one in _subscribers(user).order_by("pk"):
        erase(subscriber=one)


def register_letters() -> None:
    register(
        "letters",
        "Mes abonnements aux lettres",
        export=exported,
        erase=erased,
        keep="La preuve de vos consentements et le compte des envois restent, sous une empreinte, sans votre adresse.",
        order=40,
    )
