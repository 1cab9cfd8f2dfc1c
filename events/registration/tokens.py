"""Signed links by which somebody without an account sees, changes or cancels a registration."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse

from ..models import Registration

_SALT = "events.registration"


class BadLink(Exception):  # noqa: N818 - what a reader brought, not a fault
    """The link was not made here, or leads to nothing any more. ``old``: it was, and another replaced it."""

    def __init__(self, *, old: bool) -> None:
        super().__init__()
        self.old = old


def make_token(registration: Registration) -> str:
    return signing.Signer(salt=_SALT).sign(f"{registration.pk.hex}.{registration.link_version}")


def read_token(token: str) -> Registration:
    """The registration of a link, with its occurrence and page. One query. Raises :class:`BadLink`."""
    try:
        key, _, version = signing.Signer(salt=_SALT).unsign(token).partition(".")
        wanted, number = uuid.UUID(hex=key), int(version)
    except (signing.BadSignature, ValueError) as error:
        raise BadLink(old=False) from error
    found = (
        Registration.objects.select_related("occurrence__page", "occurrence__venue__commune")
        .filter(pk=wanted, purged_at=None)
        .first()
    )
    if found is None or found.link_version != number:
        raise BadLink(old=True)
    return found


def registration_url(registration: Registration) -> str:
    """Absolute address of the self-service page."""
    return settings.SITE_URL + reverse("registration-manage", args=[make_token(registration)])
