"""Small makers of imports and of their files."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook

from newsletters.imports import services
from newsletters.imports.models import SubscriberImport
from newsletters.imports.work import carry_out
from newsletters.models import MailingList
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.territories.models import Space
from tests.factories import make_member

EVIDENCE = "Feuille d’émargement de la rencontre du 12 mars, classée au hub."


def sender(space: Space) -> User:
    return make_member(Role.SENDER, space.territory)


def list_of(space: Space) -> MailingList:
    return MailingList.objects.get(territory=space.territory, is_default=True)


def csv_of(*lines: str, head: str = "E-mail;Nom;Structure") -> bytes:
    return "\n".join([head, *lines]).encode() + b"\n"


def xlsx_of(rows: Iterable[Iterable[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def prepared(actor: User, mailing_list: MailingList, data: bytes, name: str = "adresses.csv") -> SubscriberImport:
    return services.prepare(
        actor=actor, mailing_list=mailing_list, upload=ContentFile(data, name), basis="event", evidence=EVIDENCE
    )


def checked(actor: User, mailing_list: MailingList, data: bytes, **settings: Any) -> SubscriberImport:
    """Prepared, its columns as they were guessed, and tried."""
    item = prepared(actor, mailing_list, data, settings.pop("name", "adresses.csv"))
    settings = {"mapping": item.mapping, "has_header": item.has_header} | settings
    services.set_columns(actor=actor, item=item, **settings)
    assert carry_out(item.pk)
    item.refresh_from_db()
    return item


def imported(actor: User, mailing_list: MailingList, data: bytes, **settings: Any) -> SubscriberImport:
    item = checked(actor, mailing_list, data, **settings)
    services.confirm(actor=actor, item=item)
    assert carry_out(item.pk)
    item.refresh_from_db()
    return item


def undone(actor: User, item: SubscriberImport) -> SubscriberImport:
    services.undo(actor=actor, item=item)
    assert carry_out(item.pk)
    item.refresh_from_db()
    return item


def outcomes(item: SubscriberImport) -> dict[int, str]:
    """{line: outcome}."""
    return dict(item.rows.order_by("line").values_list("line", "outcome"))
