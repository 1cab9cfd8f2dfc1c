"""The form of every page in the admin: two pages of one title in one section get two addresses."""

from __future__ import annotations

import re
from typing import Any

from anyascii import anyascii
from django import forms
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

MOST_CHARACTERS = 255


class PortalPageForm(WagtailAdminPageForm):
    """Wagtail's, with an address that was made of the title and is taken already followed by -2, -3…

    An address that a person wrote, or that of a page already published, is never changed behind their back: taken, it
    is refused, beside the field, with a free one.
    """

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        parent: Page | None = self.parent_page
        if not slug or parent is None or Page._slug_is_available(slug, parent, self.instance):
            return slug
        free = free_slug(slug, parent, self.instance)
        published = bool(self.instance.pk) and self.instance.live
        if not published and made_of(slug, self.cleaned_data.get("title") or ""):
            return free
        raise forms.ValidationError(
            f"L’adresse « {slug} » est déjà celle d’une autre page de cette rubrique. "
            f"Choisissez-en une autre, par exemple « {free} »."
        )


def made_of(slug: str, title: str) -> bool:
    """Whether ``slug`` is what the admin's script makes of ``title``: its letters and digits, whatever the accents."""

    def bare(text: Any) -> str:
        return re.sub(r"[^a-z0-9]", "", anyascii(text).lower())

    return bare(slug) == bare(title)


def free_slug(slug: str, parent: Page, page: Page) -> str:
    """``slug``, or the first free of ``slug-2``, ``slug-3``… beneath ``parent``. One query."""
    base = slug[: MOST_CHARACTERS - 5]
    siblings = parent.get_children().filter(slug__startswith=base)
    taken = set((siblings.not_page(page) if page.pk else siblings).order_by().values_list("slug", flat=True))
    if slug not in taken:
        return slug
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
