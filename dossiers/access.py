"""Who may do what on a dossier, from which side; and its row, locked, for those who change it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.territories.models import Territory

from .enums import InvitationRight, OpinionState, Side, State
from .models import Dossier, DossierInvitation, Opinion
from .rules import Actor


@dataclass(frozen=True)
class Rights:
    """What one person may do on one dossier. All False: it does not exist for them (404)."""

    #: As a member of the organisation.
    member: bool = False
    deposits: bool = False
    #: As somebody invited: "", or a :class:`~dossiers.enums.InvitationRight`.
    invited: str = ""
    instructs: bool = False
    validates: bool = False
    advises: bool = False

    @property
    def sees(self) -> bool:
        return self.of_organisation or self.instructs or self.advises

    @property
    def of_organisation(self) -> bool:
        """Reads it from the organisation's side, drafts included."""
        return self.member or bool(self.invited)

    @property
    def edits(self) -> bool:
        """Fills in the form, where the state lets anybody."""
        return self.deposits or self.invited == InvitationRight.EDIT

    @property
    def comments(self) -> bool:
        """Writes in the thread from the organisation's side."""
        return self.member or self.invited in (InvitationRight.COMMENT, InvitationRight.EDIT)

    @property
    def actors(self) -> frozenset[Actor]:
        """As whom the person acts on its state."""
        parties = {
            Actor.DEPOSITOR: self.deposits,
            Actor.INSTRUCTOR: self.instructs,
            Actor.VALIDATOR: self.validates,
        }
        return frozenset(actor for actor, holds in parties.items() if holds)

    @property
    def side(self) -> Side:
        """The side from which the person reads it first."""
        if self.of_organisation:
            return Side.ORGANISATION
        return Side.INSTRUCTION if self.instructs else Side.OPINION


NOTHING = Rights()


def rights_on(dossier: Dossier, user: Any) -> Rights:
    """What ``user`` may do on ``dossier``. At most four queries.

    Whoever deposits for the organisation does not instruct its dossiers, whatever else they are.
    """
    if not user.is_authenticated or not user.is_active or dossier.binned_at is not None:
        return NOTHING
    abilities = get_abilities(user)
    member = dossier.organisation_id in abilities.organisation_ids(Ability.READ_DOSSIERS)
    deposits = dossier.organisation_id in abilities.organisation_ids(Ability.DEPOSIT)
    invited = ""
    if not member:
        found = DossierInvitation.objects.valid().filter(dossier=dossier, user_id=user.pk).order_by("pk").first()
        invited = found.right if found else ""
    instructs = validates = advises = False
    if dossier.state != State.DRAFT and dossier.routed_to_id is not None:
        routed_to = Territory(pk=dossier.routed_to_id)
        instructs = not deposits and abilities.can(Ability.INSTRUCT, routed_to)
        validates = not deposits and abilities.can(Ability.VALIDATE, routed_to)
        asked = Opinion.objects.exclude(state=OpinionState.REVOKED).filter(dossier=dossier, advisor_id=user.pk)
        advises = asked.exists()
    return Rights(member, deposits, invited, instructs, validates, advises)


def get_dossier(user: Any, dossier_id: uuid.UUID | str, side: Side | None = None) -> tuple[Dossier, Rights]:
    """The dossier, with what its screens show of it, and the person's rights on it.

    ``side`` ORGANISATION, INSTRUCTION or OPINION: only as such. Raises Http404 where the person does not see it (from
    that side), or it does not exist.
    """
    related = ("type", "type_version", "organisation", "territory", "routed_to", "assignee")
    dossier = Dossier.objects.kept().select_related(*related).filter(pk=_uuid(dossier_id)).first()
    rights = rights_on(dossier, user) if dossier is not None else NOTHING
    allowed = {
        None: rights.sees,
        Side.ORGANISATION: rights.of_organisation,
        Side.INSTRUCTION: rights.instructs,
        Side.OPINION: rights.advises,
    }[side]
    if dossier is None or not allowed:
        raise Http404
    return dossier, rights


def lock(dossier: Dossier | uuid.UUID | str, actor: User) -> tuple[Dossier, Rights]:
    """The dossier's row under a lock, and what ``actor`` may do on it as it is now. Needs an open transaction.

    Raises Http404 where they do not see it.
    """
    assert transaction.get_connection().in_atomic_block
    pk = dossier.pk if isinstance(dossier, Dossier) else _uuid(dossier)
    found = Dossier.objects.kept().select_for_update().filter(pk=pk).first()
    rights = rights_on(found, actor) if found is not None else NOTHING
    if found is None or not rights.sees:
        raise Http404
    return found, rights


def _uuid(value: uuid.UUID | str) -> uuid.UUID:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        raise Http404 from None
