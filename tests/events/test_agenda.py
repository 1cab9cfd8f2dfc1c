"""The agenda: list, month, filters, counts."""

from __future__ import annotations

from datetime import date, time
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from icalendar import Calendar

from events.months import Month
from portal.core.models import Audience, Theme
from portal.territories.models import Space

from .factories import a_date, day_in, make_event, make_venue

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"


def titles(client: Client, address: str) -> list[str]:
    """The titles on an agenda's list, in order."""
    response = client.get(address)
    assert response.status_code == 200, address
    return [link.get_text() for link in BeautifulSoup(response.content, "html.parser").select(".events-card__link")]


def test_an_event_is_in_its_own_agenda_and_the_national_one_only(client, landes_space):
    make_event(landes_space, title="Café numérique")
    assert titles(client, LANDES) == ["Café numérique"]
    assert titles(client, "/agenda/") == ["Café numérique"]
    assert titles(client, "/territoires/nouvelle-aquitaine/agenda/") == []
    assert titles(client, "/territoires/nouvelle-aquitaine/agenda/?portee=dedans") == ["Café numérique"]


def test_each_date_is_listed_soonest_first_and_past_ones_apart(client, landes_space):
    make_event(landes_space, a_date(day_in(20)), a_date(day_in(-5)), title="Deux dates")
    make_event(landes_space, a_date(day_in(3)), title="Bientôt")
    make_event(landes_space, a_date(day_in(-9)), title="Avant")
    assert titles(client, LANDES) == ["Bientôt", "Deux dates"]
    assert titles(client, f"{LANDES}?periode=passes") == ["Deux dates", "Avant"]
    assert titles(client, f"{LANDES}?periode=tous") == ["Avant", "Deux dates", "Bientôt", "Deux dates"]


def test_what_ends_today_is_not_past(client, landes_space):
    make_event(landes_space, a_date(day_in(0), time(0, 0), time(0, 1)), title="Cette nuit")
    make_event(landes_space, a_date(day_in(-2), time(9), time(0, 30), last=day_in(0)), title="Trois jours")
    make_event(landes_space, a_date(day_in(-1)), title="Hier")
    assert titles(client, LANDES) == ["Trois jours", "Cette nuit"]
    assert titles(client, f"{LANDES}?periode=passes") == ["Hier"]


@pytest.fixture
def varied(landes_space: Space) -> Space:
    theme = Theme.objects.create(family="inclusion", name="Santé", slug="sante")
    audience = Audience.objects.create(name="hubs", slug="hubs")
    make_event(
        landes_space, a_date(day_in(1)), title="Salon de Dax", format="salon", themes=[theme], wheelchair=True,
        venue=make_venue(name="Halle Saint-Vincent"),
    )  # fmt: skip
    make_event(
        landes_space, a_date(day_in(2)), title="Webinaire", format="webinaire", mode="en_ligne", audiences=[audience],
        registration_url="https://exemple.fr/i", echelon="regional", captions=True, wheelchair=False,
    )  # fmt: skip
    make_event(
        landes_space, a_date(day_in(40)), title="Atelier hybride", format="atelier", mode="hybride", status="complet",
        registration_url="https://exemple.fr/i", wheelchair=True, captions=True,
    )  # fmt: skip
    return landes_space


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=salon", ["Salon de Dax"]),
        ("q=halle+vincent", ["Salon de Dax"]),
        ("q=mont-de-marsan", ["Salon de Dax", "Atelier hybride"]),
        ("theme=sante", ["Salon de Dax"]),
        ("public=hubs", ["Webinaire"]),
        ("format=salon&format=atelier", ["Salon de Dax", "Atelier hybride"]),
        ("mode=en_ligne", ["Webinaire", "Atelier hybride"]),
        ("mode=sur_place", ["Salon de Dax", "Atelier hybride"]),
        ("mode=hybride", ["Atelier hybride"]),
        ("echelon=regional", ["Webinaire"]),
        ("accessibilite=wheelchair&accessibilite=captions", ["Atelier hybride"]),
        ("statut=complet", ["Atelier hybride"]),
        ("quand=demain", ["Salon de Dax"]),
        ("territoire=departement-40", ["Salon de Dax", "Webinaire", "Atelier hybride"]),
        ("territoire=departement-32", []),
    ],
)
def test_filters(client, varied, query, expected):
    assert titles(client, f"{LANDES}?{query}") == expected


def test_a_range_of_days_includes_the_past(client, varied):
    make_event(varied, a_date(day_in(-3)), title="Passé")
    assert titles(client, f"{LANDES}?du={day_in(-4)}&au={day_in(1)}") == ["Passé", "Salon de Dax"]
    assert titles(client, f"{LANDES}?du={day_in(2)}") == ["Webinaire", "Atelier hybride"]


