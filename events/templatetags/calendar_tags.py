"""What templates say of calendars."""

from django import template

from ..feeds.links import Way, ways

register = template.Library()


@register.simple_tag
def subscription_ways(address: str, name: str) -> list[Way]:
    """The ways to follow the calendar at ``address``."""
    return ways(address, name)
