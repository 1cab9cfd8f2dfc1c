"""iCalendar files and feeds, read back by a parser."""

from __future__ import annotations

from datetime import time

from icalendar import Calendar

from .factories import JOIN_URL, a_date, at, make_event, publish, reload

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"


def events_of(content: bytes) -> list:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_the_calendar_of_an_event(client, landes_space):
    event = make_event(
        landes_space,
        a_date(at(2027, 7, 1).date(), time(9, 30), time(12)),
        title="Café, numérique ; \\ 🎉",
        mode="hybride",
        join_url=JOIN_URL,
    )
    response = client.get(f"{event.url}evenement.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert JOIN_URL.encode() not in response.content
    [vevent] = events_of(response.content)
    assert vevent["SUMMARY"] == "Café, numérique ; \\ 🎉"
    assert vevent["DTSTART"].dt == at(2027, 7, 1, 9, 30, "Europe/Paris")
    assert vevent["DTSTART"].params["TZID"] == "Europe/Paris"
    assert vevent["STATUS"] == "CONFIRMED"
    assert vevent["URL"].endswith(event.url)
    assert "4 rue du Lavoir, 40000 Mont-de-Marsan" in vevent["LOCATION"]


def test_uid_is_constant_and_sequence_rises_with_changes_that_matter(client, landes_space):
    event = make_event(landes_space)
    [before] = events_of(client.get(f"{event.url}evenement.ics").content)
    event = reload(event)
    event.title, event.slug = "Autre titre", "autre-titre"
    event = publish(event)
    [renamed] = events_of(client.get(f"{event.url}evenement.ics").content)
    assert (renamed["UID"], renamed["SEQUENCE"]) == (before["UID"], before["SEQUENCE"])
    assert renamed["SUMMARY"] == "Autre titre"
    event.status, event.status_reason = "annule", "Salle fermée"
    event = publish(event)
    [cancelled] = events_of(client.get(f"{LANDES}calendrier.ics").content)
    assert (cancelled["UID"], cancelled["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert cancelled["STATUS"] == "CANCELLED"
