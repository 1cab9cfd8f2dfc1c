"""The link of an invitation: signed, bound to its purpose, to the address and to what is offered.

Whether it still serves (expired, revoked, accepted) is the row's to say: a link that was sent again is the same one.
"""

from __future__ import annotations

import uuid

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import Invitation

SALT = "portal.accounts.invitation"


class BadInvitationError(Exception):
    """The link was not signed here, or the invitation is no more."""


def invitation_token(invitation: Invitation) -> str:
    return signing.dumps([invitation.pk.hex, _stamp(invitation)], salt=SALT)


def read_invitation_token(token: str) -> Invitation:
    """The invitation of ``token``, in whatever state. One query. Raises :class:`BadInvitationError`."""
    try:
        key, stamp = signing.loads(token, salt=SALT)
        pk = uuid.UUID(key)
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise BadInvitationError from error
    found = Invitation.objects.select_related("territory", "organisation", "invited_by").filter(pk=pk).first()
    if found is None or not constant_time_compare(str(stamp), _stamp(found)):
        raise BadInvitationError
    return found


def _stamp(invitation: Invitation) -> str:
    offered = f"{invitation.email}:{invitation.role}:{invitation.territory_id}:{invitation.organisation_id}"
    return salted_hmac(SALT, f"{invitation.pk.hex}:{offered}").hexdigest()[:32]
