"""The signed link that takes back a request for erasure."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from .models import Erasure

_SALT = "accounts.cancel-erasure"
LIFE = timedelta(days=15)


class BadTokenError(Exception):
    """The link is forged, too old, or there is nothing to take back. ``str()`` is told to its holder."""


def cancel_token(erasure: Erasure) -> str:
    return signing.dumps(erasure.pk, salt=_SALT)


def read_cancel(token: str) -> Erasure:
    """The pending erasure behind a link. Changes nothing. Raises :class:`BadTokenError`. One query."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=LIFE)
    except signing.SignatureExpired as error:
        raise BadTokenError("Ce lien a expiré.") from error
    except signing.BadSignature as error:
        raise BadTokenError("Ce lien n’est pas valide.") from error
    erasure = Erasure.objects.select_related("user").filter(pk=key).first()
    if erasure is None or erasure.done_at:
        raise BadTokenError("Ce compte est supprimé : on ne peut plus y revenir.")
    if erasure.cancelled_at:
        raise BadTokenError("La suppression de ce compte est déjà annulée.")
    return erasure
