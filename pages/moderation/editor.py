"""What Wagtail's page editor says of a review: why one may not approve, and that one's changes are kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.models import Page

from .keeping import address_of, item_of_unlocked

KEPT = (
    "Vos changements sont enregistrés, mais vous êtes désormais la dernière personne à avoir modifié cette page : "
    "une autre doit l’approuver."
)


def after_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """For ``after_edit_page``: an approval left to somebody else by ``SpaceReviewTask.on_action``."""
    user: Any = request.user
    if getattr(user, "review_left", None) != page.pk:
        return None
    item = item_of_unlocked(page)
    messages.warning(request, KEPT)
    return redirect(address_of(item) if item else reverse("wagtailadmin_pages:edit", args=[page.pk]))


def hide_refused(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """For ``construct_page_action_menu``: the review of a contribution is decided, not cancelled or begun again."""
    page = context.get("page")
    item = item_of_unlocked(page) if page is not None and page.pk else None
    if item is not None and item.proposal_id:
        hidden = ("action-cancel-workflow", "action-restart-workflow")
        menu_items[:] = [each for each in menu_items if each.name not in hidden]
