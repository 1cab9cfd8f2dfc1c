"""Scripts of ours in Wagtail's editors."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def editor_scripts() -> SafeString:
    """For ``insert_editor_js``: copying blocks from a page to another."""
    return format_html_join("", '<script src="{}"></script>', [(static("portal/admin/blocks.js"),)])
