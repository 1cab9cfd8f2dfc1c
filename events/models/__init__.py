"""Events, their dates and venues, registrations, and the agenda that lists them."""

from .calendars import CalendarToken, SeriesCalendar, Tombstone
from .dates import EventDate, EventRule
from .events import EventPage
from .occurrences import AgendaStamp, Occurrence
from .registrations import EventMail, Registration, RegistrationQuestion, Seating
from .templates import EventTemplate
from .venues import Venue

__all__ = [
    "AgendaPage",
    "AgendaStamp",
    "CalendarToken",
    "EventDate",
    "EventMail",
    "EventPage",
    "EventRule",
    "EventTemplate",
    "ImportLine",
    "ImportRun",
    "ImportSource",
    "ImportedEvent",
    "ImportedPage",
    "Occurrence",
    "Registration",
    "RegistrationQuestion",
    "Seating",
    "SeriesCalendar",
    "Tombstone",
    "Venue",
]

from ..imports.models import ImportedEvent, ImportedPage, ImportLine, ImportRun, ImportSource

# Last: its filters read the models above.
from .agenda import AgendaPage
