"""iCalendar (RFC 5545, RFC 7986): VEVENTs, calendars, the time zones of France."""

from .calendars import calendar_bytes
from .vevents import Rendered, render

__all__ = ["Rendered", "calendar_bytes", "render"]
