"""Whether a mail still has something to say, asked just before it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..enums import ACTIVE, EventMailKind, RegistrationState, Status
from ..models import EventMail

_K, _S = EventMailKind, RegistrationState
#: How late a word of thanks still makes sense.
AFTERWARDS_FOR = timedelta(days=7)
# The states in which each kind is true.
_STATES = {
    _K.CONFIRMED: (_S.CONFIRMED,),
    _K.PENDING: (_S.PENDING,),
    _K.WAITING: (_S.WAITING,),
    _K.OFFER: (_S.OFFERED,),
    _K.OFFER_EXPIRED: (_S.EXPIRED,),
    _K.REFUSED: (_S.REFUSED,),
    _K.WITHDRAWN: (_S.CANCELLED,),
    _K.WEEK_BEFORE: (_S.CONFIRMED,),
    _K.DAY_BEFORE: (_S.CONFIRMED,),
    _K.HOUR_BEFORE: (_S.CONFIRMED,),
    _K.AFTERWARDS: (_S.CONFIRMED,),
    _K.CERTIFICATE: (_S.CONFIRMED,),
    _K.MESSAGE: ACTIVE,
}
_BEFORE = (_K.WEEK_BEFORE, _K.DAY_BEFORE, _K.HOUR_BEFORE)


def is_relevant(mail: EventMail, now: datetime) -> bool:
    """Whether ``mail`` is still true and of use at ``now``. No query."""
    registration, occurrence = mail.registration, mail.occurrence
    kind = EventMailKind(mail.kind)
    if registration.purged_at or not registration.email:
        return False
    states = _STATES.get(kind)
    if states is not None and registration.state not in states:
        return False
    off = occurrence.status in (Status.ANNULE, Status.REPORTE)
    if kind in _BEFORE:
        return (
            not off
            and occurrence.page.live
            and occurrence.starts_at > now
            and mail.moment == occurrence.starts_at.isoformat()
        )
    if kind == _K.AFTERWARDS:
        return (
            not off
            and occurrence.page.live
            and registration.attended is not False
            and occurrence.ends_at <= now < occurrence.ends_at + AFTERWARDS_FOR
            and mail.moment == occurrence.starts_at.isoformat()
        )
    if kind == _K.OCCURRENCE_CANCELLED:
        return off
    if kind == _K.OCCURRENCE_MOVED:
        return not off and occurrence.ends_at > now
    if kind == _K.OFFER_EXPIRED:
        return not off
    if kind == _K.OFFER:
        return not off and registration.offer_expires_at is not None and registration.offer_expires_at > now
    return True
