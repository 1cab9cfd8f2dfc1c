"""Drafts: begun, filled in, moved to another version of their form, thrown away."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from portal.accounts.abilities import get_abilities
from portal.accounts.models import Organisation, User
from portal.accounts.rules import Ability
from portal.territories.models import Territory, TerritoryLink

from ..access import lock
from ..enums import EventKind, Side, State
from ..journal import record
from ..models import Dossier, DossierType
from ..rules import DossierConflict, DossierRefused, where
from .indexing import refresh
from .keys import act_of, keep
from .versions import bump, check_version, conflict

MOST_DRAFTS = 50


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisations that ``user`` deposits for."""
    return Organisation.objects.filter(pk__in=get_abilities(user).organisation_ids(Ability.DEPOSIT)).order_by("name")


def territories_for(type_: DossierType, organisation: Organisation) -> QuerySet[Territory]:
    """What a dossier of that type may be about: the organisation's territories, and what contains them."""
    own = [organisation.territory_id, *organisation.covered.values_list("pk", flat=True)]
    above = TerritoryLink.objects.filter(descendant__in=own).values("ancestor")
    found: QuerySet[Territory] = Territory.objects.current().filter(pk__in=above)
    if type_.territory_levels:
        found = found.filter(level__in=type_.territory_levels)
    return found.order_by("level", "search_name")


def create_draft(
    *, type_: DossierType, organisation: Organisation, territory: Territory, actor: User, key: str = ""
) -> Dossier:
    """Begin a dossier. ``key``: what the form carried; the same again gives the dossier that it began.

    Raises PermissionDenied to whom does not deposit for ``organisation``, :class:`~dossiers.rules.DossierRefused`
    (``window``, ``organisation``, ``territory``, ``many``). Side effects: a row and an event.
    """
    if not organisations_of(actor).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    if (done := act_of(actor, key)) is not None:
        return done.dossier
    if not type_.is_open or type_.current_version is None:
        raise DossierRefused("window", "Le dépôt n’est pas ouvert pour ce type de dossier.", "type")
    if type_.organisation_kinds and organisation.kind not in type_.organisation_kinds:
        raise DossierRefused(
            "organisation", "Ce dossier n’est pas ouvert à cette nature d’organisation.", "organisation"
        )
    if not territories_for(type_, organisation).filter(pk=territory.pk).exists():
        raise DossierRefused("territory", "Choisissez un territoire de votre organisation.", "territory")
    if Dossier.objects.kept().filter(organisation=organisation, state=State.DRAFT).count() >= MOST_DRAFTS:
        raise DossierRefused("many", "Votre organisation a déjà cinquante brouillons : supprimez-en un.")
    try:
        with transaction.atomic():
            dossier = Dossier.objects.create(
                type=type_,
                type_version=type_.current_version,
                organisation=organisation,
                territory=territory,
                created_by=actor,
            )
            refresh(dossier)
            record(dossier, EventKind.CREATED, actor=actor, side=Side.ORGANISATION, data={"type": type_.code})
            keep(actor, key, dossier, EventKind.CREATED)
    except DossierConflict:
        # The form was pressed twice: the other one began the dossier while this one did.
        if (done := act_of(actor, key)) is None:
            raise
        return done.dossier
    return dossier


@transaction.atomic
def save_draft(
    *, dossier: Dossier | uuid.UUID, actor: User, version: int | str | None, values: dict[str, Any]
) -> Dossier:
    """Keep what was typed, good or not. Nothing happens where nothing changed.

    Raises Http404 to whom may not fill it in, :class:`~dossiers.rules.DossierConflict` where somebody saved meanwhile,
    or it is no draft any more. Side effects: the row; an event, for the first save of each person since another's.
    """
    locked, rights = lock(dossier, actor)
    if not rights.edits:
        raise Http404
    if locked.state != State.DRAFT:
        raise conflict(locked, where(locked.state))
    if values == locked.values:
        return locked
    check_version(locked, version)
    locked.values = values
    bump(locked)
    refresh(locked, save=False)
    locked.save()
    # A draft saves itself every few seconds: who wrote is told, not each pause of theirs.
    last = locked.events.order_by("-number").first()
    if last is None or last.kind != EventKind.EDITED or last.actor_id != actor.pk:
        record(locked, EventKind.EDITED, actor=actor, side=Side.ORGANISATION)
    return locked


@transaction.atomic
def move_to_version(*, dossier: Dossier | uuid.UUID, actor: User, version: int | str | None) -> Dossier:
    """Have a draft follow its type's form as it is now. What was typed stays, asked for or not.

    Raises as :func:`save_draft`.
    """
    locked, rights = lock(dossier, actor)
    if not rights.edits:
        raise Http404
    if locked.state != State.DRAFT:
        raise conflict(locked, where(locked.state))
    check_version(locked, version)
    current = locked.type.current_version
    if current is None or current.pk == locked.type_version_id:
        return locked
    before, locked.type_version = locked.type_version.number, current
    bump(locked)
    refresh(locked, save=False)
    locked.save()
    told = {"from": before, "to": current.number}
    record(locked, EventKind.MOVED_TO_VERSION, actor=actor, side=Side.ORGANISATION, data=told)
    return locked
