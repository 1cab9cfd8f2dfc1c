"""Decisions on the screens: proposed, signed, sent back, taken alone, reopened."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dossiers.enums import Action, DecisionState, State
from dossiers.models import Dossier, Envelope, Opinion
from portal.accounts.models import User
from tests.dossiers.factories import Party, act, decide, make_dossier, make_party, make_type


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(dossier: Dossier, name: str) -> str:
    return f"/instruction/{dossier.pk}/{name}/"


def form(dossier: Dossier, **typed: Any) -> dict[str, Any]:
    dossier.refresh_from_db()
    return {"version": str(dossier.version), "key": uuid.uuid4().hex} | typed


def state(dossier: Dossier) -> str:
    return Dossier.objects.get(pk=dossier.pk).state


def test_proposed_by_one_signed_by_another(party: Party, proved: None) -> None:
    dossier = make_dossier(party, State.INSTRUCTION, make_type(second_person=True))
    first, second = as_(party.instructor), as_(party.validator)
    assert first.get(address(dossier, "decider")).status_code == 302, "one person does not decide"
    shown = first.get(address(dossier, "proposer")).content.decode()
    radios = re.findall(r'<input type="radio" name="outcome"[^>]*>', shown)
    assert len(radios) == 3
    assert "fr-input" not in "".join(radios), "the look of a text hides what is chosen"
    typed = form(dossier, outcome="refuse", reason="Le projet ne répond pas à l’appel.")
    assert first.post(address(dossier, "proposer"), typed).status_code == 302
    assert state(dossier) == State.INSTRUCTION
    page = second.get(f"/instruction/{dossier.pk}/").content.decode()
    assert "Le projet ne répond pas à l’appel." in page
    assert "Signer la décision proposée" in page
    assert "Signer la décision proposée" not in first.get(f"/instruction/{dossier.pk}/").content.decode()
    refused = first.post(address(dossier, "signer"), form(dossier))
    assert refused.status_code == 422
    assert "Une autre personne" in refused.content.decode()
    assert second.post(address(dossier, "signer"), form(dossier)).status_code == 302
    assert state(dossier) == State.REFUSED


def test_signing_asks_for_a_recent_proof(party: Party) -> None:
    dossier = make_dossier(party, State.INSTRUCTION, make_type(second_person=True))
    act(Action.PROPOSE, dossier, party.instructor, outcome=State.ACCEPTED)
    response = as_(party.validator).post(address(dossier, "signer"), form(dossier), follow=True)
    assert "Confirmer votre identité" in response.content.decode()
    alone = make_dossier(party, State.INSTRUCTION)
    as_(party.instructor).post(address(alone, "decider"), form(alone, outcome="accepte"))
    assert [state(dossier), state(alone)] == [State.INSTRUCTION] * 2


def test_a_proposal_is_sent_back(party: Party) -> None:
    dossier = make_dossier(party, State.INSTRUCTION, make_type(second_person=True))
    act(Action.PROPOSE, dossier, party.instructor, outcome=State.ACCEPTED)
    client = as_(party.validator)
    assert client.post(address(dossier, "renvoyer"), form(dossier, reason=" ")).status_code == 422
    assert client.post(address(dossier, "renvoyer"), form(dossier, reason="À revoir.")).status_code == 302
    assert dossier.decisions.get().state == DecisionState.SENT_BACK


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Choisissez le sens de la décision."),
        ({"outcome": "depose"}, "Sélectionnez un choix valide"),
        ({"outcome": "refuse"}, "Une décision défavorable est motivée."),
        ({"outcome": "accepte"}, "Indiquez le montant accordé"),
        ({"outcome": "accepte", "amount": "1e9"}, "montant"),
        ({"outcome": "accepte", "amount": "NaN"}, "montant"),
        ({"outcome": "accepte", "amount": "-1"}, "montant"),
        ({"outcome": "accepte", "amount": "600,01"}, "Il ne reste que 600"),
        ({"outcome": "accepte", "amount": "600", "reason_code": "forgé"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_said_and_kept(party: Party, proved: None, typed: dict[str, str], message: str) -> None:
    reasons = [{"code": "hors", "label": "Hors champ", "text": "Hors du champ.", "for": ["refuse"]}]
    type_ = make_type(has_amount=True, uses_envelopes=True, reasons=reasons)
    year = timezone.localdate().year
    Envelope.objects.create(type=type_, territory=party.territory, year=year, ceiling=Decimal("600"))
    dossier = make_dossier(party, State.INSTRUCTION, type_)
    client = as_(party.instructor)
    assert "Il reste 600" in client.get(address(dossier, "decider")).content.decode()
    response = client.post(address(dossier, "decider"), form(dossier, **typed))
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert typed.get("amount", "") in page
    assert state(dossier) == State.INSTRUCTION


def test_an_amount_is_taken_from_the_enveloppe(party: Party, proved: None) -> None:
    type_ = make_type(has_amount=True, uses_envelopes=True)
    year = timezone.localdate().year
    envelope = Envelope.objects.create(type=type_, territory=party.territory, year=year, ceiling=Decimal("600"))
    dossier = make_dossier(party, State.INSTRUCTION, type_)
    typed = form(dossier, outcome="accepte", amount="12,5")
    for _ in range(2):
        assert as_(party.instructor).post(address(dossier, "decider"), typed).status_code == 302
    envelope.refresh_from_db()
    assert (state(dossier), envelope.committed) == (State.ACCEPTED, Decimal("12.50"))


def test_avis_that_are_not_given_are_waived_by_saying_so(party: Party, proved: None) -> None:
    dossier = make_dossier(party, State.INSTRUCTION)
    now = timezone.now()
    Opinion.objects.create(
        dossier=dossier,
        advisor=party.advisor,
        email=party.advisor.email,
        question="?",
        asked_by=party.instructor,
        due_on=now.date(),
        due_at=now,
    )
    client = as_(party.instructor)
    response = client.post(address(dossier, "decider"), form(dossier, outcome="accepte"))
    assert response.status_code == 422
    assert "Un avis demandé n’est pas rendu" in response.content.decode()
    typed = form(dossier, outcome="accepte", waive_opinions="on")
    assert client.post(address(dossier, "decider"), typed).status_code == 302
    assert dossier.decisions.get().waived_opinions


def test_who_comes_second_keeps_their_text(party: Party, proved: None) -> None:
    dossier = make_dossier(party, State.INSTRUCTION)
    typed = form(dossier, outcome="refuse", reason="Ma longue motivation à garder.")
    as_(party.validator).post(address(dossier, "decider"), form(dossier, outcome="accepte"))
    response = as_(party.instructor).post(address(dossier, "decider"), typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Valentin Visa" in page
    assert "Ma longue motivation à garder." in page
    assert "Cet acte n’est plus possible" in page
    assert state(dossier) == State.ACCEPTED


def test_a_conflict_that_leaves_the_act_possible_is_sent_again(party: Party, proved: None) -> None:
    dossier = make_dossier(party, State.INSTRUCTION)
    typed = form(dossier, outcome="refuse", reason="Motivation.")
    Dossier.objects.filter(pk=dossier.pk).update(version=dossier.version + 1)
    client = as_(party.instructor)
    response = client.post(address(dossier, "decider"), typed)
    assert response.status_code == 409
    shown = response.context["form"]
    again = typed | {"version": shown["version"].value(), "key": shown["key"].value()}
    assert client.post(address(dossier, "decider"), again).status_code == 302
    assert state(dossier) == State.REFUSED


def test_reopening_keeps_the_former_decision(party: Party) -> None:
    dossier = decide(make_dossier(party, State.INSTRUCTION), party, State.REFUSED)
    client = as_(party.validator)
    assert client.post(address(dossier, "rouvrir"), form(dossier)).status_code == 422
    assert client.post(address(dossier, "rouvrir"), form(dossier, reason="Un élément nouveau.")).status_code == 302
    assert state(dossier) == State.INSTRUCTION
    page = client.get(f"/instruction/{dossier.pk}/").content.decode()
    assert "Caduque" in page


@pytest.mark.parametrize("name", ["proposer", "decider", "signer", "renvoyer", "rouvrir", "confier", "transmettre"])
def test_acts_that_the_state_does_not_have(party: Party, proved: None, name: str) -> None:
    """A withdrawn dossier: nothing is possible, and nothing is a fault."""
    dossier = make_dossier(party, State.WITHDRAWN)
    typed = form(dossier, outcome="accepte", reason="x", assignee="", service="departement-32")
    client = as_(party.instructor)
    assert client.get(address(dossier, name)).status_code == 302
    assert client.post(address(dossier, name), typed).status_code in (409, 422)
    assert state(dossier) == State.WITHDRAWN
    elsewhere = as_(party.elsewhere)
    assert elsewhere.get(address(dossier, name)).status_code == 404
    assert elsewhere.post(address(dossier, name), typed).status_code == 404
