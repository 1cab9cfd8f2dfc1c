"""The agenda as data: JSON, CSV, files of one date; compression and conditions."""

from __future__ import annotations

import csv
import gzip
import io
import json
import uuid
from datetime import time, timedelta

import pytest
from django.utils import timezone
from django.utils.http import http_date, parse_http_date
from icalendar import Calendar

from events.models import AgendaStamp
from portal.core.models import Audience, Theme

from .factories import JOIN_URL, a_date, at, day_in, make_event, make_venue, publish, reload

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"
DAY = at(2027, 7, 1).date()


def test_json_has_what_the_page_shows_and_never_the_join_link(client, landes_space):
    theme = Theme.objects.create(family="inclusion", name="Santé", slug="sante")
    audience = Audience.objects.create(name="hubs", slug="hubs")
    event = make_event(
        landes_space,
        a_date(DAY, time(9, 30), time(12), title="Séance spéciale", note="Salle 3"),
        title="Café",
        mode="hybride",
        venue=make_venue(name="Halle", latitude="43.71", longitude="-1.05"),
        join_url=JOIN_URL,
        themes=[theme],
        audiences=[audience],
        captions=True,
        organiser="Hub des Landes",
        price="4.50",
    )
    response = client.get(f"{LANDES}agenda.json")
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert JOIN_URL not in response.content.decode()
    data = response.json()
    assert (data["version"], data["title"], data["truncated"]) == (1, "Agenda", False)
    [record] = data["events"]
    assert record == {
        "id": str(event.occurrences.get().uid),
        "url": f"http://testserver{event.url}",
        "calendar": f"http://testserver{event.url}dates/{event.occurrences.get().uid}.ics",
        "title": "Séance spéciale",
        "summary": "Un chapô.",
        "start": "2027-07-01T09:30:00+02:00",
        "end": "2027-07-01T12:00:00+02:00",
        "all_day": False,
        "time_zone": "Europe/Paris",
        "when": "jeudi 1er juillet 2027, de 9\u00a0h\u00a030 à 12\u00a0h (heure de Paris)",
        "status": "programme",
        "status_label": "Programmé",
        "status_reason": "",
        "note": "Salle 3",
        "mode": "hybride",
        "place": {
            "name": "Halle",
            "note": "",
            "address": "4 rue du Lavoir",
            "postal_code": "40000",
            "city": "Mont-de-Marsan",
            "insee": "40192",
            "latitude": 43.71,
            "longitude": -1.05,
        },
        "format": "rencontre",
        "echelon": "local",
        "territory": {"key": "departement-40", "name": "Landes"},
        "themes": ["Santé"],
        "audiences": ["hubs"],
        "accessibility": ["captions"],
        "language": "fr",
        "price": "4.50",
        "organiser": "Hub des Landes",
        "registration": {"kind": "none", "url": ""},
        "created": event.occurrences.get().created_at.isoformat(),
        "modified": event.occurrences.get().modified_at.isoformat(),
    }
    calendar = client.get(record["calendar"].removeprefix("http://testserver")).content
    assert [str(each["UID"]) for each in Calendar.from_ical(calendar).walk("VEVENT")] == [record["id"]]