def test_a_bad_date_is_said_and_left_out(client, varied):
    response = client.get(f"{LANDES}?du=2026-02-31&format=salon")
    assert "Le filtre « Du » a été ignoré" in response.content.decode()
    assert titles(client, f"{LANDES}?du=2026-02-31&format=salon") == ["Salon de Dax"]


def test_the_month_is_a_table_whose_cells_name_their_day(client, landes_space):
    make_event(landes_space, a_date(date(2026, 12, 1), None, None, date(2026, 12, 3)), title="Trois jours")
    for number in range(6):
        make_event(landes_space, a_date(date(2026, 12, 9), time(9 + number), time(16)), title=f"Rencontre {number}")
    response = client.get(f"{LANDES}mois/2026-12/?format=rencontre")
    table = BeautifulSoup(response.content, "html.parser").select_one("table")
    assert table.caption.get_text(strip=True) == "Agenda de décembre 2026"
    assert [th.get_text() for th in table.select('thead th[scope="col"]')][1:] == [
        *("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"),
    ]
    assert len(table.select('tbody th[scope="row"]')) == 5
    cells = {cell.select_one("time")["datetime"]: cell for cell in table.select("tbody td")}
    assert len(cells) == 35
    assert "mercredi 9 décembre 2026" in cells["2026-12-09"].get_text()
    for day in ("2026-12-01", "2026-12-02", "2026-12-03"):
        assert "Trois jours" in cells[day].get_text()
    assert "Trois jours" not in cells["2026-12-04"].get_text()
    assert "2 autres" in cells["2026-12-09"].get_text()
    more = cells["2026-12-09"].select("a")[-1]["href"]
    assert len(titles(client, more)) == 6
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one('a[rel="next"]')["href"].endswith("/mois/2027-01/?format=rencontre")


@pytest.mark.parametrize("key", ["1999-12", "2026-13", "2026-1", "9999-12", "abc", "2026-12-01"])
def test_a_month_out_of_bounds_is_not_found(client, landes_space, key):
    assert client.get(f"{LANDES}mois/{key}/").status_code == 404


def test_the_last_month_has_no_next(client, landes_space):
    last = Month.of(day_in(0))
    for _ in range(Month.AFTER):
        last = last.next
    soup = BeautifulSoup(client.get(f"{LANDES}mois/{last.key}/").content, "html.parser")
    assert soup.select_one('a[rel="next"]') is None
    assert soup.select_one('a[rel="prev"]') is not None


@pytest.mark.parametrize("query", ["", "?format=salon", "?periode=passes", "?quand=demain"])
def test_list_feed_and_calendar_carry_the_same_set(client, varied, query):
    make_event(varied, a_date(day_in(-3)), title="Passé")
    listed = set(titles(client, LANDES + query))
    calendar = Calendar.from_ical(client.get(f"{LANDES}calendrier.ics{query}").content)
    names = {str(event["SUMMARY"]).removeprefix("Complet : ") for event in calendar.walk("VEVENT")}
    feed = ElementTree.fromstring(client.get(f"{LANDES}rss/{query}").content)
    assert names == listed
    assert {item.findtext("title").removeprefix("Complet : ") for item in feed.iter("item")} == listed


def test_overlapping_bounds_are_told(client, landes_space):
    text = client.get(f"{LANDES}?du=2026-12-02&au=2026-12-01").content.decode()
    assert "la fin précède le début" in text


@pytest.mark.parametrize(
    ("key", "said"), [("2026-12", "Agenda de décembre 2026"), ("2026-10", "Agenda d’octobre 2026")]
)
def test_the_preposition_of_a_month_is_elided(client, landes_space, key, said):
    caption = BeautifulSoup(client.get(f"{LANDES}mois/{key}/").content, "html.parser").select_one("caption")
    assert caption.get_text(strip=True).split("\xa0:")[0] == said


def test_a_busy_day_of_the_month_shows_the_first_and_counts_the_others(client, landes_space):
    """Those of several days count in each of theirs, and take their place by when they begin."""
    make_event(landes_space, a_date(date(2026, 11, 28), time(9), time(12), date(2026, 12, 9)), title="Long")
    for number in range(6):
        make_event(landes_space, a_date(date(2026, 12, 9), time(9 + number), time(16)), title=f"Court {number}")
    make_event(landes_space, a_date(date(2026, 12, 10)), title="Lendemain")
    page = BeautifulSoup(client.get(f"{LANDES}mois/2026-12/").content, "html.parser")
    cells = {cell.select_one("time")["datetime"]: cell for cell in page.select("table.events-month td")}
    busy = [item.get_text(" ", strip=True) for item in cells["2026-12-09"].select("li")]
    assert [text.split()[-2:] for text in busy[1:4]] == [["Court", "0"], ["Court", "1"], ["Court", "2"]]
    assert busy[0] == "Long"
    assert busy[4].startswith("3 autres")
    assert [item.get_text() for item in cells["2026-12-08"].select("li")] == ["Long"]
    assert not cells["2026-11-30"].select("li")
    assert "Lendemain" in cells["2026-12-10"].get_text()
