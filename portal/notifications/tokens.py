"""The signed link that stops the mails of some categories. It says nothing of the person's address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from portal.accounts.models import User

from .registry import Category, category_of

_SALT = "notifications.mute"
LIFE = timedelta(days=366)


class BadTokenError(Exception):
    """The link is forged, too old, or its account is gone. ``str()`` is told to its holder."""


@dataclass(frozen=True)
class Mute:
    """What a link stops: the mails of ``categories`` to ``user``."""

    user: User
    categories: tuple[Category, ...]


def mute_token(user: User, categories: Iterable[str]) -> str:
    return signing.dumps([user.pk, sorted(set(categories))], salt=_SALT, compress=True)


def read_mute(token: str) -> Mute:
    """What a link stops. Changes nothing. Raises :class:`BadTokenError`. One query."""
    try:
        key, names = signing.loads(token, salt=_SALT, max_age=LIFE)
    except signing.SignatureExpired as error:
        raise BadTokenError("Ce lien a expiré.") from error
    except signing.BadSignature as error:
        raise BadTokenError("Ce lien n’est pas valide.") from error
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None:
        raise BadTokenError("Ce compte n’existe plus : il ne reçoit plus rien.")
    return Mute(user, tuple(found for name in names if (found := category_of(name))))
