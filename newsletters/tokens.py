"""Signed links in messages. A link says nothing of the address; the signature alone gives the right to act."""

from __future__ import annotations

import uuid
from typing import Any

from django.core import signing

from .models import Subscription, SubscriptionRequest
from .models.subscribers import REQUEST_LIFE

_CONFIRM = "newsletters.confirm"
_UNSUBSCRIBE = "newsletters.unsubscribe"


class BadTokenError(Exception):
    """The link is forged, too old, was used, or leads to nothing any more. ``str()`` is told to its holder."""


def confirmation_token(request: SubscriptionRequest) -> str:
    return signing.dumps(request.pk.hex, salt=_CONFIRM)


def read_confirmation(token: str) -> SubscriptionRequest:
    """The request behind a confirmation link, still usable. Changes nothing. Raises :class:`BadTokenError`."""
    try:
        value = signing.loads(token, salt=_CONFIRM, max_age=REQUEST_LIFE)
    except signing.SignatureExpired as error:
        raise BadTokenError("Ce lien de confirmation a expiré.") from error
    except signing.BadSignature as error:
        raise BadTokenError("Ce lien de confirmation n’est pas valide.") from error
    request = SubscriptionRequest.objects.select_related("subscriber").filter(pk=uuid.UUID(value)).first()
    if request is None:
        raise BadTokenError("Ce lien de confirmation ne vaut plus rien : la demande a été supprimée.")
    if request.used_at:
        raise BadTokenError("Ce lien de confirmation a déjà servi.")
    if not request.is_usable:
        raise BadTokenError("Ce lien de confirmation a expiré.")
    return request


def unsubscription_token(subscription: Subscription) -> str:
    return signing.dumps([subscription.pk, subscription.subscriber.uuid.hex], salt=_UNSUBSCRIBE)


def read_unsubscription(token: str) -> Subscription:
    """The subscription behind an unsubscribe link, which never expires. Raises :class:`BadTokenError`. One query."""
    try:
        value: Any = signing.loads(token, salt=_UNSUBSCRIBE)
    except signing.BadSignature as error:
        raise BadTokenError("Ce lien de désabonnement n’est pas valide.") from error
    pk, person = value
    subscription = (
        Subscription.objects.select_related("list", "subscriber")
        .filter(pk=pk, subscriber__uuid=uuid.UUID(person))
        .first()
    )
    if subscription is None:
        raise BadTokenError("Cette adresse n’est plus connue : il n’y a rien à désabonner.")
    return subscription
