"""What the tests of exchanges share."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from dossiers.exchange import opinions
from dossiers.exchange.deadlines import local_day
from dossiers.models import Dossier, Opinion
from portal.accounts.models import User
from portal.notifications.models import Notice
from tests.dossiers.factories import Party

_numbers = itertools.count(1)


def confirm(user: User) -> User:
    """As sign-up leaves an account: its address is confirmed."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def in_days(dossier: Dossier, days: int = 10) -> dt.date:
    return local_day(dossier.territory) + dt.timedelta(days=days)


def ask_one(dossier: Dossier, party: Party, email: str, **given: Any) -> Opinion:
    """An avis asked by the party's instructor."""
    given = {"question": "Qu’en pensez-vous ?", "due_on": in_days(dossier)} | given
    return opinions.ask(dossier=dossier, actor=party.instructor, emails=[email], **given)[0]


def told(user: User, kind: str = "") -> list[str]:
    """The kinds of what ``user`` was told, or the subjects of one kind."""
    mine = Notice.objects.filter(recipient=user).order_by("created_at", "pk")
    if kind:
        return list(mine.filter(kind=kind).values_list("subject", flat=True))
    return list(mine.values_list("kind", flat=True))
