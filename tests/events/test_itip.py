"""Invitations and cancellations mailed to who registered."""

from __future__ import annotations

from datetime import time, timedelta

from django.core.mail import EmailMessage
from django.utils import timezone
from icalendar import Calendar, Event

from events.ical.itip import attach, cancel_bytes, request_bytes
from events.models import Registration
from events.registration import services

from .factories import JOIN_URL, a_date, at, make_event, make_registration, make_venue, publish, reload

DAY = at(2027, 7, 1).date()


def invitation(landes_space, **fields) -> Registration:
    event = make_event(landes_space, a_date(DAY, time(9), time(12)), title="Café", mode="hybride", join_url=JOIN_URL)
    return make_registration(event.occurrences.get(), **fields)


def read(data: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(data)
    [vevent] = calendar.walk("VEVENT")
    return calendar, vevent


def test_an_invitation_names_who_invites_who_is_invited_and_agrees_with_the_feed(client, landes_space):
    registration = invitation(landes_space, name='Zoé "Zaza" O’Neil; été', email="zoe+test@exemple.fr")
    data = request_bytes(registration)
    calendar, vevent = read(data)
    assert calendar["METHOD"] == "REQUEST"
    assert data.count(b"BEGIN:VTIMEZONE") == 1
    assert vevent["ATTENDEE"] == "mailto:zoe+test@exemple.fr"
    assert vevent["ATTENDEE"].params["CN"] == "Zoé ”Zaza” O’Neil; été"
    assert vevent["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert str(vevent["ORGANIZER"]).startswith("mailto:")
    public = client.get(f"{registration.occurrence.page.url}evenement.ics").content
    [shown] = Calendar.from_ical(public).walk("VEVENT")
    assert (vevent["UID"], vevent["DTSTART"].dt) == (shown["UID"], shown["DTSTART"].dt)
    assert request_bytes(registration) == data


def test_the_join_link_goes_to_those_confirmed_online_only(landes_space):
    link = JOIN_URL.encode()

    def lines(data: bytes) -> bytes:
        return data.replace(b"\r\n ", b"")

    online = invitation(landes_space, attending="online")
    assert link in lines(request_bytes(online))
    assert f"CONFERENCE;FEATURE=VIDEO;LABEL=Se connecter;VALUE=URI:{JOIN_URL}".encode() in lines(request_bytes(online))
    assert link not in lines(cancel_bytes(online))
    for fields in ({}, {"attending": "online", "state": "waiting"}, {"attending": "online", "state": "pending"}):
        other = make_registration(online.occurrence, **fields)
        assert link not in lines(request_bytes(other))
        assert read(request_bytes(other))[1]["STATUS"] == ("TENTATIVE" if "state" in fields else "CONFIRMED")


def test_a_cancellation_is_above_the_invitation_and_a_new_invitation_above_it(landes_space):
    first = invitation(landes_space, email="a@exemple.fr", created_at=timezone.now() - timedelta(days=1))
    invited = read(request_bytes(first))[1]["SEQUENCE"]
    calendar, vevent = read(cancel_bytes(first))
    assert (calendar["METHOD"], vevent["STATUS"], vevent["SEQUENCE"]) == ("CANCEL", "CANCELLED", invited + 1)
    Registration.objects.filter(pk=first.pk).update(state="cancelled", sequence=1)
    first.refresh_from_db()
    revoked = read(cancel_bytes(first))[1]["SEQUENCE"]
    assert revoked == invited + 1
    again = make_registration(first.occurrence, email="a@exemple.fr")
    assert read(request_bytes(again))[1]["SEQUENCE"] > revoked
    other = make_registration(first.occurrence, email="b@exemple.fr")
    assert read(request_bytes(other))[1]["SEQUENCE"] == invited


def test_a_date_called_off_then_held_after_all(landes_space):
    registration = invitation(landes_space)
    invited = read(request_bytes(registration))[1]["SEQUENCE"]
    seen = [invited]
    for status, write in (("annule", cancel_bytes), ("programme", request_bytes)):
        event = reload(registration.occurrence.page)
        event.status, event.status_reason = status, "Salle fermée"
        publish(event)
        seen.append(read(write(Registration.objects.get()))[1]["SEQUENCE"])
    assert seen == [invited, invited + 1, invited + 2]


def test_the_mail_says_the_method_of_the_file(landes_space):
    data = request_bytes(invitation(landes_space))
    message = EmailMessage("Objet", "Texte", to=["a@exemple.fr"])
    attach(message, data, "REQUEST")
    _, part = message.message().get_payload()
    assert part.get_content_type() == "text/calendar"
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    assert part.get_payload(decode=True) == data


def test_a_date_has_its_own_title_mode_and_place_in_calendars(client, landes_space):
    elsewhere = make_venue(name="Mairie de Dax", latitude="43.71", longitude="-1.05")
    event = make_event(
        landes_space,
        a_date(DAY),
        a_date(DAY + timedelta(days=1), title="Séance spéciale", mode="en_ligne", join_url=JOIN_URL),
        a_date(DAY + timedelta(days=2), venue=elsewhere, venue_note="Salle 2"),
        title="Café",
        registration="external",
        registration_url="https://exemple.fr/i",
    )
    data = client.get(f"{event.url}evenement.ics").content
    first, special, moved = Calendar.from_ical(data).walk("VEVENT")
    assert [str(e["SUMMARY"]) for e in (first, special, moved)] == ["Café", "Séance spéciale", "Café"]
    assert str(special["LOCATION"]) == "En ligne"
    assert str(special["CONFERENCE"]) == "https://exemple.fr/i"
    assert "CONFERENCE" not in first
    assert str(moved["LOCATION"]).startswith("Mairie de Dax, Salle 2, ")
    assert moved["GEO"].to_ical() == "43.71;-1.05"
    assert JOIN_URL.encode() not in data.replace(b"\r\n ", b"")


def test_what_is_mailed_when_somebody_changes_their_mind(landes_space):
    """The very services: registered, withdrawn, registered again."""
    event = make_event(landes_space, a_date(DAY), registration="internal")
    seen = []
    for _ in range(2):
        occurrence = event.occurrences.get()
        who = {"actor": None, "name": "Zoé", "email": "zoe@exemple.fr", "attending": "on_site"}
        registration = services.register(occurrence=occurrence, **who)
        seen.append(read(request_bytes(registration))[1]["SEQUENCE"])
        services.withdraw(registration=registration, actor=None)
        ended = Registration.objects.get(pk=registration.pk)
        seen.append(read(cancel_bytes(ended))[1]["SEQUENCE"])
    assert seen == sorted(set(seen))
    assert seen[1] == seen[0] + 1
