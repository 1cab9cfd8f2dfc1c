"""What the screens of a dossier include, on each side: one dict a panel, given to its template as ``panel``::

    context["thread"] = thread_panel(dossier, user, rights, side=Side.ORGANISATION)
    {% include "dossiers/exchange/_thread.html" with panel=thread %}

``side`` says whose screen it is, for who is of both sides; without it the first that they are of. A constant number of
queries each. Forms post to the addresses of this part, and come back to the screen of their side.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.models import User
from portal.files.selectors import served_states

from ..access import Rights
from ..enums import OPEN, OpinionState, Side, State
from ..models import Dossier, Message, Opinion, ReadMark
from . import opinions
from .deadlines import local_day
from .forms import AskForm, KeyedForm, MessageForm, NoteForm
from .messages import WITHDRAWAL, notes, thread
from .request_panels import requests_panel

__all__ = ["notes_panel", "opinion_line", "opinions_panel", "requests_panel", "thread_panel"]

#: Where a form of a panel comes back to: the dossier's own screen.
TO_DOSSIER = "dossier"
#: Messages shown on the dossier's screen, and on the thread's own: the last ones.
SHOWN, MOST_SHOWN = 20, 500
#: How long an avis is proposed to take.
ASKED_FOR = timedelta(days=14)


def thread_panel(
    dossier: Dossier,
    user: User,
    rights: Rights,
    side: Side | str | None = None,
    form: KeyedForm | None = None,
    back: str = TO_DOSSIER,
) -> dict[str, Any]:
    """The messages with the other side, how many are new, and the form to answer. On instruction's side the notes are
    a panel of their own beneath (``notes``)."""
    side = Side(side or rights.side)
    writes = rights.instructs if side == Side.INSTRUCTION else rights.comments
    opened = dossier.state != State.DRAFT
    panel = _conversation(dossier, user, thread(dossier), "messages_at", back) | {
        "side": side.value,
        "opened": opened,
        "form": (form or MessageForm(actor=user, name="message", back=back)) if writes and opened else None,
        "url": "dossiers:desk-thread" if side == Side.INSTRUCTION else "dossiers:thread",
        "read_url": "dossiers:desk-thread-read" if side == Side.INSTRUCTION else "dossiers:thread-read",
        "back": back,
    }
    if side == Side.INSTRUCTION and rights.instructs:
        panel["notes"] = notes_panel(dossier, user, rights, back=back)
    return panel


def notes_panel(
    dossier: Dossier, user: User, rights: Rights, form: KeyedForm | None = None, back: str = TO_DOSSIER
) -> dict[str, Any]:
    """The notes of instruction, for who instructs. Nothing of it is ever made for another side."""
    assert rights.instructs
    return _conversation(dossier, user, notes(dossier), "notes_at", back) | {
        "side": Side.INSTRUCTION.value,
        "opened": True,
        "form": form or NoteForm(actor=user, name="note", back=back),
        "url": "dossiers:desk-notes",
        "read_url": "dossiers:desk-notes-read",
        "back": back,
    }


def _conversation(dossier: Dossier, user: User, every: QuerySet[Message], column: str, back: str) -> dict[str, Any]:
    """The last messages as they are shown, and what the person has not read of them. Five queries at most."""
    most = SHOWN if back == TO_DOSSIER else MOST_SHOWN
    messages = list(every.reverse()[: most + 1])
    more, messages = len(messages) > most, messages[:most][::-1]
    read_at: datetime | None = (
        ReadMark.objects.filter(dossier=dossier, user=user).values_list(column, flat=True).first()
    )
    now, served = timezone.now(), served_states()
    lines = []
    for each in messages:
        mine = each.author_id == user.pk
        lines.append(
            {
                "message": each,
                "mine": mine,
                "new": not mine and each.withdrawn_at is None and (read_at is None or each.at > read_at),
                "withdrawable": mine and each.withdrawn_at is None and now <= each.at + WITHDRAWAL,
                "files": [
                    {"file": one.file, "served": mine or one.file.scan_state in served}
                    for one in each.attachments.all()
                ],
            }
        )
    return {
        "dossier": dossier,
        "lines": lines,
        "more": more,
        "unread": sum(line["new"] for line in lines),
        "until": messages[-1].at.isoformat() if messages else "",
    }


def opinions_panel(
    dossier: Dossier,
    user: User,
    rights: Rights,
    side: Side | str | None = None,
    form: KeyedForm | None = None,
    back: str = TO_DOSSIER,
) -> dict[str, Any]:
    """The avis on a dossier that the person reads, and for who instructs the form to ask for another. Nothing on the
    organisation's side."""
    side = Side(side or rights.side)
    found = list(opinions.shown_to(user, dossier, rights)) if side != Side.ORGANISATION else []
    asks = side == Side.INSTRUCTION and rights.instructs and dossier.state in OPEN
    return {
        "dossier": dossier,
        "side": side.value,
        "opinions": [opinion_line(each, dossier, user, asks) for each in found],
        "waiting": sum(each.state == OpinionState.ASKED for each in found),
        "form": (form or _ask_form(dossier, user, back)) if asks else None,
        "back": back,
    }


def _ask_form(dossier: Dossier, user: User, back: str) -> AskForm:
    initial = {"due_on": local_day(dossier.territory) + ASKED_FOR}
    return AskForm(actor=user, name="opinion", back=back, initial=initial)


def opinion_line(opinion: Opinion, dossier: Dossier, user: User, asks: bool = False) -> dict[str, Any]:
    served = served_states()
    waiting = opinion.state == OpinionState.ASKED
    return {
        "opinion": opinion,
        "name": str(opinion.advisor) if opinion.advisor else opinion.email,
        "waiting": waiting,
        "given": opinion.state == OpinionState.GIVEN,
        "late": waiting and dossier.state in OPEN and opinion.due_at < timezone.now(),
        "manageable": asks and waiting,
        "files": [
            {"file": one.file, "served": opinion.advisor_id == user.pk or one.file.scan_state in served}
            for one in opinion.attachments.all()
        ],
    }
