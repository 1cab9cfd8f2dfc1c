"""A series as one recurring event with its exceptions."""

from __future__ import annotations

from datetime import date, time, timedelta

from icalendar import Calendar

from events import series
from events.models import EventPage, SeriesCalendar

from .factories import JOIN_URL, a_date, a_rule, at, make_event, make_venue, publish, reload

MONDAY = date(2027, 2, 1)
PARIS = "Europe/Paris"


def a_series(space, *dates, **fields) -> EventPage:
    """Every Monday from 1 February 2027, nine to twelve, ten times."""
    rule = a_rule(MONDAY, count=10, excluded="15/02/2027")
    page_fields = {"title": "Lundis", "rules": [rule]} | fields
    return make_event(space, *dates, **page_fields)


def overriding(page: EventPage, day: date, **fields):
    """A date of the page that stands in for its rule's of ``day``."""
    rule = page.rules.get()
    fields = {"day": day} | fields
    return a_date(key=series.key_of(rule.key, day), rule_key=rule.key, rule_date=day, **fields)


def parts(client, page: EventPage):
    """(bytes, recurring events, exceptions by the moment they stand in for) of the page's series."""
    content = client.get(f"{page.url}serie.ics").content
    events = Calendar.from_ical(content).walk("VEVENT")
    exceptions = {each["RECURRENCE-ID"].dt: each for each in events if "RECURRENCE-ID" in each}
    return content, [each for each in events if "RECURRENCE-ID" not in each], exceptions


def test_a_rule_is_one_event_that_recurs(client, landes_space):
    page = a_series(landes_space)
    content, [master], exceptions = parts(client, page)
    assert b"DTSTART;TZID=Europe/Paris:20270201T090000\r\n" in content
    assert b"RRULE:FREQ=WEEKLY;UNTIL=20270412T070000Z;BYDAY=MO;WKST=MO\r\n" in content
    assert b"EXDATE;TZID=Europe/Paris:20270215T090000\r\n" in content
    assert b"X-WR-CALNAME" not in content
    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert exceptions == {}
    assert (master["SUMMARY"], master["SEQUENCE"]) == ("Lundis", 0)
    assert page.occurrences.count() == 10


def test_what_departs_from_the_rule_is_an_exception(client, landes_space):
    page = a_series(landes_space)
    moved, off, own = MONDAY + timedelta(days=7), MONDAY + timedelta(days=21), MONDAY + timedelta(days=28)
    page = reload(page)
    page.dates = [
        overriding(page, moved, start=time(14), end=time(16)),
        overriding(page, off, status="annule", note="Salle prise"),
        overriding(page, own, title="Séance spéciale", venue=make_venue(name="Mairie")),
        a_date(date(2027, 5, 3)),
        a_date(date(2027, 5, 5), time(18), time(19)),
    ]
    page = publish(page)
    content, [master], exceptions = parts(client, page)
    uids = {str(each["UID"]) for each in (master, *exceptions.values())}
    assert uids == {str(SeriesCalendar.objects.get().uid)}
    assert exceptions[at(2027, 2, 8, 9, zone=PARIS)]["DTSTART"].dt == at(2027, 2, 8, 14, zone=PARIS)
    assert exceptions[at(2027, 2, 22, 9, zone=PARIS)]["STATUS"] == "CANCELLED"
    special = exceptions[at(2027, 3, 1, 9, zone=PARIS)]
    assert (special["SUMMARY"], str(special["LOCATION"]).split(",")[0]) == ("Séance spéciale", "Mairie")
    assert b"RDATE;TZID=Europe/Paris:20270503T090000,20270505T180000\r\n" in content
    assert exceptions[at(2027, 5, 5, 18, zone=PARIS)]["DTEND"].dt == at(2027, 5, 5, 19, zone=PARIS)
    assert len(exceptions) == 4


def test_uid_stays_and_sequence_rises_with_what_matters(client, landes_space):
    page = a_series(landes_space)
    first, [master], _ = parts(client, page)
    publish(reload(page))
    assert parts(client, page)[0] == first
    page = reload(page)
    page.title = "Les lundis"
    page = publish(page)
    _, [renamed], _ = parts(client, page)
    assert (renamed["UID"], renamed["SEQUENCE"], renamed["SUMMARY"]) == (master["UID"], 0, "Les lundis")
    page = reload(page)
    page.status, page.status_reason = "annule", "Fin du projet"
    page = publish(page)
    _, [cancelled], exceptions = parts(client, page)
    assert (cancelled["UID"], cancelled["SEQUENCE"], cancelled["STATUS"]) == (master["UID"], 1, "CANCELLED")
    assert exceptions == {}


def test_each_rule_has_its_own_and_a_page_without_has_none(client, landes_space):
    two = a_series(landes_space, rules=[a_rule(MONDAY, count=3), a_rule(MONDAY, None, None, count=2, days=3)])
    content, masters, _ = parts(client, two)
    assert len({str(each["UID"]) for each in masters}) == 2
    assert b"DTSTART;VALUE=DATE:20270201\r\nDTEND;VALUE=DATE:20270204\r\n" in content
    assert b"RRULE:FREQ=WEEKLY;UNTIL=20270208;BYDAY=MO;WKST=MO\r\n" in content
    page = reload(two)
    page.rules = []
    page.dates = [a_date(MONDAY)]
    publish(page)
    assert client.get(f"{two.url}serie.ics").status_code == 404
    assert not SeriesCalendar.objects.exists()


def test_a_night_of_the_change_of_hour_is_told_apart(client, landes_space):
    rule = a_rule(date(2027, 3, 20), time(22), time(6), days=2, count=3)
    page = a_series(landes_space, rules=[rule])
    _, _, exceptions = parts(client, page)
    assert list(exceptions) == [at(2027, 3, 27, 22, zone=PARIS)]
    [night] = exceptions.values()
    assert night["DTEND"].dt == at(2027, 3, 28, 6, zone=PARIS)


def test_the_join_link_is_not_in_it(client, landes_space):
    page = a_series(landes_space, mode="en_ligne", join_url=JOIN_URL)
    page.dates = [overriding(page, MONDAY, join_url=f"{JOIN_URL}-2", title="Spécial")]
    content, _, exceptions = parts(client, publish(page))
    assert len(exceptions) == 1
    assert JOIN_URL.encode() not in content.replace(b"\r\n ", b"")
