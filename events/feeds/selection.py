"""The set of an agenda under the filters of an address, for programs, which read no notice."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from ..filters import AgendaForm
from ..models import AgendaPage


def selection(agenda: AgendaPage, request: HttpRequest) -> tuple[AgendaForm, QuerySet[Any]]:
    """The form of the request and the dates of the list's set, every page of it.

    The list leaves out a filter that means nothing, and says so. Nobody reads that in a calendar, which would fill with
    the whole agenda the day a theme is renamed: a feed with a filter that means nothing is empty.
    """
    form: Any = agenda.get_form(request)
    return form, agenda.filtered_items(form) if is_understood(form) else agenda.get_items().none()


def is_understood(form: AgendaForm) -> bool:
    """Whether every filter in force means something: one value that does, of those given, is enough."""
    if form.errors:
        return False
    unknown = (name for name, field in form.fields.items() if getattr(field, "unknown", []))
    return all(name in form.active for name in unknown)
