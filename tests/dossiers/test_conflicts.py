"""Who is told that the dossier changed meanwhile, and what they are told of it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.access import rights_on
from dossiers.enums import INTERNAL_EVENTS, Action, EventKind, Side, State
from dossiers.journal import record
from dossiers.models import Dossier
from dossiers.rules import DossierConflict
from dossiers.services import desk
from dossiers.services.transitions import perform
from dossiers.services.versions import bump, conflict
from tests.dossiers.factories import Party, act, make_dossier, make_party, make_type


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def proposed(party: Party) -> tuple[Dossier, int]:
    """A dossier on which a refusal was proposed, and the version before that."""
    dossier = make_dossier(party, State.INSTRUCTION, make_type(second_person=True))
    act(Action.PROPOSE, dossier, party.instructor, outcome=State.REFUSED, reason="Un motif.")
    return dossier, dossier.version


def test_a_depositor_is_not_told_of_a_proposal(party: Party) -> None:
    dossier, seen = proposed(party)
    with pytest.raises(DossierConflict) as told:
        perform(Action.WITHDRAW, dossier=dossier, actor=party.depositor, version=seen, reason="Abandonné.")
    assert told.value.event is None
    assert "a changé depuis que vous l’avez ouvert" in told.value.message
    for kept_inside in ("proposé", "Inès", "Dernier événement"):
        assert kept_inside not in told.value.message


def test_nor_on_the_screen(party: Party, client: Client) -> None:
    dossier, seen = proposed(party)
    client.force_login(party.depositor)
    sent = {"version": seen, "key": uuid.uuid4().hex, "reason": "Le projet est abandonné."}
    answer = client.post(reverse("dossiers:withdraw", args=[dossier.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Le projet est abandonné." in page
    assert "Décision proposée" not in page
    assert "Inès Instruction" not in page


def test_who_instructs_is_told_who_proposed(party: Party) -> None:
    dossier, seen = proposed(party)
    named = "Décision proposée.*Inès Instruction"
    with pytest.raises(DossierConflict, match=named):
        perform(Action.REFUSE, dossier=dossier, actor=party.validator, version=seen, signing=True)
    with pytest.raises(DossierConflict, match=named):
        desk.assign(dossier=dossier, actor=party.validator, assignee=party.validator, version=seen)


@pytest.mark.parametrize("kind", sorted(INTERNAL_EVENTS))
def test_every_internal_event_is_for_the_service_alone(party: Party, kind: EventKind) -> None:
    dossier = make_dossier(party, State.INSTRUCTION)
    bump(dossier)
    dossier.save()
    record(dossier, kind, actor=party.instructor, side=Side.INSTRUCTION)
    people = {"depositor", "reader", "colleague", "advisor", "instructor", "national"}
    told = {who for who in people if conflict(dossier, rights=rights_on(dossier, getattr(party, who))).event}
    assert told == {"instructor", "national"}
    assert conflict(dossier).event is None
