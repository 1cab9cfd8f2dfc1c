"""A few notifications for the accounts of the demonstration, read and unread. Nothing is mailed."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.enums import MailState
from portal.notifications.models import Notice
from portal.notifications.services import notify

from .store import Store


class Told(NamedTuple):
    """Whom, of what, how many days ago, and whether they read it."""

    account: str
    kind: str
    event: str
    url: str
    context: dict[str, Any]
    days: int
    read: bool


LANDES = "/territoires/nouvelle-aquitaine/landes/"
TOLD = (
    Told(
        "contributeur",
        "contribution.published",
        "demo:published",
        f"{LANDES}actualites/",
        {"title": "Un nouvel espace numérique à Dax", "space": "Landes"},
        9,
        True,
    ),
    Told(
        "contributeur",
        "contribution.received",
        "demo:received",
        "/mon-espace/",
        {"title": "Café numérique à Mont-de-Marsan", "space": "Landes"},
        2,
        False,
    ),
    Told(
        "editeur",
        "pages.stale",
        "demo:stale",
        "/mon-espace/",
        {"count": 3, "space": "Landes"},
        6,
        True,
    ),
    Told(
        "editeur",
        "pages.reported",
        "demo:reported",
        LANDES,
        {"title": "Landes", "space": "Landes", "reason": "Obsolète"},
        1,
        False,
    ),
)


def seed_notices(store: Store) -> None:
    now = timezone.now()
    for told in TOLD:
        person = User.objects.filter(email=f"{told.account}@exemple.fr").first()
        if person is None:
            continue

        def make(told: Told = told, person: User = person) -> Notice:
            notify(told.kind, recipients=[person], event=told.event, url=told.url, context=told.context)
            moment = now - dt.timedelta(days=told.days)
            mine = Notice.objects.filter(recipient=person, kind=told.kind, event=told.event)
            mine.update(created_at=moment, read_at=moment if told.read else None, mail=MailState.NONE, due_at=None)
            return mine.get()

        store.once(f"notice:{told.account}:{told.event}", make)
