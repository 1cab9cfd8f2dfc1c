"""Events, their dates and venues, and the agenda that lists them."""

from .events import EventDate, EventPage
from .occurrences import AgendaStamp, Occurrence
from .venues import Venue

__all__ = ["AgendaPage", "AgendaStamp", "EventDate", "EventPage", "Occurrence", "Venue"]

# Last: its filters read the models above.
from .agenda import AgendaPage
