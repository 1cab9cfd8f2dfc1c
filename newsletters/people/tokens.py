"""Links of a person's own. The letters' link opens what anybody may do who reads their mail over their shoulder (choose
lists, pause, be measured or not); what shows or destroys their data asks for a link that was sent to their address
within two days, since letters are forwarded.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing

from ..addresses import fingerprint
from ..models import AddressChange, Delivery, Subscriber, Subscription
from ..models.mails import CHANGE_LIFE
from ..sending import tokens as copy_tokens
from ..tokens import BadTokenError

FRESH_LIFE = timedelta(days=2)
_FRESH, _STAY, _CHANGE = "newsletters.preferences", "newsletters.stay", "newsletters.address"


@dataclass(frozen=True)
class Holder:
    """Who a link of preferences is about; nobody for that of a trial. ``proven``: it was sent to the address lately."""

    subscriber: Subscriber | None
    proven: bool = False


def fresh_token(subscriber: Subscriber) -> str:
    """A link that proves the address: it dies with a change of it."""
    return signing.dumps([subscriber.uuid.hex, fingerprint(subscriber.address)[:16]], salt=_FRESH)


def read_preferences(token: str) -> Holder:
    """Who a link of preferences is about: a letter's (for ever), or one asked for (:data:`FRESH_LIFE`).

    At most two queries; changes nothing. Raises :class:`BadTokenError`, in French.
    """
    if ":" in token:
        name, mark = _read(token, _FRESH, FRESH_LIFE)
        person = _known(name)
        if not fingerprint(person.address).startswith(mark):
            raise BadTokenError("Cette adresse a changé depuis. Demandez un autre lien à la nouvelle.")
        return Holder(person, proven=True)
    try:
        ref = copy_tokens.read(copy_tokens.Purpose.PREFERENCES, token)
    except copy_tokens.BadTokenError as error:
        raise BadTokenError("Ce lien n’est pas valide.") from error
    if not ref.subscription and not ref.delivery:
        return Holder(None)
    held = Subscription.objects.select_related("subscriber").filter(pk=ref.subscription).first()
    if held is not None:
        return Holder(held.subscriber)
    # The subscription went with a change of address; the copy knows who it was for.
    sent = Delivery.objects.select_related("subscriber").filter(pk=ref.delivery).first()
    if sent is None or sent.subscriber is None:
        raise BadTokenError("Cette adresse n’est plus connue : nous n’avons plus rien sur elle.")
    return Holder(sent.subscriber)


def stay_token(subscriber: Subscriber) -> str:
    return signing.dumps(subscriber.uuid.hex, salt=_STAY)


def read_stay(token: str) -> Subscriber:
    """Who says that they stay. Never expires: late is better than never. Raises :class:`BadTokenError`."""
    return _known(_read(token, _STAY, None))


def change_token(change: AddressChange) -> str:
    return signing.dumps(change.pk.hex, salt=_CHANGE)


def read_change(token: str) -> AddressChange:
    """The change of address behind a link, still usable. Changes nothing. Raises :class:`BadTokenError`."""
    value = _read(token, _CHANGE, CHANGE_LIFE)
    change = AddressChange.objects.select_related("subscriber").filter(pk=uuid.UUID(value)).first()
    if change is None:
        raise BadTokenError("Ce lien ne vaut plus rien : la demande a été supprimée.")
    if change.used_at:
        raise BadTokenError("Ce lien a déjà servi.")
    if not change.is_usable:
        raise BadTokenError("Ce lien a expiré.")
    return change


def _known(name: str) -> Subscriber:
    found = Subscriber.objects.filter(uuid=uuid.UUID(name)).first()
    if found is None:
        raise BadTokenError("Cette adresse n’est plus connue : nous n’avons plus rien sur elle.")
    return found


def _read(token: str, salt: str, life: timedelta | None) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=life)
    except signing.SignatureExpired as error:
        raise BadTokenError("Ce lien a expiré. Demandez-en un autre : il arrive en quelques minutes.") from error
    except signing.BadSignature as error:
        raise BadTokenError("Ce lien n’est pas valide.") from error
