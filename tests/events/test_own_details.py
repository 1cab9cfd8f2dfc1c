"""A date that has its own title, way of taking part or place: shown and filtered as it is, wherever dates are."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
from bs4 import BeautifulSoup

from events.models import EventPage
from portal.territories.models import Space

from .factories import JOIN_URL, a_date, commune, day_in, make_event, make_venue, reload

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"


@pytest.fixture
def series(landes_space: Space) -> EventPage:
    """Three dates: as the page says; online under a title of its own; in another town."""
    return make_event(
        landes_space,
        a_date(day_in(5)),
        a_date(day_in(6), title="Jeudi en ligne", mode="en_ligne", join_url=JOIN_URL),
        a_date(day_in(7), venue=make_venue(name="Tiers-lieu", commune=commune("40088")), venue_note="Salle bleue"),
        title="Les jeudis",
        venue=make_venue(name="Maison commune", address="1 place Haute"),
        registration_url="https://exemple.fr/inscription",
    )


def cards(client, address: str) -> list[tuple[str, str]]:
    """(title, text) of each card."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return [
        (card.select_one(".events-card__link").get_text(), " ".join(card.get_text(" ").split()))
        for card in page.select(".events-card")
    ]


def test_cards_show_what_is_the_dates_own(client, series):
    first, second, third = cards(client, LANDES)
    assert [first[0], second[0], third[0]] == ["Les jeudis", "Jeudi en ligne", "Les jeudis"]
    assert "Mont-de-Marsan" in first[1]
    assert "Sur place" in first[1]
    assert "En ligne" in second[1]
    assert "Mont-de-Marsan" not in second[1]
    assert "Sur place" not in second[1]
    assert "Dax" in third[1]
    assert "Mont-de-Marsan" not in third[1]


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("mode=en_ligne", [6]),
        ("mode=sur_place", [5, 7]),
        ("q=jeudi+en+ligne", [6]),
        ("q=tiers-lieu", [7]),
        ("q=dax", [7]),
        ("q=maison+commune", [5]),
    ],
)
def test_filters_read_the_date(client, series, query, days):
    shown = BeautifulSoup(client.get(f"{LANDES}?{query}").content, "html.parser").select(".events-card time")
    assert [time["datetime"][:10] for time in shown] == [day_in(day).isoformat() for day in days]


def test_the_month_and_feeds_show_its_own_title(client, landes_space):
    make_event(landes_space, a_date(date(2026, 12, 9), time(9), time(10), title="À part"), title="Commun")
    assert "À part" in client.get(f"{LANDES}mois/2026-12/").content.decode()
    make_event(landes_space, a_date(day_in(3), title="Flux à part"), title="Commun")
    assert "Flux à part" in client.get(f"{LANDES}rss/").content.decode()


def test_the_page_tells_each_place_beside_its_date(client, series):
    page = BeautifulSoup(client.get(series.url).content, "html.parser")
    dates = [" ".join(item.get_text(" ").split()) for item in page.select(".events-dates > li")]
    assert "Maison commune, Mont-de-Marsan" in dates[0]
    assert "Jeudi en ligne" in dates[1]
    assert dates[1].endswith("En ligne")
    assert "Tiers-lieu, Salle bleue, Dax" in dates[2]
    assert [badge.get_text() for badge in page.select("header .fr-badge")][1:3] == ["Sur place", "En ligne"]
    where = page.select_one('[aria-labelledby="ou"]').get_text(" ")
    assert "Maison commune" in where
    assert "Tiers-lieu" in where
    assert "En ligne" in where
    assert JOIN_URL not in str(page)


def test_an_event_all_of_whose_dates_are_alike_says_its_place_once(client, landes_space):
    event = make_event(landes_space, a_date(day_in(5)), a_date(day_in(6)), venue=make_venue(name="Unique"))
    assert client.get(event.url).content.decode().count("<strong>Unique</strong>") == 1
    assert "Unique" not in BeautifulSoup(client.get(event.url).content, "html.parser").select_one(".events-dates").text


def test_structured_data_has_the_place_and_mode_of_each_date(client, series):
    page = BeautifulSoup(client.get(series.url).content, "html.parser")
    found = [json.loads(block.string) for block in page.select('script[type="application/ld+json"]')]
    event = next(block for block in found if block.get("@type") == "Event")
    first, second, third = event["subEvent"]
    assert first["location"]["name"] == event["location"]["name"] == "Maison commune"
    assert second["name"] == "Jeudi en ligne"
    assert second["location"]["@type"] == "VirtualLocation"
    assert second["eventAttendanceMode"].endswith("OnlineEventAttendanceMode")
    assert third["location"]["address"]["addressLocality"] == "Dax"
    assert JOIN_URL not in json.dumps(event)


def test_the_search_finds_an_event_by_the_title_or_town_of_one_date(series):
    text = reload(series).dates_text
    assert "Jeudi en ligne" in text
    assert "Tiers-lieu" in text
    assert "Dax" in text
    assert JOIN_URL not in text


def test_home_and_space_pages_show_the_dates_own_place(client, landes_space):
    make_event(
        landes_space, a_date(day_in(1), title="Tout en ligne", mode="en_ligne", join_url=JOIN_URL), title="Sur place"
    )
    for address in ("/", "/territoires/nouvelle-aquitaine/landes/"):
        assert "Tout en ligne" in client.get(address).content.decode()
