"""« Journal d’audit » in the admin, for the national administration alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.html import strip_tags
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_actions

from portal.core.listing.paging import page_of
from portal.core.spreadsheets import csv_lines

from ..abilities import person_of
from ..guards import AbilityMenuItem, needs
from ..rules import Ability
from ..stepup import step_up_required
from .forms import AuditForm
from .selectors import MOST, PER_PAGE, Entries, Entry

#: Lines of one export; a longer period is asked for in several.
MOST_EXPORTED = 50_000
COLUMNS = ("Date", "Personne", "Adresse e-mail", "Action", "Détail", "Type d’objet", "Objet")


auditors_only = needs(Ability.VIEW_AUDIT)


@never_cache
@auditors_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The lines, fifty a page. A bad filter is said beside its field, and shows nothing."""
    form = AuditForm(request.GET)
    items = page_of(request, Entries(form.cleaned_data) if form.is_valid() else [], PER_PAGE)
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "items": items,
        "lines": [described(entry) for entry in items],
        "capped": items.paginator.count >= MOST,
        "filter_query": asked.urlencode(),
        "filters": [(name, value) for name, value in asked.items() if name in form.fields],
        "page_title": "Journal d’audit",
        "header_icon": "history",
    }
    return render(request, "accounts/audit/log.html", context, status=200 if form.is_valid() else 422)


@never_cache
@auditors_only
@require_POST
@step_up_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The lines of the same filters as CSV; the export is itself a line of the log."""
    form = AuditForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Rien n’est exporté : les filtres ne sont pas valides.")
        return redirect("audit_log")
    person = person_of(request)
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
    log(instance=person, action="accounts.audit.export", user=person, data={"filters": asked})
    name = f"journal-audit-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines(_rows(Entries(form.cleaned_data))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(entries: Entries) -> Iterator[tuple[str, ...]]:
    yield COLUMNS
    for entry in entries.newest(MOST_EXPORTED):
        line = described(entry)
        yield tuple(line[name] for name in ("at", "person", "email", "action", "detail", "kind", "thing"))


def described(entry: Entry) -> dict[str, str]:
    """A line as people read it, in plain text. No query beyond what was selected with it."""
    user = entry.user if entry.user_id else None
    return {
        "at": timezone.localtime(entry.timestamp).strftime("%d/%m/%Y %H:%M:%S"),
        "person": str(entry.user_display_name) if entry.user_id else "Le portail",
        "email": user.email if user is not None else "",
        "action": force_str(log_actions.get_action_label(entry.action)),
        "detail": _detail(entry),
        "kind": str(entry.object_verbose_name) if entry.content_type_id else "",
        "thing": entry.label,
    }


def _detail(entry: Entry) -> str:
    """What the action's own formatter says; a line of a former release may lack what it needs."""
    try:
        return strip_tags(force_str(entry.message))
    except (KeyError, TypeError, ValueError):
        return ""


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [path("journal/", index, name="audit_log"), path("journal/export/", export, name="audit_log_export")]


def menu_item() -> MenuItem:
    return AbilityMenuItem(
        "Journal d’audit",
        reverse("audit_log"),
        name="journal-audit",
        icon_name="history",
        order=50,
        ability=Ability.VIEW_AUDIT,
    )
