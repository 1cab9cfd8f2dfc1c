"""What dossiers hold about a person. The history of a dossier keeps its authors' names: it proves the decision."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from portal.accounts.models import User
from portal.core.personal_data import Record, register

from .models import DossierEvent, DossierInvitation, Message, Opinion

KEPT = (
    "L’histoire d’un dossier (qui a fait quoi, messages, avis, décisions) reste aussi longtemps que le dossier : elle "
    "est la preuve de la décision. Votre adresse e-mail et vos invitations en sont effacées."
)


def register_dossiers() -> None:
    register("dossiers", "Mes dossiers", export=exported, erase=erased, keep=KEPT, order=45)


def exported(user: User) -> Iterable[Record]:
    """What the person did, wrote and was asked for on dossiers; nothing that others wrote."""
    for event in DossierEvent.objects.filter(actor=user).select_related("dossier").order_by("at", "pk").iterator():
        yield {"Dossier": str(event.dossier), "Acte": event.get_kind_display(), "Le": event.at}
    for message in (
        Message.objects.filter(author=user, withdrawn_at=None).select_related("dossier").order_by("at", "pk")
    ):
        yield {"Dossier": str(message.dossier), "Message": message.body, "Le": message.at}
    asked = Opinion.objects.filter(Q(advisor=user) | Q(email__iexact=user.email)).select_related("dossier")
    for opinion in asked.order_by("asked_at", "pk"):
        yield {
            "Dossier": str(opinion.dossier),
            "Avis demandé le": opinion.asked_at,
            "Avis": opinion.get_view_display(),
            "Texte": opinion.text,
        }
    invited = DossierInvitation.objects.filter(Q(user=user) | Q(email__iexact=user.email)).select_related("dossier")
    for invitation in invited.order_by("created_at", "pk"):
        yield {
            "Dossier": str(invitation.dossier),
            "Invitation à": invitation.get_right_display().lower(),
            "Envoyée le": invitation.created_at,
            "Jusqu’au": invitation.expires_at,
            "Message": invitation.message,
        }


def erased(user: User) -> None:
    """Addresses and invitations go; what was written stays with the dossier, under the name it had then."""
    mine = Q(email__iexact=user.email)
    DossierInvitation.objects.filter(mine | Q(user=user)).delete()
    Opinion.objects.filter(mine | Q(advisor=user)).update(email="")
