"""What the processes of a race of exchanges do (``tests.security.racers``)."""

from __future__ import annotations

import datetime as dt
from typing import Any


def exchange_dossier(_: Any) -> dict[str, Any]:
    """A dossier to be completed, whose last reminder is due, and a message's two authors."""
    from django.utils import timezone

    from dossiers.enums import Action, State
    from dossiers.models import ComplementRequest
    from tests.dossiers.factories import act, make_dossier, make_party, make_type, tomorrow

    party = make_party()
    dossier = make_dossier(party, State.INSTRUCTION, make_type(grace_days=0))
    items = [{"field": "nom", "question": "Précisez.", "mandatory": True}]
    act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(20), items=items)
    due_at = timezone.now() - dt.timedelta(days=5)
    ComplementRequest.objects.update(due_at=due_at, due_on=due_at.date(), asked_at=due_at - dt.timedelta(days=20))
    return {"dossier": str(dossier.pk), "people": [party.depositor.pk, party.colleague.pk]}


def exchange_remind(_: Any) -> int:
    from dossiers.exchange.reminders import remind

    return remind()


def exchange_overdue(_: Any) -> None:
    """The last reminder left two days ago."""
    from django.utils import timezone

    from dossiers.models import Reminder

    Reminder.objects.update(at=timezone.now() - dt.timedelta(days=2))


def exchange_expire(_: Any) -> int:
    from dossiers.exchange.reminders import expire

    return expire()


def exchange_post(argument: dict[str, Any]) -> str:
    from dossiers.exchange.messages import post_message
    from dossiers.models import Dossier
    from portal.accounts.models import User

    dossier = Dossier.objects.get(pk=argument["dossier"])
    actor = User.objects.get(pk=argument["who"])
    return str(post_message(dossier=dossier, actor=actor, body="Bonjour", key=argument["key"]).pk)


def exchange_answer(argument: dict[str, Any]) -> str:
    from dossiers.exchange.complements import answer_item
    from dossiers.models import ComplementItem
    from dossiers.rules import DossierConflict
    from portal.accounts.models import User

    item = ComplementItem.objects.select_related("request__dossier").get(request__dossier=argument["dossier"])
    try:
        answer_item(
            item=item,
            actor=User.objects.get(pk=argument["who"]),
            version=argument["version"],
            value=argument["value"],
            key=argument["value"],
        )
    except DossierConflict as conflict:
        return conflict.message
    return "done"


def exchange_state(_: Any) -> dict[str, Any]:
    """What is there afterwards, and whether the log holds."""
    from dossiers.journal import faults
    from dossiers.models import Dossier, DossierEvent, Message, Reminder
    from portal.notifications.models import Notice

    dossier = Dossier.objects.get()
    return {
        "version": dossier.version,
        "state": dossier.state,
        "values": dossier.values,
        "reminders": list(Reminder.objects.order_by("pk").values_list("kind", flat=True)),
        "told": sorted(Notice.objects.filter(kind="dossier.overdue").values_list("recipient", flat=True)),
        "messages": Message.objects.count(),
        "events": list(DossierEvent.objects.order_by("number").values_list("kind", flat=True)),
        "faults": list(faults(dossier)),
    }
