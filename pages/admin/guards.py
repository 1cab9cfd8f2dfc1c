"""The frame of the site is not moved, deleted, unpublished or copied page by page: spaces are opened and closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from wagtail.admin import messages
from wagtail.models import Page

from portal.core.sections import registered_sections
from portal.territories.models import Space

REFUSED = (
    "« {} » fait partie de la structure d'un espace : cette page ne se déplace pas, ne se copie pas et ne se "
    "supprime pas. L'administration nationale ouvre et ferme les espaces."
)
BULK = ("delete", "move", "unpublish")
_QUESTIONS = tuple(f"wagtailadmin_pages:{name}" for name in ("move", "unpublish", "delete"))
MOST_PAGES = 1000


def structural(pages: Iterable[Page]) -> Page | None:
    """The first of ``pages`` which is the root of a space or one of its sections. Two queries at most."""
    pages = list(pages)
    roots = set(Space.objects.filter(page__in=[page.pk for page in pages]).values_list("page_id", flat=True))
    sections = {section.model.lower(): section.slug for section in registered_sections()}
    for page in pages:
        if page.pk in roots:
            return page
        slug = sections.get(page.specific_class._meta.label_lower if page.specific_class else "")
        if slug == page.slug:
            parent = page.get_parent()
            if parent and Space.objects.filter(page_id=parent.pk).exists():
                return page
    return None


def refuse_structural(request: HttpRequest, page: Page, *args: Any) -> HttpResponse | None:
    """For ``before_delete_page``, ``before_move_page``, ``before_unpublish_page`` and ``before_copy_page``."""
    if structural([page]) is None:
        return None
    messages.error(request, REFUSED.format(page.get_admin_display_title()))
    return redirect("wagtailadmin_explore", page.pk)


def refuse_structural_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """For ``before_bulk_action``."""
    pages = [item for item in objects if isinstance(item, Page)]
    if action_type not in BULK or (found := structural(pages)) is None:
        return None
    messages.error(request, REFUSED.format(found.get_admin_display_title()))
    parent = found.get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else found.pk)


def refuse_structural_before_asking(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    """Before the screens that ask « where to? » or « are you sure? »: Wagtail's hooks refuse only once one answered."""
    user: Any = request.user
    if not user.has_perm("wagtailadmin.access_admin"):
        return None
    if match.view_name in _QUESTIONS:
        page = Page.objects.filter(pk=match.kwargs.get("page_id", match.kwargs.get("page_to_move_id"))).first()
        return refuse_structural(request, page) if page else None
    if match.url_name == "wagtail_bulk_action" and match.kwargs.get("model_name") == "page":
        ids = [each for each in request.GET.getlist("id") if each.isascii() and each.isdigit() and len(each) < 18]
        pages = Page.objects.filter(pk__in=ids[:MOST_PAGES]).order_by("pk")
        return refuse_structural_in_bulk(request, match.kwargs.get("action", ""), pages, None)
    return None
