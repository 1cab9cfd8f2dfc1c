"""People, their invitations, notices, files and second factors."""

from __future__ import annotations

from typing import Any

from portal.accounts.data.services import request_erasure
from portal.accounts.data.tokens import cancel_token
from portal.accounts.enums import Role
from portal.accounts.invitations.services import invite
from portal.accounts.invitations.tokens import invitation_token
from portal.accounts.models import Membership, Organisation, User
from portal.files.access import register_reader
from portal.files.models import StoredFile
from portal.notifications.models import Notice
from portal.notifications.tokens import mute_token
from portal.territories.models import Space
from tests.factories import make_user
from tests.files.samples import make_file

from ..passkeys import make_passkey
from ..walk import World


def readable(user: User) -> Any:
    """A file is read by whoever sent it; superusers read all."""
    return StoredFile.objects.all() if user.is_superuser else StoredFile.objects.filter(uploaded_by=user.pk)


def plant_accounts(space: Space, author: User, organisation: Organisation) -> World:
    register_reader("monde", readable)
    invitation = invite(
        actor=author,
        email=f"invitee{space.territory.code}@exemple.fr",
        role=Role.CONTRIBUTOR,
        territory=space.territory,
    )
    values = {
        "file_id": make_file(author, purpose="monde").pk,
        "notice": Notice.objects.create(recipient=author, kind="x", event="x", subject="x", url="/agenda/").pk,
        "uidb64": "MQ",
        "uidb36": "1",
        "token": "x",
    }
    routes: list[tuple[str, dict[str, Any]]] = [
        ("compte/double-authentification/", {"pk": make_passkey(author).pk}),
        ("admin/users/", {"pk": author.pk}),
        ("admin/personnes/", {"pk": author.pk}),
        ("compte/mes-donnees/annuler/", {"token": cancel_token(request_erasure(actor=make_user()))}),
        ("compte/profil/", {"step": "annuaire"}),
        ("compte/bienvenue/", {"step": "reseau"}),
        ("compte/equipe/", {"invitation": invitation.pk}),
        ("compte/invitation/", {"token": invitation_token(invitation)}),
        ("compte/notifications/arreter/", {"token": mute_token(author, ["contribution"])}),
    ]
    objects: dict[Any, Any] = {User: author, Membership: author.memberships.get(), Organisation: organisation}
    return World(values, routes, objects=objects)
