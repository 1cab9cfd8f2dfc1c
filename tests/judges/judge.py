"""What four parsers of PyPI make of calendars: run in the judges' environment, apart from the portal's.

``python judge.py from to file…`` prints JSON: {parser: {file: [[start, end], …] or {"refused": why}}}. Instants are
UTC, as RFC 3339; whole days are dates, the end excluded. Series are expanded between the days ``from`` and ``to``.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import warnings
from pathlib import Path

import ics
import recurring_ical_events
import vobject
from dateutil import rrule, tz
from icalendar import Calendar

warnings.simplefilter("ignore")
UTC = dt.UTC


def text(moment: dt.date) -> str:
    if isinstance(moment, dt.datetime):
        assert moment.tzinfo is not None, f"floating: {moment}"
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()


def recurring(data: str, first: dt.date, last: dt.date) -> list[list[str]]:
    """recurring-ical-events: every instance, exceptions and added dates in their place; cancelled ones left out."""
    found = recurring_ical_events.of(Calendar.from_ical(data)).between(first, last)
    held = [event for event in found if str(event.get("STATUS")) != "CANCELLED"]
    return [[text(event["DTSTART"].dt), text(event["DTEND"].dt)] for event in held]


def by_vobject(data: str, first: dt.date, last: dt.date) -> list[list[str]]:
    """vobject, which reads the zones of the file itself: each component's own start and end, as written."""
    calendar = vobject.readOne(data)
    calendar.serialize()
    return [[text(event.dtstart.value), text(event.dtend.value)] for event in calendar.contents.get("vevent", [])]


def by_ics(data: str, first: dt.date, last: dt.date) -> list[list[str]]:
    """ics.py: each component's own start and end, as written."""
    found = []
    for event in ics.Calendar(data).events:
        if event.all_day:
            found.append([event.begin.date().isoformat(), event.end.date().isoformat()])
        else:
            found.append([text(event.begin.datetime), text(event.end.datetime)])
    return found


def by_dateutil(data: str, first: dt.date, last: dt.date) -> list[list[str]]:
    """dateutil: the file's own zones by its ``tzical``, the recurrence set by its ``rrulestr``.

    Exceptions by RECURRENCE-ID are put in their place here, which dateutil has no words for.
    """
    from io import StringIO

    zones = tz.tzical(StringIO(data)) if "BEGIN:VTIMEZONE" in data else None
    lines = data.replace("\r\n ", "").split("\r\n")
    events: list[dict[str, list[tuple[str, str]]]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and ":" in line:
            name, value = line.split(":", 1)
            key, _, params = name.partition(";")
            events[-1].setdefault(key, []).append((params, value))

    def moment(params: str, value: str) -> dt.date:
        if "VALUE=DATE" in params.split(";"):
            return dt.date.fromisoformat(value)
        if value.endswith("Z"):
            return dt.datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        zone = next(each[5:] for each in params.split(";") if each.startswith("TZID="))
        return dt.datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zones.get(zone))

    def at(event: dict[str, list[tuple[str, str]]], name: str) -> dt.date:
        return moment(*event[name][0])

    exceptions = {(e["UID"][0][1], text(at(e, "RECURRENCE-ID"))): e for e in events if "RECURRENCE-ID" in e}
    found = []
    for event in events:
        if event.get("STATUS", [("", "")])[0][1] == "CANCELLED" and "RECURRENCE-ID" not in event:
            continue
        if "RECURRENCE-ID" in event:
            continue
        start, end = at(event, "DTSTART"), at(event, "DTEND")
        if "RRULE" not in event:
            found.append([text(start), text(end)])
            continue
        whole = not isinstance(start, dt.datetime)
        dated = dt.datetime.combine(start, dt.time.min) if whole else start
        days = rrule.rruleset()
        days.rrule(rrule.rrulestr(event["RRULE"][0][1], dtstart=dated))
        for params, values in event.get("RDATE", []):
            for value in values.split(","):
                each = moment(params, value)
                days.rdate(dt.datetime.combine(each, dt.time.min) if whole else each)
        for params, values in event.get("EXDATE", []):
            for value in values.split(","):
                each = moment(params, value)
                days.exdate(dt.datetime.combine(each, dt.time.min) if whole else each)
        for each in days:
            here = each.date() if whole else each
            other = exceptions.get((event["UID"][0][1], text(here)))
            if other is None:
                lasts = end - start if whole else end.astimezone(UTC) - start.astimezone(UTC)
                stop = here + lasts if whole else here.astimezone(UTC) + lasts
                found.append([text(here), text(stop)])
            elif other.get("STATUS", [("", "")])[0][1] != "CANCELLED":
                found.append([text(at(other, "DTSTART")), text(at(other, "DTEND"))])
    return found


PARSERS = {"recurring-ical-events": recurring, "dateutil": by_dateutil, "vobject": by_vobject, "ics": by_ics}


def main() -> None:
    first, last = (dt.date.fromisoformat(each) for each in sys.argv[1:3])
    said: dict[str, dict[str, object]] = {name: {} for name in PARSERS}
    for path in sys.argv[3:]:
        data = Path(path).read_bytes().decode("utf-8")
        for name, parse in PARSERS.items():
            try:
                said[name][path] = sorted(parse(data, first, last))
            except Exception as error:
                said[name][path] = {"refused": f"{type(error).__name__}: {error}"}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
