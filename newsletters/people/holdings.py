"""Everything the letters hold about one person, in plain values under French labels."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from ..models import Click, ConsentEvent, Delivery, Subscriber, Subscription

MOST_COPIES = 5000


def record_of(one: Subscriber) -> dict[str, Any]:
    """What they may have of it: who they are to us, subscriptions, consents, letters sent, links followed (those noted
    with their consent). Seven queries."""
    held = Subscription.objects.filter(subscriber=one).select_related("list__territory").order_by("pk")
    consents = ConsentEvent.objects.filter(subscriber=one).select_related("list").order_by("pk")
    copies = Delivery.objects.filter(subscriber=one).select_related("campaign", "list").order_by("pk")[:MOST_COPIES]
    clicks = Click.objects.filter(delivery__subscriber=one).select_related("link").order_by("pk")[:MOST_COPIES]
    return {
        "adresse": str(one),
        "nom": one.name,
        "organisation": one.organisation,
        "type d’organisation": one.get_organisation_kind_display(),
        "territoire": str(one.territory or ""),
        "rôles": [str(audience) for audience in one.audiences.all()],
        "connu depuis": one.created_at,
        "dernier contact": one.last_contact_at,
        "en pause jusqu’au": one.paused_until,
        "mesure acceptée": one.tracking,
        "ne répond plus depuis": one.unreachable_at,
        "abonnements": [f"{row.list.name} ({row.list.territory}) : {row.get_state_display()}" for row in held],
        "consentements": [
            " · ".join(
                filter(
                    None,
                    (
                        _moment(event.at),
                        str(event.list or event.get_purpose_display()),
                        event.get_action_display(),
                        event.get_source_display(),
                        event.text_version,
                        event.evidence,
                    ),
                )
            )
            for event in consents
        ],
        "lettres envoyées": [
            f"{_moment(copy.sent_at or copy.due_at)} · {copy.campaign} · {copy.list} · {copy.address} · "
            f"{copy.get_state_display()}"
            for copy in copies
        ],
        "ouvertures": [f"{_moment(copy.opened_at)} · {copy.campaign}" for copy in copies if copy.opened_at],
        "liens suivis": [f"{_moment(click.at)} · {click.link.url}" for click in clicks],
    }


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}"


def in_words(value: Any) -> list[str]:
    """A value of :func:`record_of` as lines to read; none where there is nothing."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["oui" if value else "non"]
    if isinstance(value, datetime):
        return [date_format(timezone.localtime(value), "j F Y à H:i")]
    if isinstance(value, date):
        return [date_format(value, "j F Y")]
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
