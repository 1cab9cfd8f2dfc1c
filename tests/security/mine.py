"""What belongs to one person: for the rules of the matrix that ask whose it is."""

from __future__ import annotations

from typing import Any

from dossiers.models import Dossier
from pages.contribution.services import start_draft
from portal.accounts.models import Organisation, User
from portal.notifications.models import Notice
from tests.files.samples import make_file

from .passkeys import make_passkey
from .planting.dossiers import plant_desk, plant_exchanges
from .planting.pieces import plant_upload
from .walk import World


def plant_mine(user: User, own: World) -> dict[str, Any]:
    """Something of every kind that is a person's own, as values for the parameters of addresses."""
    notice = Notice.objects.create(recipient=user, kind="x", event="mine", subject="x", url="/agenda/")
    passkey = make_passkey(user)
    proposal = start_draft(actor=user, kind="news", data={})
    return {
        "pk": passkey.pk,
        "notice": notice.pk,
        "file_id": make_file(user, purpose="monde").pk,
        "proposal_id": proposal.pk,
        **plant_exchanges(user, Dossier.objects.get(pk=own.values["dossier_id"])),
        **plant_desk(user, Dossier.objects.get(pk=own.values["dossier_id"])),
        **plant_upload(user, own.objects[Organisation].territory),
    }
