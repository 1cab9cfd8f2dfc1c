"""The page of an event: its series in words, what it covers, who organises, hours on the reader's clock."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation
from portal.territories.models import Territory

from .factories import a_date, a_rule, day_in, make_event


def facts(client, event) -> Tag:
    return BeautifulSoup(client.get(event.url).content, "html.parser").select_one(".events-facts")


def test_a_series_is_told_in_words_and_its_many_dates_fold(client, landes_space):
    event = make_event(landes_space, rules=[a_rule(day_in(1), count=20, frequency="weekly")])
    found = facts(client, event)
    assert "20 dates" in found.get_text()
    assert len(found.select("#quand ~ .events-dates > li")) == 6
    folded = found.select_one("details.events-gone")
    assert folded.summary.get_text() == "14 autres dates"
    assert len(folded.select("li")) == 14


def test_an_event_of_some_dates_shows_them_all(client, landes_space):
    event = make_event(landes_space, *(a_date(day_in(day)) for day in range(1, 9)))
    found = facts(client, event)
    assert len(found.select(".events-dates > li")) == 8
    assert not found.select("details")


def test_what_it_covers_and_who_organises_it(client, landes_space):
    landes = landes_space.territory
    hub = Organisation.objects.create(name="Hub des Pins", kind="hub", territory=landes)
    other = Organisation.objects.create(name="Association des Dunes", kind="association", territory=landes)
    gers = Territory.objects.get(level="departement", code="32")
    event = make_event(
        landes_space, organisation=hub, co_organisations=[other], co_organisers="Le café du port", covered=[gers]
    )
    text = " ".join(facts(client, event).get_text(" ").split())
    assert "Concerne aussi Gers (département)" in text
    assert "Organisation Hub des Pins , Le café du port" in text
    assert "Avec Association des Dunes" in text
    links = [link["href"] for link in facts(client, event).select("dl a")]
    assert [link.rpartition("?")[2] for link in links] == [f"organisateur={hub.pk}", f"organisateur={other.pk}"]
    for link in links:
        assert event.title in client.get(link).content.decode()


def test_hours_carry_what_the_readers_clock_needs_and_whole_days_do_not(client, landes_space):
    event = make_event(landes_space, a_date(day_in(5)), a_date(day_in(6), None, None), time_zone="Indian/Reunion")
    timed, whole = facts(client, event).select("time")
    assert timed["data-zone"] == "Indian/Reunion"
    assert timed["datetime"].endswith("+04:00")
    assert timed["data-end"].endswith("+04:00")
    assert "heure de La Réunion" in facts(client, event).get_text()
    assert "data-zone" not in whole.attrs
    page = client.get(event.url).content.decode()
    assert "events/zone" in page


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_page_with_everything(client, landes_space, settings, count):
    settings.PAGE_CACHE_SECONDS = 600
    landes = landes_space.territory
    many = [Organisation.objects.create(name=f"O{number}", kind="hub", territory=landes) for number in range(count)]
    event = make_event(
        landes_space, rules=[a_rule(count=3) for _ in range(count)], co_organisations=many, organisation=many[0],
        covered=Territory.objects.filter(level="departement").order_by("code")[:count], registration="internal",
    )  # fmt: skip
    client.get(f"{event.url}?vu=1")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(event.url).status_code == 200
    assert len(captured) <= 10, [query["sql"] for query in captured]
    assert len({query["sql"] for query in captured}) == len(captured)
