"""« Par territoire » and the archives: counts that agree with the lists they lead to."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.models import Theme
from portal.territories.models import Space, Territory
from portal.territories.shading import step_of

from .factories import a_date, day_in, make_event
from .test_agenda import LANDES, titles

REGION = "/territoires/nouvelle-aquitaine/agenda/"


def territory(level: str, code: str) -> Territory:
    return Territory.objects.get(level=level, code=code)


def table(client, address: str) -> dict[str, tuple[int, str]]:
    """{territory: (count, address of its list)}"""
    response = client.get(address)
    assert response.status_code == 200, address
    rows = BeautifulSoup(response.content, "html.parser").select("#tableau-agenda tbody tr")
    return {row.th.a.get_text(): (int(row.td.get_text()), row.th.a["href"]) for row in rows}


@pytest.fixture
def spread(landes_space: Space) -> Space:
    """Three dates in the Landes, one of the région, one in the région that covers the Gers and the Landes."""
    region = Space.objects.get(territory__level="region", territory__code="75")
    make_event(landes_space, a_date(day_in(1)), a_date(day_in(2)), title="Deux dates")
    make_event(landes_space, a_date(day_in(3)), title="Une date", format="salon")
    make_event(landes_space, a_date(day_in(-3)), title="Passé")
    make_event(region, title="Régional")
    covered = [territory("departement", "40"), territory("departement", "32")]
    make_event(region, title="Régional couvrant", covered=covered)
    return landes_space


def test_each_count_is_that_of_the_list_it_leads_to(client, spread):
    rows = table(client, "/agenda/territoires/")
    assert {name: count for name, (count, _) in rows.items()} == {
        "Nouvelle-Aquitaine": 5, "Landes": 4, "Occitanie": 1, "Gers": 1,
    }  # fmt: skip
    for count, address in rows.values():
        assert len(titles(client, address)) == count, address


def test_a_region_counts_its_departements_and_says_what_is_its_own(client, spread):
    rows = table(client, f"{REGION}territoires/")
    assert {name: count for name, (count, _) in rows.items()} == {"Landes": 4}
    assert len(titles(client, rows["Landes"][1])) == 4
    page = client.get(f"{REGION}territoires/").content.decode()
    assert "2 dates concernent tout le territoire" in page


def test_a_departement_counts_its_intercommunalites(client, spread):
    commune = territory("commune", "40088")
    epci = Territory.objects.get(level="epci", descendant_links__descendant=commune)
    make_event(spread, title="À Dax", territory=commune)
    rows = table(client, f"{LANDES}territoires/")
    assert {name: count for name, (count, _) in rows.items()} == {epci.name: 1}
    assert titles(client, rows[epci.name][1]) == ["À Dax"]


def test_counts_follow_the_filters(client, spread):
    rows = table(client, "/agenda/territoires/?format=salon")
    assert rows["Landes"][0] == 1
    assert titles(client, rows["Landes"][1]) == ["Une date"]
    assert table(client, "/agenda/territoires/?periode=passes")["Landes"][0] == 1
    # The territory chosen is what the view is about: it is set aside.
    assert table(client, "/agenda/territoires/?territoire=departement-32")["Landes"][0] == 4


def test_the_map_has_the_links_of_the_table_and_no_other(client, spread):
    page = BeautifulSoup(client.get("/agenda/territoires/").content, "html.parser")
    drawn = {link["aria-label"]: link["href"] for link in page.select("svg a")}
    assert set(drawn) == {"Landes (40) : 4 dates", "Gers (32) : 1 date"}
    hrefs = {link["href"] for link in page.select("#tableau-agenda a")}
    assert set(drawn.values()) <= hrefs
    assert page.select_one("#tableau-agenda caption")
    assert all(row.th["scope"] == "row" for row in page.select("#tableau-agenda tbody tr"))


def test_nothing_to_count_is_said(client, landes_space):
    page = client.get(f"{LANDES}territoires/").content.decode()
    assert "Aucun événement n’est annoncé" in page
    assert "Rien ne correspond" in client.get(f"{LANDES}territoires/?format=salon").content.decode()


def test_a_private_event_counts_nowhere(client, spread):
    from wagtail.models import PageViewRestriction

    event = make_event(spread, title="Privé", format="journee")
    assert table(client, "/agenda/territoires/?format=journee")["Landes"][0] == 1
    PageViewRestriction.objects.create(page=event, restriction_type=PageViewRestriction.LOGIN)
    assert table(client, "/agenda/territoires/?format=journee") == {}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("territoires/", 8), ("archives/", 4)])
def test_queries(client, spread, settings, path, queries, count):
    settings.PAGE_CACHE_SECONDS = 600
    for _ in range(count):
        make_event(spread, covered=[territory("departement", "32")])
    client.get(f"/agenda/{path}?vu=1")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/agenda/{path}").status_code == 200
    assert len(captured) == queries, [query["sql"] for query in captured]


@pytest.mark.parametrize(("count", "most", "step"), [(0, 5, 0), (1, 1, 4), (1, 100, 1), (25, 100, 2), (100, 100, 4)])
def test_shades(count, most, step):
    assert step_of(count, most) == step


# --- Archives ---------------------------------------------------------------------------------------------------------
def test_archives_by_year_and_theme_lead_to_lists_of_as_many(client, landes_space):
    health = Theme.objects.create(family="inclusion", name="Santé", slug="sante")
    make_event(landes_space, a_date(date(2024, 3, 1)), a_date(date(2024, 4, 1)), title="A", themes=[health])
    make_event(landes_space, a_date(date(2024, 5, 1)), title="B")
    make_event(landes_space, a_date(date(2023, 5, 1)), title="C", themes=[health], format="salon")
    make_event(landes_space, a_date(day_in(5)), title="À venir", themes=[health])
    page = BeautifulSoup(client.get(f"{LANDES}archives/").content, "html.parser")
    rows = page.select("table tbody tr")
    assert [(row.th.get_text(), row.td.get_text()) for row in rows] == [("2024", "3"), ("2023", "1")]
    assert titles(client, rows[0].th.a["href"]) == ["B", "A", "A"]
    tag = rows[0].select_one(".fr-tag")
    assert tag.get_text().startswith("Santé (2)")
    assert titles(client, tag["href"]) == ["A", "A"]
    filtered = BeautifulSoup(client.get(f"{LANDES}archives/?format=salon").content, "html.parser")
    assert [row.th.get_text() for row in filtered.select("table tbody tr")] == ["2023"]


def test_empty_archives_are_said(client, landes_space):
    make_event(landes_space)
    assert "Aucun événement n’est passé" in client.get(f"{LANDES}archives/").content.decode()
