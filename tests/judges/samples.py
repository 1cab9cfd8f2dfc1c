"""Every kind of calendar file the portal gives, with the instants that are in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.test import Client

from events import series
from events.enums import Zone
from events.ical.itip import cancel_bytes, request_bytes
from events.models import EventDate, EventPage, Occurrence
from events.services import publish_occurrences
from portal.territories.models import Space
from tests.events.factories import (
    JOIN_URL,
    a_date,
    a_rule,
    make_event,
    make_registration,
    make_venue,
    publish,
    reload,
)

DAY = date(2027, 7, 1)
MONDAY = date(2027, 2, 1)
AGENDA = "/territoires/nouvelle-aquitaine/landes/agenda/calendrier.ics"
ODD = "Été 🎉 « œuvre », a;b\\c \\n 👩‍🦽 ﷺ " + "é" * 90
#: What series are expanded between.
FROM, TO = date(2026, 1, 1), date(2029, 1, 1)


@dataclass
class Sample:
    """A file, the instants held that are in it, those written in it (cancelled ones too; None: series), and those of
    RDATE among the former.
    """

    name: str
    data: bytes
    held: list[list[str]]
    written: list[list[str]] | None
    added: list[list[str]] = field(default_factory=list)


def instants(occurrences: Any, *, cancelled: bool = False) -> list[list[str]]:
    """[[start, end], …] as the judges print them: UTC, or days with the end excluded."""
    found = []
    for each in occurrences:
        if each.status == "annule" and not cancelled:
            continue
        if each.all_day:
            found.append([f"{each.start_date}", f"{each.end_date + timedelta(days=1)}"])
        else:
            found.append([_text(each.starts_at), _text(each.ends_at)])
    return sorted(found)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Maker:
    """Publishes events and reads their files back through the site."""

    def __init__(self, space: Space, client: Client) -> None:
        self.space, self.client = space, client

    def get(self, address: str) -> bytes:
        response = self.client.get(address)
        assert response.status_code == 200, address
        return response.content

    def event(self, name: str, *dates: EventDate, **fields: Any) -> Sample:
        page = make_event(self.space, *dates, **fields)
        return self.file(name, f"{page.url}evenement.ics", page.occurrences.all())

    def file(self, name: str, address: str, occurrences: Any) -> Sample:
        dates = list(occurrences)
        return Sample(name, self.get(address), instants(dates), instants(dates, cancelled=True))

    def series(self, name: str, *rules: Any, **fields: Any) -> Sample:
        return self.series_of(name, make_event(self.space, rules=list(rules), **fields))

    def series_of(self, name: str, page: EventPage) -> Sample:
        return Sample(name, self.get(f"{page.url}serie.ics"), instants(page.occurrences.all()), None)


def samples(space: Space, client: Client) -> Iterator[Sample]:
    make = Maker(space, client)
    yield make.event("single", a_date(DAY, time(9, 30), time(12)))
    yield make.event("all-day", a_date(DAY, None, None))
    yield make.event("multi-day", a_date(DAY, time(9), time(17), last=DAY + timedelta(days=2)))
    yield make.event("multi-day-whole", a_date(DAY, None, None, last=DAY + timedelta(days=2)))
    yield make.event("hybrid", a_date(DAY), mode="hybride", join_url=JOIN_URL)
    yield make.event("online", a_date(DAY), mode="en_ligne", registration_url="https://exemple.fr/été?a=1,2;b")
    yield make.event(
        "text", a_date(DAY, note="Une ; note, « là »"), title=ODD, lead=f"Deux\r\nlignes\n\n{ODD}\x07\u2028",
        venue=make_venue(name="L'« Été » ; a, b \\ c", latitude="43.890000", longitude="-0.499000"),
        organiser='Hub "des" Landes ; & co, 🎉', captions=True,
    )  # fmt: skip
    yield make.event("cancelled-date", a_date(DAY), a_date(DAY + timedelta(days=1), status="annule", note="Non"))
    yield from _zones(make)
    yield from _changes_of_hour(make)
    yield from _series(make)
    yield from _invitations(make)
    make_event(space, a_date(DAY), title="Retiré").delete()
    dates = Occurrence.objects.filter(past_from__gt=datetime.now(UTC))
    feed = make.file("feed", AGENDA, dates)
    yield Sample(feed.name, feed.data, feed.held, None)


def _zones(make: Maker) -> Iterator[Sample]:
    for zone in Zone.values:
        slug = zone.replace("/", "-").lower()
        yield make.event(
            f"zone-{slug}", a_date(date(2027, 1, 15)), a_date(DAY), a_date(DAY, None, None), time_zone=zone
        )
        rule = a_rule(date(2027, 1, 7), time(18, 30), time(20), interval=2, count=24)
        yield make.series(f"zone-series-{slug}", rule, time_zone=zone)


def _changes_of_hour(make: Maker) -> Iterator[Sample]:
    """The days clocks change in Paris and Miquelon: before, across, after, and the hour that is there twice."""
    for zone, days in (
        (Zone.PARIS, (date(2027, 3, 28), date(2027, 10, 31))),
        (Zone.MIQUELON, (date(2027, 3, 14), date(2027, 11, 7))),
    ):
        dates = []
        for day in days:
            dates += [
                a_date(day, time(1), time(1, 30)),
                a_date(day, time(1), time(4)),
                a_date(day, time(3), time(5)),
                a_date(day, None, None),
                a_date(day - timedelta(days=1), time(22), time(6), last=day),
            ]
        yield make.event(f"change-{zone.name.lower()}", *dates, time_zone=zone)
        night = a_rule(days[0] - timedelta(days=8), time(22), time(6), days=2, weekdays="SA", count=40)
        yield make.series(f"change-series-{zone.name.lower()}", night, time_zone=zone)
    twice = a_date(date(2027, 10, 31), time(2, 30), time(4))
    yield make.event("twice", twice)


def _series(make: Maker) -> Iterator[Sample]:
    yield make.series("series-plain", a_rule(MONDAY, count=30))
    yield make.series(
        "series-exdate", a_rule(MONDAY, weekdays="MO,TH", until=date(2027, 12, 31), skip_holidays=True,
                                excluded="15/02/2027\n01/08/2027 - 31/08/2027"),
    )  # fmt: skip
    page = make_event(make.space, rules=[a_rule(MONDAY, count=12, excluded="15/02/2027")], title="Lundis")
    page = reload(page)
    page.dates = [
        _instead(page, 7, start=time(14), end=time(16)),
        _instead(page, 21, status="annule", note="Salle prise"),
        _instead(page, 28, title="Séance ; spéciale"),
        _instead(page, 35, to=MONDAY + timedelta(days=37)),
        a_date(date(2027, 5, 3)),
        a_date(date(2027, 5, 5), time(18), time(19)),
    ]
    page = publish(page)
    sample = make.series_of("series-exceptions", page)
    sample.added = instants(page.occurrences.filter(rule_key=None))
    yield sample
    yield make.file("series-exceptions-dates", f"{page.url}evenement.ics", page.occurrences.all())
    page.status, page.status_reason = "annule", "Fin du projet"
    page = publish(reload_with(page))
    yield make.series_of("series-cancelled", page)
    yield make.series("series-whole-days", a_rule(MONDAY, None, None, days=2, count=8))
    monthly: dict[str, Any] = {"count": 14}
    yield make.series("series-month-31", a_rule(date(2027, 1, 31), frequency="monthly_day", **monthly))
    yield make.series("series-nth", a_rule(date(2027, 1, 12), frequency="monthly_nth", nth=2, weekdays="TH", **monthly))
    yield make.series(
        "series-last", a_rule(date(2027, 1, 12), frequency="monthly_nth", nth=-1, weekdays="FR", **monthly)
    )
    yield make.series("series-two", a_rule(MONDAY, count=3), a_rule(date(2027, 2, 3), time(18), time(19), count=3))
    yield make.series("series-endless", a_rule(MONDAY))


def reload_with(page: EventPage) -> EventPage:
    """The page from the database, with the state that was given to it in memory."""
    fresh = reload(page)
    fresh.status, fresh.status_reason = page.status, page.status_reason
    return fresh


def _instead(page: EventPage, days: int, to: date | None = None, **fields: Any) -> EventDate:
    rule, day = page.rules.get(), MONDAY + timedelta(days=days)
    fields = {"day": to or day} | fields
    return a_date(key=series.key_of(rule.key, day), rule_key=rule.key, rule_date=day, **fields)


def _invitations(make: Maker) -> Iterator[Sample]:
    page = make_event(make.space, a_date(DAY), a_date(DAY, None, None), title=ODD, mode="hybride", join_url=JOIN_URL)
    for number, occurrence in enumerate(page.occurrences.order_by("starts_at")):
        who = {"name": 'Zoé "Zaza" ; d’Œuvre, 🎉', "email": f"zoe+{number}@exemple.fr"}
        registration = make_registration(occurrence, attending="online", **who)
        held = instants([occurrence])
        yield Sample(f"request-{number}", request_bytes(registration), held, held)
        yield Sample(f"cancel-{number}", cancel_bytes(registration), [], held)


def many(space: Space, client: Client, count: int) -> Sample:
    """A feed of ``count`` events."""
    each = 1_000
    for _ in range(count // each):
        page = make_event(space, a_date(DAY, time(8), time(19)))
        dates = [
            a_date(DAY + timedelta(days=number // 10), time(8 + number % 10), time(19), page=page)
            for number in range(1, each)
        ]
        # At once: Wagtail indexes the references of the whole page again for each date that is saved.
        EventDate.objects.bulk_create(dates)
        publish_occurrences(page=reload(page))
    return Maker(space, client).file("many", AGENDA, Occurrence.objects.all())
