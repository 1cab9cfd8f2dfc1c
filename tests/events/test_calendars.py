"""iCalendar files and feeds, read back by a parser."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils.http import parse_http_date
from icalendar import Calendar

from events import rules
from events.enums import Status
from portal.territories.models import Space
from tests.factories import section

from .factories import JOIN_URL, a_date, at, day_in, make_event, publish, reload

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


ODD = "Été 🎉, a;b\\c \u202eretourné\u202c " + "é" * 120


def test_what_rfc_5545_asks_of_the_bytes(client, landes_space):
    make_event(landes_space, title=f"{ODD}\x07\x0b\u2028", lead="Deux\r\nlignes, « accents » ; et \\n")
    content = client.get(f"{LANDES}calendrier.ics").content
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()
    assert not any(byte < 32 for byte in content.replace(b"\r\n", b""))
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in content
    [vevent] = events_of(content)
    assert vevent["SUMMARY"] == ODD
    assert str(vevent["DESCRIPTION"]).startswith("Deux\nlignes, « accents » ; et \\n\n")
    for name in ("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "STATUS", "URL", "LOCATION"):
        assert name in vevent, name


def test_whole_days_end_the_day_after_and_need_no_zone(client, landes_space):
    event = make_event(landes_space, a_date(at(2027, 7, 1).date(), None, None, at(2027, 7, 3).date()))
    content = client.get(f"{event.url}evenement.ics").content
    assert b"DTSTART;VALUE=DATE:20270701\r\n" in content
    assert b"DTEND;VALUE=DATE:20270704\r\n" in content
    assert b"VTIMEZONE" not in content
    assert b"X-WR-CALNAME" not in content


def test_each_zone_used_has_its_block_once(client, landes_space):
    for zone in ("Europe/Paris", "Indian/Reunion", "Indian/Reunion"):
        make_event(landes_space, time_zone=zone)
    content = client.get(f"{LANDES}calendrier.ics").content
    assert [content.count(f"TZID:{zone}\r\n".encode()) for zone in ("Europe/Paris", "Indian/Reunion")] == [1, 1]
    assert content.count(b"BEGIN:VEVENT") == 3
    assert b"DTSTART;TZID=Indian/Reunion:" in content


def test_two_renders_are_the_same_and_a_change_changes_its_event_only(client, landes_space):
    kept, changed = make_event(landes_space), make_event(landes_space)
    address = f"{LANDES}calendrier.ics"
    before = client.get(address)
    assert client.get(address).content == before.content
    assert client.get(address)["ETag"] == before["ETag"]
    publish(reload(kept))
    assert client.get(address).content == before.content
    changed = reload(changed)
    changed.lead = "Un autre chapô."
    publish(changed)
    after = client.get(address)
    assert after["ETag"] != before["ETag"]
    old, new = ({str(e["UID"]): e.to_ical() for e in events_of(response.content)} for response in (before, after))
    assert [uid for uid in old if old[uid] != new[uid]] == [str(changed.occurrences.get().uid)]


def test_a_moved_event_keeps_its_uid_and_takes_its_new_address(client, landes_space):
    event = make_event(landes_space)
    uid = event.occurrences.get().uid
    target = section(Space.objects.get(territory__level="nation"), "agenda")
    reload(event).move(target, pos="last-child")
    event = reload(event)
    [vevent] = events_of(client.get(f"{event.url}evenement.ics").content)
    assert str(vevent["UID"]) == str(uid)
    assert vevent["URL"].endswith(f"/agenda/{event.slug}/")
    assert events_of(client.get(f"{LANDES}calendrier.ics").content) == []


def test_one_date_among_several_can_be_cancelled(client, landes_space):
    event = make_event(landes_space, a_date(day_in(3)), a_date(day_in(4), status="annule", note="Salle prise"))
    statuses = [str(e["STATUS"]) for e in events_of(client.get(f"{event.url}evenement.ics").content)]
    assert statuses == ["CONFIRMED", "CANCELLED"]
    assert "Salle prise" in client.get(event.url).content.decode()


def test_a_copy_is_another_event(client, landes_space):
    event = make_event(landes_space, status="annule", status_reason="Non")
    copy = reload(event).copy(update_attrs={"slug": "copie", "title": "Copie"})
    assert reload(copy).status == "programme"
    assert copy.occurrences.get().uid != event.occurrences.get().uid
    assert len(events_of(client.get(f"{LANDES}calendrier.ics").content)) == 2


def test_conditions_and_head(client, landes_space):
    event = make_event(landes_space)
    address = f"{event.url}evenement.ics"
    response = client.get(address)
    assert not response["ETag"].startswith("W/")
    head = client.head(address)
    assert (head.content, head["ETag"], head["Content-Length"]) == (b"", response["ETag"], str(len(response.content)))
    assert client.get(address, headers={"If-None-Match": f'"x", {response["ETag"]}'}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"x"'}).status_code == 200
    assert client.get(address, headers={"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}).status_code == 200
    assert client.post(address).status_code == 405
    other = make_event(landes_space)
    last = client.get(f"{LANDES}calendrier.ics")["Last-Modified"]
    reload(other).delete()
    after = client.get(f"{LANDES}calendrier.ics")
    assert parse_http_date(after["Last-Modified"]) >= parse_http_date(last)
    assert sorted(str(each["STATUS"]) for each in events_of(after.content)) == ["CANCELLED", "CONFIRMED"]


@pytest.mark.parametrize("status", Status.values)
def test_the_state_is_said_in_words_everywhere(client, landes_space, status):
    mode = {"mode": "en_ligne", "registration_url": "https://exemple.fr/i"} if status == "passe_en_ligne" else {}
    event = make_event(landes_space, a_date(day_in(0)), status=status, status_reason="Parce que", **mode)
    label = Status(status).label
    addresses = (LANDES, f"{LANDES}mois/", f"{LANDES}rss/", event.url)
    listed, month, rss, page = (client.get(address).content.decode() for address in addresses)
    [vevent] = events_of(client.get(f"{LANDES}calendrier.ics").content)
    assert vevent["STATUS"] == rules.ICAL_STATUS[Status(status)]
    assert rules.SCHEMA_STATUS[Status(status)] in page
    if status == Status.PROGRAMME:
        assert str(vevent["SUMMARY"]) == event.title
        return
    assert str(vevent["SUMMARY"]) == f"{label} : {event.title}"
    assert f"{label}</p>" in listed
    assert f"{label}</span>" in month
    assert f"<title>{label} : {event.title}</title>" in rss
    assert label.lower() in page.lower()
    assert "Parce que" in page
