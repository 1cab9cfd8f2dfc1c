"""A page to which people registered is not deleted: it is cancelled, then unpublished, and keeps its history."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page

from ..models import Registration

REFUSED = (
    "« {} » ne se supprime pas : des personnes s’y sont inscrites. Annulez d’abord ses dates à venir, ce dont elles "
    "sont prévenues, puis dépubliez la page."
)


def with_registrations(pages: Iterable[Page]) -> Page | None:
    """The first event among ``pages`` and beneath to which somebody registered. One query."""
    beneath = [Q(occurrence__page__path__startswith=page.path) for page in pages]
    if not beneath:
        return None
    found = Registration.objects.filter(reduce(or_, beneath)).select_related("occurrence__page").order_by("pk").first()
    return found.occurrence.page if found else None


def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """For ``before_delete_page``."""
    if (found := with_registrations([page])) is None:
        return None
    messages.error(request, REFUSED.format(found.get_admin_display_title()))
    return redirect("wagtailadmin_pages:edit", found.pk)


def refuse_bulk_deletion(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """For ``before_bulk_action``."""
    if action_type != "delete":
        return None
    pages = [item for item in objects if isinstance(item, Page)]
    if (found := with_registrations(pages)) is None:
        return None
    messages.error(request, REFUSED.format(found.get_admin_display_title()))
    parent = pages[0].get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else pages[0].pk)
