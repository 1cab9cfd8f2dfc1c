"""Which imports a person may see: those of the lists they manage."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from .. import access
from ..models import MailingList
from .enums import Outcome
from .models import ImportedRow, SubscriberImport

#: Rows that a person may want to mend, or to know of.
SET_ASIDE = [outcome for outcome in Outcome.values if outcome not in (Outcome.NEW, Outcome.UPDATED)]


def visible_imports(user: Any) -> QuerySet[SubscriberImport]:
    found = SubscriberImport.objects.filter(list__territory__in=access.managed_territories(user))
    return found.select_related("list__territory", "owner", "started_by", "undone_by")


def open_lists(user: Any) -> QuerySet[MailingList]:
    """The lists that ``user`` may import into."""
    managed = MailingList.objects.current().filter(territory__in=access.managed_territories(user))
    return managed.select_related("territory").order_by("territory__name", "name", "pk")


def rows_of(item: SubscriberImport, outcome: str = "") -> QuerySet[ImportedRow]:
    found = ImportedRow.objects.filter(batch=item)
    if outcome == "role":
        return found.filter(role=True).order_by("line")
    return (found.filter(outcome=outcome) if outcome else found).order_by("line")
