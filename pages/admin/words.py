"""Words of Wagtail's screens that no catalogue translates: labels that Django makes from the names of fields."""

from __future__ import annotations

from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm


def speak_french() -> None:
    """Called once, when the hooks are read; the rest is in ``templates/locale`` (docs/editing.md)."""
    DefaultPageForm.base_fields["include_descendants"].label = "Avec leurs sous-pages"
