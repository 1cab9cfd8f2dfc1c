"""Queries of the public surfaces, as literals: the same for one item and for three.

The page asked for is not in the page cache; what is kept in memory (site, menu, vocabulary) is.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import AgendaStamp

from .factories import a_date, day_in, make_event

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"


@pytest.fixture(autouse=True)
def page_cache(settings):
    settings.PAGE_CACHE_SECONDS = 600


def cold_queries(client, address: str) -> list[str]:
    """The statements of an answer that is not cached, once the same page under another address was."""
    client.get(f"{address}{'&' if '?' in address else '?'}vu=1")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    assert response.get("X-Cache") is None
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("", 4),
        ("mois/", 5),
        ("rss/", 4),
        ("atom/", 4),
        ("calendrier.ics", 5),
        ("agenda.json", 6),
        ("agenda.csv", 6),
        ("?periode=passes&format=rencontre", 4),
    ],
)
def test_queries_of_the_agenda(client, landes_space, path, queries, count):
    for _ in range(count):
        make_event(landes_space, a_date(day_in(0)), a_date(day_in(-20)))
    statements = cold_queries(client, LANDES + path)
    assert len(statements) == queries, statements
    assert len(set(statements)) == queries


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_an_event(client, landes_space, count):
    make_event(landes_space)
    event = make_event(landes_space, *(a_date(day_in(day)) for day in range(count)))
    statements = cold_queries(client, event.url)
    assert len(statements) == 5, statements


def test_a_warm_agenda_asks_nothing(client, landes_space, django_assert_num_queries):
    make_event(landes_space)
    client.get(LANDES)
    with django_assert_num_queries(0):
        client.get(LANDES)


@pytest.mark.parametrize(
    ("path", "more"), [("calendrier.ics", 0), ("agenda.json", 0), ("agenda.csv", 0), ("rss/", 2), ("atom/", 2)]
)
def test_an_unchanged_feed_is_told_before_any_event_is_read(client, landes_space, path, more):
    make_event(landes_space)
    # What changed this very second is not dated yet.
    AgendaStamp.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    address = f"{LANDES}{path}?format=rencontre"
    first = client.get(address)
    for headers, most in [
        ({"If-None-Match": first["ETag"]}, 1 + more),
        ({"If-None-Match": f'"x", W/{first["ETag"]}'}, 1 + more),
        ({"If-Modified-Since": first["Last-Modified"]}, 3 if more else 2),
        ({"If-None-Match": "*"}, 3 if more else 2),
    ]:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, headers=headers)
        assert response.status_code == 304, headers
        assert response.content == b""
        assert len(captured) == most, [query["sql"] for query in captured]
        assert not any("occurrence" in query["sql"] for query in captured)