def test_csv_is_a_table_whose_cells_no_spreadsheet_runs(client, landes_space):
    make_event(landes_space, a_date(DAY, None, None), title="=HYPERLINK(1)", lead="Deux;\nlignes", wheelchair=True)
    response = client.get(f"{LANDES}agenda.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="agenda.csv"'
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")
    assert row["Titre"] == "'=HYPERLINK(1)"
    assert (row["Chapô"], row["Début"], row["Journée entière"]) == ("Deux;\nlignes", "2027-07-01", "oui")
    assert (row["Commune"], row["Accessibilité"]) == ("Mont-de-Marsan", "wheelchair")


@pytest.mark.parametrize("query", ["", "?format=salon", "?periode=passes", "?mode=en_ligne"])
def test_every_output_carries_the_same_dates(client, landes_space, query):
    make_event(landes_space, a_date(day_in(2)), a_date(day_in(-3)), title="Salon", format="salon")
    make_event(landes_space, a_date(day_in(4)), mode="en_ligne", registration_url="https://exemple.fr/i")
    shown = {
        str(each["UID"])
        for each in Calendar.from_ical(client.get(f"{LANDES}calendrier.ics{query}").content).walk("VEVENT")
    }
    assert {each["id"] for each in client.get(f"{LANDES}agenda.json{query}").json()["events"]} == shown
    rows = csv.DictReader(
        io.StringIO(client.get(f"{LANDES}agenda.csv{query}").content.decode("utf-8-sig")), delimiter=";"
    )
    assert {row["Identifiant"] for row in rows} == shown


def test_one_date_of_an_event_and_no_other(client, landes_space):
    event, other = make_event(landes_space, a_date(DAY), a_date(DAY + timedelta(days=7))), make_event(landes_space)
    first = event.occurrences.order_by("starts_at")[0]
    response = client.get(f"{event.url}dates/{first.uid}.ics")
    [vevent] = Calendar.from_ical(response.content).walk("VEVENT")
    assert vevent["UID"] == str(first.uid)
    assert response["Content-Disposition"].startswith("attachment")
    assert b"X-WR-CALNAME" not in response.content
    for uid in (other.occurrences.get().uid, uuid.uuid4()):
        assert client.get(f"{event.url}dates/{uid}.ics").status_code == 404
    reload(event).unpublish()
    assert client.get(f"{event.url}dates/{first.uid}.ics").status_code == 404


@pytest.mark.parametrize("path", ["calendrier.ics", "agenda.json", "agenda.csv", "rss/", "atom/"])
def test_compressed_where_the_reader_takes_it(client, landes_space, path):
    for _ in range(3):
        make_event(landes_space, lead="Un chapô. " * 20)
    plain = client.get(LANDES + path)
    zipped = client.get(LANDES + path, headers={"Accept-Encoding": "br, gzip"})
    assert plain.get("Content-Encoding") is None
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert "Accept-Encoding" in zipped["Vary"]
    assert zipped["ETag"] != plain["ETag"]
    for etag in (zipped["ETag"], plain["ETag"], f"W/{plain['ETag']}"):
        assert client.get(LANDES + path, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(LANDES + path, headers={"Accept-Encoding": "gzip;q=0"}).content == plain.content
    head = client.head(LANDES + path, headers={"Accept-Encoding": "gzip"})
    assert (head.content, head["Content-Length"]) == (b"", zipped["Content-Length"])


@pytest.mark.parametrize("path", ["calendrier.ics", "agenda.json", "rss/"])
def test_a_change_is_seen_by_who_asks_by_date(client, landes_space, path):
    event = make_event(landes_space)
    AgendaStamp.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    last = client.get(LANDES + path)["Last-Modified"]
    for text in (last, http_date(parse_http_date(last) + 5)):
        assert client.get(LANDES + path, headers={"If-Modified-Since": text}).status_code == 304
    assert client.get(LANDES + path, headers={"If-Modified-Since": "pas une date"}).status_code == 200
    event = reload(event)
    event.title = "Un autre titre"
    publish(event)
    after = client.get(LANDES + path, headers={"If-Modified-Since": last})
    assert after.status_code == 200
    assert parse_http_date(after["Last-Modified"]) > parse_http_date(last)


def test_the_set_is_bounded_and_says_so(client, landes_space, monkeypatch):
    monkeypatch.setattr("events.feeds.data.MOST", 2)
    make_event(landes_space, *(a_date(day_in(day)) for day in range(1, 4)))
    data = json.loads(client.get(f"{LANDES}agenda.json").content)
    assert (len(data["events"]), data["truncated"]) == (2, True)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2), ("?theme=sante", 1), ("?theme=sante&theme=disparu", 1), ("?theme=disparu", 0), ("?format=rien", 0),
        ("?organisateur=999999", 0), ("?territoire=departement-zz", 0), ("?du=31-02-2027", 0), ("?inconnu=1", 2),
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_empties_the_feed(client, landes_space, query, count):
    """A subscription to a theme that is no more is not one to the whole agenda."""
    theme = Theme.objects.create(family="inclusion", name="Santé", slug="sante")
    make_event(landes_space, themes=[theme])
    make_event(landes_space)
    calendar = client.get(f"{LANDES}calendrier.ics{query}").content
    assert len(Calendar.from_ical(calendar).walk("VEVENT")) == count
    assert len(client.get(f"{LANDES}agenda.json{query}").json()["events"]) == count
    assert client.get(f"{LANDES}integrer/{query}").content.decode().count("<article") == count
