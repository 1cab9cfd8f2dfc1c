"""The count of the header."""

from __future__ import annotations

from django import template
from django.template import Context

from ..selectors import MOST_COUNTED, unread_count

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> str:
    """« 3 », « 99+ », or "" where everything is read. One query, for who is signed in; none for a visitor."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    count = unread_count(user)
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
