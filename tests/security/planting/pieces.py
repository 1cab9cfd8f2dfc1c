"""Pieces of dossiers in the permission matrix: a draft of the world's organisation; uploads of each person's own."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from dossiers.enums import InvitationRight
from dossiers.models import Dossier, DossierInvitation, PartialUpload
from dossiers.pieces.services import add_file
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, User
from portal.territories.models import Territory
from tests.dossiers.factories import field, make_draft, make_of_organisation, make_organisation, make_type
from tests.files.samples import upload

FIELD = "annexes"


def plant_draft(territory: Territory, organisation: Organisation) -> Dossier:
    depositor = make_of_organisation(Role.DEPOSITOR, organisation)
    party: Any = SimpleNamespace(territory=territory, organisation=organisation, depositor=depositor)
    return make_draft(party, make_type([field(FIELD, "piece", options={"max_files": 5})]))


def plant_pieces(territory: Territory, organisation: Organisation) -> list[tuple[str, dict[str, Any]]]:
    """The routes of pieces, with the values that lead them there."""
    draft = plant_draft(territory, organisation)
    depositor = draft.created_by
    assert depositor is not None
    version = add_file(dossier=draft, actor=depositor, field=FIELD, upload=upload())
    begun = PartialUpload.objects.create(dossier=draft, field=FIELD, owner=depositor, name="plan.pdf", size=9)
    return [
        ("dossiers/<uuid:dossier_id>/pieces/", {"dossier_id": draft.pk, "key": FIELD}),
        ("dossiers/pieces/", {"piece_id": version.piece_id}),
        ("dossiers/envois/", {"upload_id": begun.pk}),
    ]


def plant_upload(user: User, territory: Territory) -> dict[str, Any]:
    """An upload that ``user`` began, on a dossier that they were invited to fill in."""
    draft = plant_draft(territory, make_organisation(territory))
    now = timezone.now()
    DossierInvitation.objects.create(
        dossier=draft,
        email=user.email,
        user=user,
        right=InvitationRight.EDIT,
        invited_by=draft.created_by,
        accepted_at=now,
        expires_at=now + timedelta(days=9),
    )
    begun = PartialUpload.objects.create(dossier=draft, field=FIELD, owner=user, name="plan.pdf", size=9)
    return {"upload_id": begun.pk}
