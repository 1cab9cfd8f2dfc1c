"""What is mailed to somebody registered: iTIP messages (RFC 5546), carried by iMIP (RFC 6047).

The UID is the occurrence's, so that the invitation and a subscribed feed are one event for a calendar that merges them.
SEQUENCE follows the occurrence's and the registration's; a cancellation is one above the invitation it revokes, and an
invitation sent after a cancellation to the same address is above it.
"""

from __future__ import annotations

from email.encoders import encode_base64
from email.mime.nonmultipart import MIMENonMultipart
from typing import TYPE_CHECKING, Literal

from django.core.mail import EmailMessage
from django.db.models import Count, Sum
from icalendar import Event, Parameters, vCalAddress

from ..enums import ACTIVE, Attending, RegistrationState, Status
from .calendars import calendar_bytes
from .text import mailto, parameter
from .vevents import describe, stamp

if TYPE_CHECKING:
    from ..models import Registration

Method = Literal["REQUEST", "CANCEL"]


def request_bytes(registration: Registration) -> bytes:
    """METHOD:REQUEST for somebody registered: their calendar adds the event, or brings it up to date.

    The join link is in it for those confirmed who take part online, and for nobody else. About four queries.
    """
    state = RegistrationState(registration.state)
    confirmed = state == RegistrationState.CONFIRMED
    online = registration.attending == Attending.ONLINE
    occurrence = registration.occurrence
    link = occurrence.join_url if confirmed and online and occurrence.status != Status.ANNULE else ""
    event = _event(registration, join_url=link)
    event.add("attendee", _attendee(registration, "ACCEPTED" if confirmed else "TENTATIVE"))
    if not confirmed:
        event["status"] = "TENTATIVE"
    return _file(registration, event, "REQUEST", sequence=sequence_of(registration))


def cancel_bytes(registration: Registration) -> bytes:
    """METHOD:CANCEL: the event leaves this person's calendar, whether it or their registration is cancelled."""
    event = _event(registration, cancelled=True)
    event.add("attendee", _attendee(registration, "DECLINED"))
    event["status"] = "CANCELLED"
    # A date that is called off is above its invitations already, and so is a registration that was ended.
    above = registration.occurrence.status == Status.ANNULE or registration.state not in ACTIVE
    more = 0 if above else 1
    return _file(registration, event, "CANCEL", sequence=sequence_of(registration) + more)


def sequence_of(registration: Registration) -> int:
    """SEQUENCE of an invitation. Earlier registrations of the same address count: what cancelled them is below it."""
    earlier = type(registration).objects.filter(
        occurrence_id=registration.occurrence_id,
        email_key=registration.email_key,
        created_at__lt=registration.created_at,
    )
    before = earlier.exclude(email_key="").aggregate(sent=Sum("sequence"), number=Count("pk"))
    return registration.occurrence.sequence + registration.sequence + (before["sent"] or 0) + 2 * before["number"]


def attach(message: EmailMessage, data: bytes, method: Method) -> None:
    """Join the file to ``message``; the part's ``method`` is the file's METHOD (RFC 6047, 2.4)."""
    part = MIMENonMultipart("text", "calendar", method=method, charset="utf-8", name="invitation.ics")
    part.set_payload(data)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    message.attach(part)


def _event(registration: Registration, *, join_url: str = "", cancelled: bool = False) -> Event:
    from ..services import event_url

    occurrence = registration.occurrence
    page = occurrence.page
    note = ""
    if cancelled and occurrence.status != Status.ANNULE:
        note = "Votre inscription à cette date est annulée."
    elif registration.state == RegistrationState.WAITING:
        note = "Vous êtes sur liste d’attente."
    categories = sorted(theme.name for theme in page.themes.all())
    return describe(occurrence, page, event_url(page), categories, join_url=join_url, note=note)


def _attendee(registration: Registration, answer: str) -> vCalAddress:
    params = {
        "CN": parameter(registration.name) or registration.email,
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": answer,
        "RSVP": "FALSE",
    }
    return vCalAddress(mailto(registration.email), params=Parameters(params))


def _file(registration: Registration, event: Event, method: Method, *, sequence: int) -> bytes:
    occurrence = registration.occurrence
    modified_at = max(occurrence.modified_at, registration.changed_at)
    stamped = stamp(event, sequence=sequence, created_at=registration.created_at, modified_at=modified_at)
    zones = [] if occurrence.all_day else [occurrence.time_zone]
    return calendar_bytes([stamped.to_ical()], zones, method=method)
