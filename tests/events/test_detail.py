"""The page of an event."""

from __future__ import annotations

import json
from datetime import time
from types import SimpleNamespace

from bs4 import BeautifulSoup

from .factories import JOIN_URL, a_date, at, day_in, make_event


def structured(response) -> dict:
    soup = BeautifulSoup(response.content, "html.parser")
    blocks = [json.loads(block.string) for block in soup.find_all("script", type="application/ld+json")]
    return next(block for block in blocks if block.get("@type") == "Event")


def test_when_where_and_state_are_said(client, landes_space):
    event = make_event(
        landes_space,
        a_date(at(2027, 7, 1).date(), time(9, 30), time(12)),
        status="annule",
        status_reason="Salle fermée",
        mode="hybride",
        join_url=JOIN_URL,
        wheelchair=True,
    )
    response = client.get(event.url)
    text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True).replace("\u00a0", " ")
    for expected in (
        "Jeudi 1er juillet 2027, de 9 h 30 à 12 h",
        "heure de Paris",
        "Événement annulé",
        "Salle fermée",
        "4 rue du Lavoir, 40000 Mont-de-Marsan",
        "Entrée par la cour.",
        "Accès PMR",
    ):
        assert expected in text
    assert JOIN_URL not in response.content.decode()
    data = structured(response)
    assert data["eventStatus"] == "https://schema.org/EventCancelled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert data["startDate"] == "2027-07-01T09:30:00+02:00"
    assert data["location"][0]["address"]["addressLocality"] == "Mont-de-Marsan"


def test_references_are_read_once_whatever_the_number_of_dates(landes_space, monkeypatch):
    from wagtail import signal_handlers
    from wagtail.models import ReferenceIndex

    asked = []
    task = SimpleNamespace(enqueue=lambda *what: asked.append(what))
    monkeypatch.setattr(signal_handlers, "update_reference_index_task", task)
    event = make_event(landes_space, *(a_date(day_in(10 + n)) for n in range(5)))
    assert [what for what in asked if what[1] != "venue"] == [("events", "eventpage", str(event.pk))]
    monkeypatch.undo()
    event.save()
    assert ReferenceIndex.get_references_to(event.venue).filter(base_content_type__model="page").exists()
