"""One's registrations as a calendar, by a secret address."""

from __future__ import annotations

import re
from datetime import time

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from events.models import CalendarToken
from portal.accounts.models import User
from tests.factories import make_user

from .factories import JOIN_URL, a_date, day_in, make_event, make_registration, publish, reload

SCREEN = "/mon-espace/calendrier/"


@pytest.fixture
def person(client, db) -> User:
    user = make_user()
    client.force_login(user)
    return user


def address(client) -> str:
    """The path of the calendar that the screen shows; "" for none."""
    soup = BeautifulSoup(client.get(SCREEN).content, "html.parser")
    field = soup.select_one("input[readonly]")
    return field["value"].removeprefix("http://testserver") if field else ""


def read(client, path: str) -> list:
    response = client.get(path)
    assert response.status_code == 200
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_it_is_made_read_renewed_and_revoked(client, person, landes_space):
    event = make_event(landes_space, title="Café")
    make_registration(event.occurrences.get(), user=person)
    make_registration(event.occurrences.get())
    assert address(client) == ""
    assert client.post(SCREEN, {"action": "renew"}).status_code == 302
    first = address(client)
    assert re.fullmatch(r"/calendriers/personnel/[\w-]{43}\.ics", first)
    client.logout()
    assert [str(each["SUMMARY"]) for each in read(client, first)] == ["Café"]
    client.force_login(person)
    client.post(SCREEN, {"action": "renew"})
    second = address(client)
    assert second != first
    assert client.get(first).status_code == 404
    assert len(read(client, second)) == 1
    client.post(SCREEN, {"action": "revoke"})
    assert address(client) == ""
    assert client.get(second).status_code == 404
    assert CalendarToken.objects.filter(revoked_at=None).count() == 0


def test_what_it_says_of_each_registration(client, person, landes_space):
    dates = [a_date(day_in(day), time(9), time(10)) for day in range(3, 9)]
    event = make_event(landes_space, *dates, mode="hybride", join_url=JOIN_URL)
    held = list(event.occurrences.order_by("starts_at"))
    make_registration(held[0], user=person, attending="online")
    make_registration(held[1], user=person)
    make_registration(held[2], "waiting", user=person, attending="online")
    make_registration(held[3], "cancelled", user=person)
    make_registration(held[4], user=make_user())
    client.post(SCREEN, {"action": "renew"})
    path = address(client)
    vevents = read(client, path)
    assert [str(each["UID"]) for each in vevents] == [str(each.uid) for each in held[:3]]
    assert [str(each["STATUS"]) for each in vevents] == ["CONFIRMED", "CONFIRMED", "TENTATIVE"]
    assert [JOIN_URL in str(each["DESCRIPTION"]) for each in vevents] == [True, False, False]
    assert str(vevents[2]["DESCRIPTION"]).startswith("Sur liste d’attente.")
    event = reload(event)
    event.status, event.status_reason = "annule", "Salle fermée"
    publish(event)
    assert {str(each["STATUS"]) for each in read(client, path)} == {"CANCELLED"}


def test_it_is_nobody_elses(client, person, landes_space):
    client.post(SCREEN, {"action": "renew"})
    path = address(client)
    response = client.get(path)
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex"
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert not CalendarToken.objects.filter(digest__in=path.split("/")).exists()
    assert path.split("/")[-1][:-4] not in str(list(CalendarToken.objects.values()))
    for other in ("x", "a" * 43, str(CalendarToken.objects.get().pk)):
        assert client.get(f"/calendriers/personnel/{other}.ics").status_code == 404
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(path).status_code == 404


def test_reading_it_is_noted_once_a_day(client, person, django_assert_num_queries):
    client.post(SCREEN, {"action": "renew"})
    path = address(client)
    assert CalendarToken.objects.get().last_used_on is None
    client.logout()
    client.get(path)
    assert CalendarToken.objects.get().last_used_on is not None
    with django_assert_num_queries(2):
        client.get(path)


def test_the_screen_is_for_who_is_signed_in_and_gives_the_ways(client, landes_space):
    assert client.get(SCREEN).status_code == 302
    client.force_login(make_user())
    client.post(SCREEN, {"action": "renew"})
    soup = BeautifulSoup(client.get(SCREEN).content, "html.parser")
    links = [link["href"] for link in soup.select(".events-ways a")]
    assert links[0].startswith("webcal://testserver/calendriers/personnel/")
    assert links[1].startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Ftestserver%2F")
    assert links[2].startswith("https://outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2Ftestserver%2F")
    assert links[3].startswith("https://outlook.office.com/calendar/0/addfromweb?url=")
    assert links[2].endswith("&name=Mes+inscriptions")


def test_a_hundred_registrations_take_as_many_queries(client, person, landes_space, django_assert_num_queries):
    event = make_event(landes_space, *(a_date(day_in(day)) for day in range(1, 4)))
    client.post(SCREEN, {"action": "renew"})
    path = address(client)
    client.get(path)
    client.logout()
    make_registration(event.occurrences.all()[0], user=person)
    with django_assert_num_queries(3):
        client.get(path)
    for occurrence in event.occurrences.all()[1:]:
        make_registration(occurrence, user=person)
    with django_assert_num_queries(3):
        assert len(read(client, path)) == 3
