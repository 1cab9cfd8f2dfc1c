"""The agenda in other sites' pages: the frame, and the screen that gives its code; the block to subscribe."""

from __future__ import annotations

from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import make_user

from .factories import a_date, day_in, make_event

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"


def soup_of(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def test_the_frame_has_the_list_under_its_filters(client, landes_space):
    make_event(landes_space, a_date(day_in(2)), title="Salon", format="salon")
    make_event(landes_space, a_date(day_in(3)), title="Atelier", format="atelier")
    make_event(landes_space, a_date(day_in(3)), title="Brouillon", live=False)
    titles = [link.get_text() for link in soup_of(client, f"{LANDES}integrer/").select(".events-card__link")]
    assert titles == ["Salon", "Atelier"]
    soup = soup_of(client, f"{LANDES}integrer/?format=salon")
    assert [link.get_text() for link in soup.select(".events-card__link")] == ["Salon"]
    assert soup.select_one("main > p:last-child a")["href"].endswith(f"{LANDES}?format=salon")
    assert soup.select_one("base")["target"] == "_blank"
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"
    assert soup.select("script, header, form") == []
    assert client.get("/actualites/integrer/").status_code == 404


@pytest.mark.parametrize("cached", [False, True])
def test_the_frame_alone_may_be_framed_and_has_no_cookie(landes_space, settings, cached):
    settings.PAGE_CACHE_SECONDS = 600 if cached else 0
    settings.EMBED_FRAME_ANCESTORS = ["https://*.landes.fr", "https://mairie.exemple.fr"]
    make_event(landes_space)
    for _ in range(2):
        response = Client(headers={"Cookie": "sessionid=inconnue; csrftoken=x"}).get(f"{LANDES}integrer/")
        assert response.status_code == 200
        assert "X-Frame-Options" not in response
        assert "frame-ancestors https://*.landes.fr https://mairie.exemple.fr" in response["Content-Security-Policy"]
        assert not response.cookies
        for address in (LANDES, f"{LANDES}integrer/code/"):
            other = Client().get(address)
            assert other["X-Frame-Options"]
            assert "frame-ancestors 'self'" in other["Content-Security-Policy"]


def test_a_reader_who_is_signed_in_gets_the_same_frame(client, landes_space):
    make_event(landes_space)
    before = client.get(f"{LANDES}integrer/").content
    client.force_login(make_user())
    response = client.get(f"{LANDES}integrer/")
    assert (response.content, len(response.cookies)) == (before, 0)


def test_the_frame_reads_no_session(client, landes_space, django_assert_num_queries):
    make_event(landes_space)
    client.get(f"{LANDES}integrer/?vu=1")
    with django_assert_num_queries(3):
        client.get(f"{LANDES}integrer/")


def test_the_code_is_that_of_the_filters_and_of_the_height(client, landes_space):
    soup = soup_of(client, f"{LANDES}integrer/code/?format=salon&q=%22%3Cb%3E&hauteur=450")
    code = soup.select_one("textarea").get_text()
    frame = BeautifulSoup(code, "html.parser").iframe
    assert frame["src"] == f"http://testserver{LANDES}integrer/?q=%22%3Cb%3E&format=salon"
    assert (frame["height"], frame["title"]) == ("450", "Agenda – Landes")
    assert unescape(soup.select_one("iframe.events-frame")["src"]) == f"{LANDES}integrer/?q=%22%3Cb%3E&format=salon"
    hidden = {each["name"]: each["value"] for each in soup.select("main input[type=hidden]")}
    assert hidden == {"format": "salon", "q": '"<b>'}


@pytest.mark.parametrize(("typed", "height"), [("", "700"), ("abc", "700"), ("10", "300"), ("99999999999", "2000")])
def test_a_bad_height_is_told_and_kept(client, landes_space, typed, height):
    soup = soup_of(client, f"{LANDES}integrer/code/?hauteur={typed}")
    assert BeautifulSoup(soup.select_one("textarea").get_text(), "html.parser").iframe["height"] == height
    assert soup.select_one("#hauteur")["value"] == (typed or "700")
    assert (soup.select_one("#hauteur-erreur") is not None) == bool(typed)


def test_a_selection_is_followed_by_every_way(client, landes_space):
    soup = soup_of(client, f"{LANDES}?format=salon&mode=en_ligne")
    block = soup.find(id="abonnement").parent
    address = f"http://testserver{LANDES}calendrier.ics?format=salon&mode=en_ligne"
    assert block.select_one("input[readonly]")["value"] == address
    links = [link["href"] for link in block.select("a")]
    assert links[0] == address.replace("http", "webcal", 1)
    assert links[1].startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Ftestserver")
    assert links[1].endswith("format%3Dsalon%26mode%3Den_ligne")
    assert [link.split("?")[0] for link in links[2:4]] == [
        "https://outlook.live.com/calendar/0/addfromweb",
        "https://outlook.office.com/calendar/0/addfromweb",
    ]
    for name in ("rss/", "atom/", "agenda.csv", "agenda.json", "integrer/code/"):
        assert f"{LANDES}{name}?format=salon&mode=en_ligne" in links
        assert client.get(f"{LANDES}{name}?format=salon&mode=en_ligne").status_code == 200
    assert all(len(item.select("p")[0].find_all("br")) == 1 for item in block.select(".events-ways > li"))
