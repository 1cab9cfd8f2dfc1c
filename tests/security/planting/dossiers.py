"""Dossiers of the permission matrix: one in instruction, of the world's organisation, with its exchanges."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from dossiers.api.tokens import Scope, create_token
from dossiers.api.webhooks import create_webhook
from dossiers.enums import BatchAct, InvitationRight, Side, State
from dossiers.models import (
    Absence,
    Batch,
    BatchItem,
    ComplementItem,
    Dossier,
    DossierInvitation,
    DossierType,
    Envelope,
    Label,
    Message,
    NationalAxis,
    Opinion,
    SavedView,
    TerritoryRule,
)
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, User
from portal.territories.models import Territory
from tests.dossiers.factories import make_dossier, make_of_organisation
from tests.factories import make_member, make_user

from ..walk import World
from .pieces import plant_pieces


def dossiers_world(territory: Territory, organisation: Organisation) -> World:
    """All that is planted of dossiers; routes are the place of values that are not common to all addresses."""
    values = plant_dossiers(territory, organisation)
    routes: list[tuple[str, dict[str, Any]]] = [
        ("admin/types-de-dossiers/", {"pk": DossierType.objects.order_by("pk").values_list("pk", flat=True)[0]}),
        ("dossiers/types/", {"code": Dossier.objects.get(pk=values["dossier_id"]).type.code}),
        *plant_pieces(territory, organisation),
        *plant_requests(territory, organisation),
        *plant_decision(territory, organisation),
    ]
    # Wagtail's blocks break without their count, as its editor does.
    blocks = {"title": "", "form-count": "0", "reasons-count": "0"}
    types = ("dossiers_dossiertype_modeladmin_create", "dossiers_dossiertype_modeladmin_edit")
    return World(values, routes, bodies=dict.fromkeys(types, blocks))


def parties(territory: Territory, organisation: Organisation) -> Any:
    """Who makes dossiers of ``organisation``, as ``tests.dossiers.factories`` takes them."""
    return SimpleNamespace(
        territory=territory,
        organisation=organisation,
        depositor=make_of_organisation(Role.DEPOSITOR, organisation),
        instructor=make_member(Role.INSTRUCTOR, territory),
    )


def plant_requests(territory: Territory, organisation: Organisation) -> list[tuple[str, dict[str, Any]]]:
    """The routes of complements, on the organisation's side, with a dossier that is to be completed."""
    dossier = make_dossier(parties(territory, organisation), State.INCOMPLETE)
    item = ComplementItem.objects.get(request__dossier=dossier)
    return [("dossiers/<uuid:dossier_id>/complements/", {"dossier_id": dossier.pk, "item_id": item.pk})]


def plant_decision(territory: Territory, organisation: Organisation) -> list[tuple[str, dict[str, Any]]]:
    """The route that verifies a decision, with the code of one."""
    dossier = make_dossier(parties(territory, organisation), State.ACCEPTED)
    return [("dossiers/verifier/", {"code": dossier.decisions.get().code})]


def plant_dossiers(territory: Territory, organisation: Organisation) -> dict[str, Any]:
    """Values for the parameters of the addresses of dossiers."""
    party = parties(territory, organisation)
    dossier = make_dossier(party, State.INSTRUCTION)
    until = timezone.now() + timedelta(days=30)
    token, _ = create_token(actor=party.instructor, name="Un programme", scopes=[Scope.READ], expires_at=until)
    webhook, _ = create_webhook(actor=party.instructor, url="https://exemple.fr/crochet", territory=territory)
    Envelope.objects.create(type=dossier.type, territory=territory, year=2026, ceiling=1000)
    TerritoryRule.objects.create(type=dossier.type, territory=territory, min_shared_axes=1)
    NationalAxis.objects.get_or_create(title=f"Un axe de {territory}")
    return {
        "token_id": token.pk,
        "webhook_id": webhook.pk,
        "dossier_id": dossier.pk,
        "message_id": make_message(dossier, party.depositor).pk,
        "opinion_id": make_opinion(dossier, make_user(), party.instructor).pk,
        "invitation_id": make_invitation(dossier, party.depositor).pk,
        "label_id": Label.objects.create(territory=territory, name="Urgent").pk,
        **plant_desk(party.instructor, dossier),
    }


def plant_desk(user: User, dossier: Dossier) -> dict[str, Any]:
    """What an instructor keeps for themselves."""
    today = timezone.localdate()
    absence = Absence.objects.create(user=user, substitute=make_user(), starts_on=today, ends_on=today)
    batch = Batch.objects.create(requested_by=user, key="monde", act=BatchAct.TAKE, finished_at=timezone.now())
    BatchItem.objects.create(batch=batch, position=1, dossier=dossier, version=1, done_at=timezone.now())
    return {
        "absence_id": absence.pk,
        "batch_id": batch.pk,
        "view_id": SavedView.objects.create(user=user, name="Monde", filters={"etat": "ouverts"}).pk,
    }


def invite_on(user: User, dossier: Dossier) -> None:
    """Let ``user`` in on the organisation's side, where a membership would let superusers in no more than anybody."""
    DossierInvitation.objects.create(
        dossier=dossier,
        email=user.email,
        user=user,
        right=InvitationRight.EDIT,
        invited_by=dossier.created_by,
        accepted_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=3),
    )


def make_invitation(dossier: Dossier, invited_by: User) -> DossierInvitation:
    """One that waits, to an address that nobody has."""
    until = timezone.now() + timedelta(days=30)
    return DossierInvitation.objects.create(
        dossier=dossier, email="colline@exemple.fr", invited_by=invited_by, expires_at=until
    )


def plant_exchanges(user: User, dossier: Dossier) -> dict[str, Any]:
    """What is ``user``'s own on ``dossier``."""
    asked_by = User.objects.filter(memberships__role=Role.INSTRUCTOR).order_by("pk")[0]
    return {"message_id": make_message(dossier, user).pk, "opinion_id": make_opinion(dossier, user, asked_by).pk}


def make_message(dossier: Dossier, author: User) -> Message:
    return Message.objects.create(
        dossier=dossier, author=author, author_label=str(author), side=Side.ORGANISATION, body="Bonjour"
    )


def make_opinion(dossier: Dossier, advisor: User, asked_by: User) -> Opinion:
    day = timezone.localdate() + timedelta(days=10)
    return Opinion.objects.create(
        dossier=dossier,
        advisor=advisor,
        email=advisor.email,
        question="Qu’en pensez-vous ?",
        due_on=day,
        due_at=timezone.now() + timedelta(days=10),
        asked_by=asked_by,
    )
