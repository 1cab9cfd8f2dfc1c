"""What invitations hold about a person: their address, before they have an account and after."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.personal_data import Record, register

from ..models import Invitation, User


def _export(user: User) -> Iterable[Record]:
    rows = Invitation.objects.filter(email__iexact=user.email).select_related("territory", "organisation")
    for row in rows.order_by("created_at", "pk"):
        yield {
            "Rôle proposé": row.get_role_display(),
            "Où": row.where,
            "Message": row.message,
            "Créée le": row.created_at,
            "État": row.state.label,
        }


def _erase(user: User) -> None:
    """Those sent to their address go; who invited others is no longer named by the rows (SET_NULL)."""
    Invitation.objects.filter(email__iexact=user.email).delete()
    Invitation.objects.filter(invited_by=user).update(message="")


register("invitations", "Invitations reçues", export=_export, erase=_erase, order=40)
