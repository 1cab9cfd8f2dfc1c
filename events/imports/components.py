"""From content lines to calendars and their components (RFC 5545 3.6), balanced or not.

What begins an event always ends the one before; an event whose BEGIN or END was lost is still one. Every VEVENT met is
returned, complete or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .lines import Line, content_lines
from .parsed import Kind, Notes, words

TOP = words("VEVENT VTODO VJOURNAL VFREEBUSY VTIMEZONE VAVAILABILITY VPOLL")
OTHER_KINDS = {
    "VTODO": "Tâches ignorées : seuls les événements sont importés.",
    "VJOURNAL": "Notes de journal ignorées : seuls les événements sont importés.",
    "VFREEBUSY": "Disponibilités ignorées : seuls les événements sont importés.",
    "VAVAILABILITY": "Disponibilités ignorées : seuls les événements sont importés.",
    "VPOLL": "Sondages ignorés : seuls les événements sont importés.",
    "VCARD": "Contacts ignorés : seuls les événements sont importés.",
}
# Told from anything else found between two components: the remains of an event.
_EVENTS_OWN = words("UID DTSTART DTEND DTSTAMP SUMMARY DESCRIPTION LOCATION RRULE SEQUENCE")


DEEPEST = 30
MOST_LINES = 20_000  # Of one component.
MOST_EVENTS = 50_000  # Of one file: those that follow are counted.
# What lies about is no event, but a task, a time zone, an alarm.
_OF_OTHERS = words("DUE COMPLETED PERCENT-COMPLETE TZOFFSETFROM TZOFFSETTO TRIGGER FREEBUSY")


@dataclass(slots=True)
class Component:
    """A component: where it begins, its lines by name, the components inside."""

    kind: str
    line: int
    properties: dict[str, list[Line]] = field(default_factory=dict)
    children: list[Component] = field(default_factory=list)
    size: int = 0

    def add(self, line: Line) -> None:
        self.size += 1
        if self.size <= MOST_LINES:
            self.properties.setdefault(line.name, []).append(line)

    def first(self, name: str) -> Line | None:
        """The first line of that name that is not empty."""
        return next((line for line in self.properties.get(name, ()) if line.value.strip()), None)

    def all(self, name: str) -> list[Line]:
        return self.properties.get(name, [])

    def text(self, name: str) -> str:
        """The value of the first line of that name, as written, without white space around."""
        line = self.first(name)
        return line.value.strip() if line else ""


@dataclass(slots=True)
class Calendar:
    """A VCALENDAR, or what stands for one when the file has none."""

    own: Component
    events: list[Component] = field(default_factory=list)
    zones: list[Component] = field(default_factory=list)
    declared: bool = True


class _Builder:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.calendars: list[Calendar] = []
        self.stack: list[Component] = []
        self.loose: list[Line] = []
        self.events = 0
        self.beyond = self.first_beyond = 0

    @property
    def calendar(self) -> Calendar:
        if not self.calendars:
            self.calendars.append(Calendar(Component("VCALENDAR", 1), declared=False))
        return self.calendars[-1]

    def take(self, line: Line) -> None:
        if line.name == "BEGIN":
            self.begin(line)
        elif line.name == "END":
            self.end(line)
        elif self.stack:
            self.stack[-1].add(line)
        elif self.loose or (line.name in _EVENTS_OWN and line.name != "DESCRIPTION"):
            if len(self.loose) < MOST_LINES:
                self.loose.append(line)
        else:
            self.calendar.own.add(line)

    def begin(self, line: Line) -> None:
        kind = line.value
        if kind == "VCALENDAR" or kind in TOP or kind == "VCARD":
            self.close(until=0, whole=False)
            self.gather(line.number)
            if kind == "VCALENDAR":
                self.calendars.append(Calendar(Component(kind, line.number)))
                return
        if len(self.stack) >= DEEPEST:
            return
        made = Component(kind, line.number)
        if self.stack and len(self.stack[-1].children) < MOST_LINES:
            self.stack[-1].children.append(made)
        self.stack.append(made)
        if not self.stack[:-1]:
            self.place(made)

    def place(self, made: Component) -> None:
        if made.kind == "VEVENT":
            self.keep(made)
        elif made.kind == "VTIMEZONE":
            self.calendar.zones.append(made)
        elif made.kind in OTHER_KINDS:
            text = OTHER_KINDS[made.kind]
            self.notes.count(made.line, "", text, Kind.SKIPPED)

    def keep(self, event: Component) -> None:
        """One more event; too many are only counted."""
        self.events += 1
        if self.events <= MOST_EVENTS:
            self.calendar.events.append(event)
        else:
            self.beyond += 1
            self.first_beyond = self.first_beyond or event.line

    def end(self, line: Line) -> None:
        kind = line.value
        depth = next((at for at in range(len(self.stack) - 1, -1, -1) if self.stack[at].kind == kind), None)
        if depth is not None:
            self.close(until=depth)
        elif kind == "VEVENT":
            self.end_of_lost(line)
        elif kind in ("VCALENDAR", *TOP):
            self.close(until=0, whole=False)
            self.gather(line.number)

    def end_of_lost(self, line: Line) -> None:
        """END:VEVENT without its BEGIN: the component above was one, under another name, or lines lie about."""
        if self.stack and self.stack[0].kind not in TOP:
            made = self.stack[0]
            self.stack.clear()
            made.kind = "VEVENT"
            self.keep(made)
            self.notes.add(made.line, "", "Un événement ne commence pas par BEGIN:VEVENT : il est lu quand même.")
        elif self.stack and self.stack[0].kind != "VEVENT" and "DTSTART" in self.stack[0].properties:
            self.close(until=0)
        self.gather(line.number)

    def gather(self, line: int) -> None:
        """Lines of an event that lost its BEGIN make one."""
        loose, self.loose = self.loose, []
        names = {item.name for item in loose}
        if "DTSTART" not in names or not names & {"UID", "SUMMARY"} or names & _OF_OTHERS:
            if names:
                self.notes.add(loose[0].number, "", "Des lignes hors de tout événement sont ignorées.", Kind.FILE)
            return
        made = Component("VEVENT", loose[0].number)
        for item in loose:
            made.add(item)
        self.keep(made)
        self.notes.add(made.line, "", "Un événement ne commence pas par BEGIN:VEVENT : il est lu quand même.")

    def close(self, until: int, whole: bool = True) -> None:
        """End every component from depth ``until`` on. Not ``whole``: by what follows it, its END missing."""
        if not whole and self.stack and self.stack[0].kind == "VEVENT":
            self.notes.add(self.stack[0].line, "", "END:VEVENT manque : l'événement est peut-être incomplet.")
        del self.stack[until:]


# Properties an event has once (RFC 5545 3.6.1).
_ONCE = words("UID DTSTART DTEND DURATION DTSTAMP CREATED LAST-MODIFIED SUMMARY SEQUENCE STATUS TRANSP CLASS URL GEO")


def _parted(event: Component, notes: Notes) -> list[Component]:
    """``event``, or those it is made of when the lines between them were lost: it has several UIDs."""
    if len(event.all("UID")) < 2 and len(event.all("DTSTART")) < 2:
        return [event]
    if len({line.value.strip() for line in event.all("UID")}) < 2:
        if len({line.value.strip() for line in event.all("DTSTART")}) > 1:
            notes.add(event.line, event.text("UID"), "DTSTART est écrit plusieurs fois : le premier est pris.")
        return [event]
    parts = [Component(event.kind, event.line)]
    lines = sorted((line for named in event.properties.values() for line in named), key=lambda line: line.number)
    for line in lines:
        if line.name in _ONCE and line.name in parts[-1].properties:
            parts.append(Component(event.kind, line.number))
        parts[-1].add(line)
    text = "Plusieurs événements se suivent sans END:VEVENT ni BEGIN:VEVENT : ils sont lus séparément."
    notes.add(event.line, event.text("UID"), text)
    return parts


def read_components(data: bytes, notes: Notes) -> tuple[list[Calendar], int]:
    """The calendars of ``data``, in order (none if nothing in it looks like one), and how many events were too many.

    Never raises.
    """
    builder = _Builder(notes)
    junk: list[int] = []
    last = 1
    for line in content_lines(data, junk):
        builder.take(line)
        last = line.number
    builder.close(until=0, whole=False)
    builder.gather(last)
    for calendar in builder.calendars:
        calendar.events = [part for event in calendar.events for part in _parted(event, notes)]
    if builder.calendars and junk and any(calendar.declared or calendar.events for calendar in builder.calendars):
        text = f"Lignes illisibles ignorées : {', '.join(map(str, junk[:10]))}{'…' if len(junk) > 10 else ''}."
        notes.add(junk[0], "", text, Kind.FILE)
    if builder.beyond:
        text = f"Plus de {MOST_EVENTS} événements : les suivants ne sont pas lus."
        notes.count(builder.first_beyond, "", text, Kind.SET_ASIDE, number=builder.beyond)
    kept = [calendar for calendar in builder.calendars if calendar.declared or calendar.events or calendar.zones]
    return kept, builder.beyond
