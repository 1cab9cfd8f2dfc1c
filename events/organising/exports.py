"""The registered as a file: CSV, XLSX or ODS, with the answers as columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log

from portal.core.spreadsheets import table

from ..models import Occurrence, Registration, RegistrationQuestion

HEADS = (
    "Date",
    "Nom",
    "Adresse e-mail",
    "Structure",
    "Participation",
    "État",
    "Inscription le",
    "Présence",
    "Besoin particulier",
)
_CHUNK = 1000


@transaction.atomic
def export_registrations(*, occurrence: Occurrence, actor: Any, kind: str) -> bytes:
    """The file of those registered to a date, all states; ``kind`` is one of ``spreadsheets.TYPES``. Logged.

    Who was erased since has a line without name nor address. Rows are read in chunks.
    """
    questions = list(occurrence.page.questions.all())
    content = table(kind, [*HEADS, *(question.label for question in questions)], _rows(occurrence, questions))
    log(
        instance=occurrence.page,
        action="events.export",
        user=actor,
        data={"occurrence": str(occurrence.uid), "format": kind},
    )
    return content


def _rows(occurrence: Occurrence, questions: list[RegistrationQuestion]) -> Iterator[list[Any]]:
    zone = ZoneInfo(occurrence.time_zone)
    found = Registration.objects.filter(occurrence=occurrence).order_by("number", "pk")
    for one in found.iterator(_CHUNK):
        yield [
            occurrence.when,
            one.name,
            one.email,
            one.organisation,
            one.get_attending_display(),
            one.get_state_display(),
            f"{one.created_at.astimezone(zone):%d/%m/%Y %H:%M}",
            "" if one.attended is None else "présent" if one.attended else "absent",
            one.needs,
            *(_said(one.answers.get(str(question.key))) for question in questions),
        ]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "oui" if value is True else str(value or "")


def filename(occurrence: Occurrence, what: str, extension: str) -> str:
    return f"{what}-{slugify(occurrence.shown_title)[:60]}-{occurrence.start_date:%Y-%m-%d}.{extension}"
