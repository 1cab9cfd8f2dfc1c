"""What went away stays cancelled in the feeds that had it, for thirty days, without its text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from events.ical import tombstones
from events.models import Occurrence, Tombstone
from portal.core.models import Audience, Theme
from portal.territories.models import Space
from tests.factories import section

from .factories import a_date, day_in, make_event, make_venue, publish, reload

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"
REGION = "/territoires/nouvelle-aquitaine/agenda/"


def shown(client, address: str = f"{LANDES}calendrier.ics") -> dict[str, tuple[str, str, int]]:
    """(state, title, SEQUENCE) of each event of a feed, by UID."""
    events = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    return {str(each["UID"]): (str(each["STATUS"]), str(each["SUMMARY"]), each["SEQUENCE"]) for each in events}


def unpublish(event) -> None:
    reload(event).unpublish()


def delete(event) -> None:
    reload(event).delete()


def make_private(event) -> None:
    PageViewRestriction.objects.create(page=event, restriction_type="login")


def make_its_agenda_private(event) -> None:
    PageViewRestriction.objects.create(page=event.get_parent(), restriction_type="login")


def take_the_date_away(event) -> None:
    event = reload(event)
    event.dates = [a_date(day_in(60))]
    publish(event)


@pytest.mark.parametrize("go", [unpublish, delete, make_private, take_the_date_away])
def test_it_stays_cancelled_and_says_when_only(client, landes_space, go):
    kept = make_event(landes_space, title="Autre")
    event = make_event(landes_space, title="Ornithorynque", lead="Zébulon", venue=make_venue(name="Caché"))
    uid = str(event.occurrences.get().uid)
    before = client.get(f"{LANDES}calendrier.ics")
    assert shown(client)[uid] == ("CONFIRMED", "Ornithorynque", 0)
    go(event)
    after = client.get(f"{LANDES}calendrier.ics", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert shown(client)[uid] == ("CANCELLED", "Événement retiré", 1)
    assert shown(client)[str(kept.occurrences.get().uid)][0] == "CONFIRMED"
    [grave] = [e for e in Calendar.from_ical(after.content).walk("VEVENT") if str(e["UID"]) == uid]
    old = Calendar.from_ical(before.content).walk("VEVENT")
    assert grave["DTSTART"].dt == next(e for e in old if str(e["UID"]) == uid)["DTSTART"].dt
    if go is not take_the_date_away:
        text = after.content.decode().replace("\r\n ", "")
        assert not any(word in text for word in ("Ornithorynque", "Zébulon", "Caché", event.slug))
    assert client.get(f"{LANDES}calendrier.ics").content == after.content


def test_a_private_agenda_gives_nothing_and_the_national_one_the_tombstone(client, landes_space):
    event = make_event(landes_space)
    uid = str(event.occurrences.get().uid)
    make_its_agenda_private(event)
    assert client.get(f"{LANDES}calendrier.ics").status_code == 404
    assert shown(client, "/agenda/calendrier.ics")[uid][0] == "CANCELLED"


def test_who_never_had_it_does_not_get_it(client, landes_space):
    theme = Theme.objects.create(family="inclusion", name="Santé", slug="sante")
    Theme.objects.create(family="inclusion", name="Emploi", slug="emploi")
    audience = Audience.objects.create(name="hubs", slug="hubs")
    event = make_event(
        landes_space,
        a_date(day_in(5)),
        format="salon",
        mode="hybride",
        registration_url="https://exemple.fr/i",
        themes=[theme],
        audiences=[audience],
        captions=True,
    )
    draft = make_event(landes_space, live=False)
    delete(draft)
    uid = str(event.occurrences.get().uid)
    unpublish(event)
    assert Tombstone.objects.count() == 1
    had = [
        ("", LANDES), ("", "/agenda/"), ("?portee=dedans", REGION), ("?theme=sante", LANDES), ("?public=hubs", LANDES),
        ("?format=salon&format=atelier", LANDES), ("?mode=en_ligne", LANDES), ("?accessibilite=captions", LANDES),
        ("?periode=tous", LANDES), ("?statut=programme", LANDES), ("?territoire=departement-40", "/agenda/"),
        (f"?du={day_in(5)}&au={day_in(6)}", LANDES),
    ]  # fmt: skip
    had_not = [
        ("", REGION), ("?theme=emploi", LANDES), ("?format=atelier", LANDES), ("?periode=passes", LANDES),
        ("?accessibilite=wheelchair", LANDES), ("?statut=annule", LANDES), ("?quand=demain", LANDES),
        ("?territoire=departement-32", "/agenda/"), (f"?du={day_in(6)}", LANDES),
        # Not to be decided without its text.
        ("?q=evenement", LANDES),
    ]  # fmt: skip
    for query, agenda in had:
        assert uid in shown(client, f"{agenda}calendrier.ics{query}"), (agenda, query)
    for query, agenda in had_not:
        assert uid not in shown(client, f"{agenda}calendrier.ics{query}"), (agenda, query)


def test_back_again_it_is_above_its_cancellation(client, landes_space):
    event = make_event(landes_space, title="Café")
    uid = str(event.occurrences.get().uid)
    unpublish(event)
    assert shown(client)[uid][::2] == ("CANCELLED", 1)
    publish(reload(event))
    assert shown(client)[uid] == ("CONFIRMED", "Café", 2)
    assert not Tombstone.objects.exists()
    restriction = PageViewRestriction.objects.create(page=event, restriction_type="login")
    assert shown(client)[uid][::2] == ("CANCELLED", 3)
    restriction.delete()
    assert shown(client)[uid] == ("CONFIRMED", "Café", 4)


def test_moved_where_nobody_may_read_it(client, landes_space):
    event = make_event(landes_space)
    uid = str(event.occurrences.get().uid)
    national = section(Space.objects.get(territory__level="nation"), "agenda")
    PageViewRestriction.objects.create(page=national, restriction_type="login")
    reload(event).move(national, pos="last-child")
    assert shown(client)[uid][0] == "CANCELLED"


def test_after_thirty_days_it_is_gone(client, landes_space):
    event = make_event(landes_space)
    uid = str(event.occurrences.get().uid)
    delete(event)
    now = timezone.now()
    tombstones.sweep(now=now + timedelta(days=29))
    assert uid in shown(client)
    etag = client.get(f"{LANDES}calendrier.ics")["ETag"]
    tombstones.sweep(now=now + timedelta(days=31))
    assert uid not in shown(client)
    assert client.get(f"{LANDES}calendrier.ics")["ETag"] != etag
    assert tombstones.sweep() == 0


def test_what_a_signal_missed_is_swept(client, landes_space):
    event = make_event(landes_space)
    uid = str(event.occurrences.get().uid)
    Occurrence.objects.update(announced=False)
    assert tombstones.sweep() == 0
    assert Occurrence.objects.get().announced
    event.fact.visible = False
    event.fact.save()
    assert tombstones.sweep() == 1
    assert shown(client)[uid][0] == "CANCELLED"


def test_the_file_of_an_event_says_which_of_its_dates_went(client, landes_space):
    event = make_event(landes_space, a_date(day_in(5)), a_date(day_in(6)))
    take_the_date_away(event)
    states = [state for state, _, _ in shown(client, f"{event.url}evenement.ics").values()]
    assert sorted(states) == ["CANCELLED", "CANCELLED", "CONFIRMED"]
