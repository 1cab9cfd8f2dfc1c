"""What the events of a dossier's log tell to whom: a listener that writes notices in the event's own transaction.

One event, one mail a person: whoever is of both sides, or a member and a guest, is told once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from portal.accounts.models import User
from portal.core.templatetags.portal_tags import fr_date
from portal.notifications.services import notify

from ..enums import DecisionState, EventKind, InvitationRight, Side
from ..models import ComplementRequest, Decision, Dossier, DossierEvent, DossierInvitation, Message, Opinion
from . import recipients
from .deadlines import grace_day, zone_name


class Telling:
    """One event being told: nobody twice, its author never (but for the acknowledgement of a deposit)."""

    def __init__(self, event: DossierEvent) -> None:
        self.event, self.dossier, self.data = event, event.dossier, event.data
        self.told: set[int] = set()

    def tell(
        self,
        kind: str,
        people: Iterable[User],
        *,
        side: Side = Side.ORGANISATION,
        to_actor: bool = False,
        added: str = "",
        anchor: str = "",
        url: str = "",
        **context: Any,
    ) -> None:
        """Tell ``people`` who were not told yet. ``added``: key of the type's own text."""
        chosen = [each for each in people if each.pk not in self.told]
        if not to_actor:
            chosen = [each for each in chosen if each.pk != self.event.actor_id]
        self.told |= {each.pk for each in chosen}
        if not chosen:
            return
        values = _context(self.dossier, added) | {"actor": self.event.actor_label} | context
        where = url or dossier_url(self.dossier, side) + anchor
        notify(kind, recipients=chosen, event=f"dossier:{self.event.pk}", url=where, context=values)

    def organisation(self, kind: str, *rights: InvitationRight, **given: Any) -> None:
        """Tell who deposits for the organisation, and the guests with one of ``rights`` (any)."""
        self.tell(kind, [*recipients.depositors(self.dossier), *recipients.guests(self.dossier, *rights)], **given)

    def instruction(self, kind: str, people: Iterable[User] | None = None, **given: Any) -> None:
        """Tell who is in charge, or ``people`` of instruction."""
        chosen = recipients.instructors(self.dossier) if people is None else people
        self.tell(kind, chosen, side=Side.INSTRUCTION, **given)


def dossier_url(dossier: Dossier, side: Side | str) -> str:
    """The dossier's screen of ``side``; an advisor's is that of the avis (:func:`opinion_url`)."""
    name = "instruction:detail" if side == Side.INSTRUCTION else "dossiers:detail"
    try:
        return reverse(name, args=[dossier.pk])
    except NoReverseMatch:
        return ""


def opinion_url(opinion_id: uuid.UUID | str) -> str:
    return reverse("dossiers:opinion", args=[opinion_id])


def on_event(event: DossierEvent) -> None:
    """The listener of :func:`dossiers.journal.register_listener`. Side effects: notices; mails after the commit."""
    handler = HANDLERS.get(EventKind(event.kind))
    if handler is not None:
        handler(Telling(event))


def _deposited(telling: Telling) -> None:
    telling.organisation("dossier.received", to_actor=True, added="received")
    telling.instruction("instruction.deposited")


def _taken(telling: Telling) -> None:
    telling.organisation("dossier.taken", added="taken")
    _assigned(telling)


def _assigned(telling: Telling) -> None:
    if telling.dossier.assignee is not None:
        telling.instruction("instruction.assigned", recipients.present([telling.dossier.assignee], telling.dossier))


def _requested(telling: Telling) -> None:
    request = ComplementRequest.objects.filter(dossier=telling.dossier).order_by("-number").first()
    if request is not None:
        telling.organisation(
            "dossier.requested", InvitationRight.EDIT, added="requested", anchor="#complements", **of_request(request)
        )


def _answered(telling: Telling) -> None:
    telling.organisation("dossier.sent", InvitationRight.EDIT)
    telling.instruction("instruction.completed", anchor="#complements")


def _expired(telling: Telling) -> None:
    telling.organisation("dossier.expired", InvitationRight.EDIT)
    telling.instruction("instruction.lapsed")
    _no_longer_asked(telling)


def _decided(telling: Telling) -> None:
    telling.organisation("dossier.decided", added="decided")
    proposer = Decision.objects.filter(dossier=telling.dossier, state=DecisionState.FINAL).select_related("proposed_by")
    wrote = [each.proposed_by for each in proposer if each.proposed_by is not None]
    telling.instruction("instruction.decided", [*recipients.instructors(telling.dossier), *wrote])
    _no_longer_asked(telling)


def _reopened(telling: Telling) -> None:
    telling.organisation("dossier.reopened", added="reopened")
    telling.instruction("instruction.reopened")


def _withdrawn(telling: Telling) -> None:
    telling.organisation("dossier.withdrawn")
    telling.instruction("instruction.withdrawn")
    _no_longer_asked(telling)


def _no_longer_asked(telling: Telling) -> None:
    """What was asked of advisors ended with the dossier."""
    if telling.dossier.closed_at is None:
        return
    ended = Opinion.objects.filter(dossier=telling.dossier, revoked_at=telling.dossier.closed_at)
    people = [each.advisor for each in ended.select_related("advisor") if each.advisor is not None]
    telling.tell("opinion.revoked", people, url=reverse("dossiers:my-opinions"))


def _rerouted(telling: Telling) -> None:
    telling.instruction("instruction.routed", recipients.present(recipients.service(telling.dossier), telling.dossier))
    telling.organisation("dossier.rerouted", service=str(telling.dossier.routed_to))


