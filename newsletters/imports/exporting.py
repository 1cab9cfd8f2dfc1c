"""Exports of subscribers: of a list, of a segment. Read in chunks, neutral for spreadsheets, told to the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.core.spreadsheets import csv_lines, table

from ..addresses import display_address
from ..models import MailingList, Segment, Subscription
from ..segments import subscriptions_of

HEADS: Final = (
    "Adresse e-mail",
    "Nom",
    "Structure",
    "Type de structure",
    "Territoire",
    "Liste",
    "État",
    "Demandé le",
    "Confirmé le",
    "Désabonné le",
)
#: XLSX and ODS are made whole in memory; CSV goes as it is read.
MOST_IN_MEMORY: Final = 50_000
_CHUNK: Final = 2_000


class TooManyError(Exception):
    """The message is a French sentence for the person."""


def list_subscriptions(mailing_list: MailingList, states: Sequence[str]) -> QuerySet[Subscription]:
    return Subscription.objects.filter(list=mailing_list, state__in=states)


def segment_subscriptions(segment: Segment) -> QuerySet[Subscription]:
    """Those whom the segment writes to: active ones alone."""
    return subscriptions_of(segment)


def export(
    *, found: QuerySet[Subscription], source: MailingList | Segment, actor: User, kind: str, purpose: str
) -> Iterable[bytes | str]:
    """The parts of the file (``kind`` of ``spreadsheets.TYPES``). Logged first, with the purpose and how many.

    Raises :class:`TooManyError` for a workbook too large to be made in memory. The caller has checked the rights.
    """
    many = found.count()
    if kind != "csv" and many > MOST_IN_MEMORY:
        raise TooManyError(f"Au-delà de {MOST_IN_MEMORY} adresses, choisissez le format CSV.")
    log(
        instance=source,
        action="newsletters.export_subscribers",
        user=actor,
        data={"rows": many, "format": kind, "purpose": purpose},
    )
    if kind == "csv":
        return csv_lines(_with_heads(found))
    return [table(kind, HEADS, _rows(found))]


def _with_heads(found: QuerySet[Subscription]) -> Iterator[Sequence[Any]]:
    yield HEADS
    yield from _rows(found)


def _rows(found: QuerySet[Subscription]) -> Iterator[list[Any]]:
    """In the order of their keys, a chunk after the other: a reader who is slow holds no cursor open."""
    last = 0
    found = found.select_related("subscriber__territory", "list")
    while chunk := list(found.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        last = chunk[-1].pk
        for held in chunk:
            person = held.subscriber
            yield [
                display_address(person.address),
                person.name,
                person.organisation,
                person.get_organisation_kind_display(),
                str(person.territory or ""),
                held.list.name,
                held.get_state_display(),
                *(f"{at:%d/%m/%Y}" if at else "" for at in (held.created_at, held.confirmed_at, held.unsubscribed_at)),
            ]
