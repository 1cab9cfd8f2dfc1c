"""Tags of the agenda's templates."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from ..enums import Zone
from ..models import Occurrence
from ..text import SHORT_MONTHS, day_text, hour_text, month_text

register = template.Library()
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def json_ld_block(data: dict[str, Any] | None) -> SafeString:
    """A schema.org object as a data block; nothing for None. Cannot close its own element."""
    if not data:
        return SafeString("")
    text = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False, cls=DjangoJSONEncoder)
    return mark_safe(f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>')  # noqa: S308


@register.filter
def by_month(occurrences: Iterable[Occurrence]) -> list[tuple[str, list[Occurrence]]]:
    """Groups of a list of occurrences: under its month, or under « En ce moment » what began on an earlier day."""
    today = timezone.localdate()

    def heading(occurrence: Occurrence) -> str:
        if occurrence.start_date < today <= occurrence.last_day:
            return "En ce moment"
        return month_text(occurrence.start_date).capitalize()

    return [(text, list(group)) for text, group in groupby(occurrences, heading)]


@register.filter
def short_month(day: date) -> str:
    return SHORT_MONTHS[day.month - 1]


@register.filter
def of_month(month: object) -> str:
    """« de décembre 2026 », « d’août 2026 »."""
    text = str(month)
    return f"d’{text}" if text[:1] in "ao" else f"de {text}"


@register.filter
def in_zone(moment: datetime | None, zone: str) -> str:
    """An instant on the clocks of a zone: « jeudi 3 décembre 2026 à 9 h (heure de Paris) »."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day_text(local.date())} à {hour_text(local.time())} ({Zone(zone).label})"


@register.simple_tag
def query_with(query: str, **changes: Any) -> str:
    """``query`` ("a=1&b=2") with parameters replaced (or removed, by an empty value), with its « ? »; empty if none."""
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in changes]
    pairs += [(name, str(value)) for name, value in changes.items() if value not in ("", None)]
    return f"?{urlencode(pairs)}" if pairs else ""