def _proposed(telling: Telling) -> None:
    if telling.dossier.type.second_person:
        telling.instruction(
            "instruction.proposed", recipients.present(recipients.service(telling.dossier), telling.dossier)
        )


def _sent_back(telling: Telling) -> None:
    sent_back = Decision.objects.filter(dossier=telling.dossier, state=DecisionState.SENT_BACK)
    last = sent_back.select_related("proposed_by").order_by("-proposed_at", "-pk").first()
    wrote = [last.proposed_by] if last is not None and last.proposed_by is not None else []
    telling.instruction("instruction.sent_back", recipients.present(wrote, telling.dossier))


def _joined(telling: Telling) -> None:
    made = DossierInvitation.objects.filter(pk=telling.data.get("invitation")).select_related("invited_by").first()
    if made is not None:
        telling.tell("dossier.joined", [made.invited_by])


def _written(telling: Telling) -> None:
    given = {"anchor": "#messages", "message": telling.data.get("message", "")}
    if telling.event.side == Side.ORGANISATION:
        telling.instruction("instruction.message", **given)
    else:
        telling.organisation("dossier.message", **given)


def _noted(telling: Telling) -> None:
    if telling.data.get("withdrawn"):
        return
    others = Message.objects.filter(dossier=telling.dossier, internal=True).select_related("author")
    wrote = {each.author_id: each.author for each in others.order_by("at", "pk")}
    in_charge = recipients.instructors(telling.dossier)
    telling.instruction(
        "instruction.note",
        [*in_charge, *recipients.present(wrote.values(), telling.dossier)],
        anchor="#notes",
        message=telling.data.get("message", ""),
    )


def _opinion(kind: str) -> Callable[[Telling], None]:
    def handler(telling: Telling) -> None:
        opinion = Opinion.objects.select_related("advisor").filter(pk=telling.data.get("opinion")).first()
        if opinion is None:
            return
        if kind == "instruction.opinion":
            asker = recipients.present([opinion.asked_by], telling.dossier)
            telling.instruction(kind, [*recipients.instructors(telling.dossier), *asker], anchor="#avis")
        elif opinion.advisor is not None:
            url = opinion_url(opinion.pk) if kind == "opinion.asked" else reverse("dossiers:my-opinions")
            telling.tell(kind, [opinion.advisor], url=url, **of_opinion(opinion))

    return handler


def tell_reminder(request: ComplementRequest, kind: str) -> None:
    """Remind the organisation of an open request: ``kind`` « J-7 », « J-2 » or « J+1 ». Twice, it is told once."""
    dossier = request.dossier
    people = [*recipients.depositors(dossier), *recipients.guests(dossier, InvitationRight.EDIT)]
    notify(
        "dossier.overdue" if kind.startswith("J+") else "dossier.reminder",
        recipients=people,
        event=f"request:{request.pk}:{kind}",
        url=f"{dossier_url(dossier, Side.ORGANISATION)}#complements",
        context=_context(dossier, "reminder") | of_request(request),
    )


def tell_reminder_of_opinion(opinion: Opinion, kind: str) -> None:
    """Remind an advisor who has an account."""
    if opinion.advisor is not None:
        notify(
            "opinion.reminder",
            recipients=[opinion.advisor],
            event=f"opinion:{opinion.pk}:{kind}",
            url=opinion_url(opinion.pk),
            context=_context(opinion.dossier) | of_opinion(opinion),
        )


def of_request(request: ComplementRequest) -> dict[str, Any]:
    dossier = request.dossier
    return {
        "request": str(request.pk),
        "due": fr_date(request.due_on),
        "zone": zone_name(dossier.territory),
        "grace": fr_date(grace_day(request)),
    }


def of_opinion(opinion: Opinion) -> dict[str, Any]:
    return {"opinion": str(opinion.pk), "due": fr_date(opinion.due_on)}


def _context(dossier: Dossier, added: str = "") -> dict[str, Any]:
    texts: Mapping[str, Any] = dossier.type.mail_texts if isinstance(dossier.type.mail_texts, Mapping) else {}
    return {
        "dossier": str(dossier.pk),
        "name": f"{dossier.number} « {dossier.label} »" if dossier.number else f"« {dossier.label} »",
        "number": dossier.number or "",
        "organisation": str(dossier.organisation),
        "added": str(texts.get(added) or "") if added else "",
    }


HANDLERS: dict[EventKind, Callable[[Telling], None]] = {
    EventKind.DEPOSITED: _deposited,
    EventKind.TAKEN: _taken,
    EventKind.REQUESTED: _requested,
    EventKind.ANSWERED: _answered,
    EventKind.EXPIRED: _expired,
    EventKind.PROPOSED: _proposed,
    EventKind.SENT_BACK: _sent_back,
    EventKind.ACCEPTED: _decided,
    EventKind.REFUSED: _decided,
    EventKind.DROPPED: _decided,
    EventKind.REOPENED: _reopened,
    EventKind.WITHDRAWN: _withdrawn,
    EventKind.ASSIGNED: _assigned,
    EventKind.REASSIGNED: _rerouted,
    EventKind.JOINED: _joined,
    EventKind.MESSAGE: _written,
    EventKind.NOTE: _noted,
    EventKind.OPINION_ASKED: _opinion("opinion.asked"),
    EventKind.OPINION_GIVEN: _opinion("instruction.opinion"),
    EventKind.OPINION_REVOKED: _opinion("opinion.revoked"),
}
