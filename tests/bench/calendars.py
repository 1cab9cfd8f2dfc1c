"""The feed of five thousand events: cold, compressed, as JSON, unchanged. To reach: < 1 s; < 10 ms and ≤ 2 queries."""

from __future__ import annotations

import random
import statistics
import time
import uuid
from datetime import time as wall
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from events.models import AgendaStamp, EventDate, EventPage
from events.services import publish_occurrences

from .measure import Queries

EVENTS, PAGES = 5_000, 10
#: Which the bench's own events are not: the feed has the five thousand and nothing else.
FORMAT = "nec_national"
ROUNDS = 7


def seed(rng: random.Random) -> None:
    """Five thousand dates to come, of ten events of the bench, as publication renders them."""
    today = timezone.localdate()
    pages = list(EventPage.objects.filter(live=True, fact__visible=True).order_by("pk")[:PAGES])
    EventPage.objects.filter(pk__in=[page.pk for page in pages]).update(format=FORMAT)
    each = EVENTS // len(pages)
    for page in EventPage.objects.filter(format=FORMAT).order_by("pk"):
        EventDate.objects.filter(page=page).delete()
        EventDate.objects.bulk_create(
            EventDate(
                page=page,
                key=uuid.UUID(int=rng.getrandbits(128), version=4),
                start_date=today + timedelta(days=1 + number // 2),
                start_time=wall(9 + 5 * (number % 2)),
                end_time=wall(12 + 5 * (number % 2)),
            )
            for number in range(each)
        )
        publish_occurrences(page=page)


def calendars(rng: random.Random) -> list[dict[str, Any]]:
    """Milliseconds, queries and bytes of each way to read the feed; asserts that it is whole, the same each time."""
    seed(rng)
    # What changed this very second is not dated yet.
    AgendaStamp.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    address = f"/agenda/calendrier.ics?format={FORMAT}"
    first = Client().get(address)
    count = first.content.count(b"BEGIN:VEVENT")
    assert count >= EVENTS - PAGES, count
    assert Client().get(address).content == first.content
    again = {"If-None-Match": first["ETag"]}
    rows = [
        _row("feed cold", address, {}, 200),
        _row("feed cold, gzip", address, {"Accept-Encoding": "gzip"}, 200),
        _row("feed 304", address, again, 304),
        _row("feed 304 by date", address, {"If-Modified-Since": first["Last-Modified"]}, 304),
        _row("JSON cold", address.replace("calendrier.ics", "agenda.json"), {}, 200),
    ]
    return [{"events": count} | row for row in rows]


def _row(name: str, address: str, headers: dict[str, str], status: int) -> dict[str, Any]:
    client, times = Client(headers=headers), []
    response = client.get(address)
    queries = Queries()
    with connection.execute_wrapper(queries):
        client.get(address)
    for _ in range(ROUNDS):
        start = time.perf_counter()
        response = client.get(address)
        times.append((time.perf_counter() - start) * 1000)
        assert response.status_code == status, f"{name}: {response.status_code}"
    return {
        "name": name,
        "queries": queries.total,
        "p50": round(statistics.median(times), 1),
        "worst": round(max(times), 1),
        "bytes": len(response.content),
    }
