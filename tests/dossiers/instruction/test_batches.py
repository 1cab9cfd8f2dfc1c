"""Several dossiers at once: each by itself, with its own result."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from dossiers.enums import BatchAct, State
from dossiers.models import Batch, Dossier, Label
from dossiers.rules import DossierRefused
from dossiers.services import batches
from portal.accounts.models import User
from portal.territories.models import Territory
from tests.dossiers.factories import Party, make_dossier, make_party, make_type

NEW = "/instruction/lots/"


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tokens(*dossiers: Dossier) -> list[str]:
    return [f"{each.pk}:{each.version}" for each in dossiers]


def post(client: Client, act: str, chosen: list[str], **typed: Any) -> Any:
    typed = {"acte": act, "dossiers": " ".join(chosen), "key": uuid.uuid4().hex} | typed
    return client.post(NEW, typed, follow=True)


def states(*dossiers: Dossier) -> list[str]:
    return [Dossier.objects.get(pk=each.pk).state for each in dossiers]


def test_each_dossier_has_its_own_result(party: Party) -> None:
    first, second, taken = make_dossier(party), make_dossier(party), make_dossier(party)
    chosen = tokens(first, second, taken)
    as_(party.validator).post(f"/instruction/{taken.pk}/prendre/", {"version": taken.version})
    page = post(as_(party.instructor), "prendre", chosen).content.decode()
    assert "2 pris en instruction, 1 non traité." in page
    assert "Valentin Visa" in page
    assert states(first, second, taken) == [State.INSTRUCTION] * 3
    assert Dossier.objects.get(pk=first.pk).assignee == party.instructor


def test_the_same_form_twice_is_one_batch(party: Party) -> None:
    dossier, client, key = make_dossier(party), as_(party.instructor), uuid.uuid4().hex
    for _ in range(2):
        post(client, "prendre", tokens(dossier), key=key)
    assert Batch.objects.count() == 1
    assert dossier.events.filter(kind="prendre").count() == 1


def test_dossiers_of_elsewhere_do_not_exist(party: Party) -> None:
    gers = Territory.objects.get(level="departement", code="32")
    own, foreign = make_dossier(party), make_dossier(party, territory=gers)
    client = as_(party.instructor)
    page = client.get(NEW, {"acte": "prendre", "d": tokens(own, foreign)}).content.decode()
    assert str(own.number) in page
    assert str(foreign.number) not in page
    post(client, "prendre", [*tokens(own, foreign), "x", "x:y", f"{uuid.uuid4()}:1", f"{own.pk}:-1"])
    assert states(foreign) == [State.DEPOSITED]
    assert client.get(NEW, {"acte": "prendre", "d": tokens(foreign)}).status_code == 422
    assert as_(party.depositor).get(NEW, {"acte": "prendre", "d": tokens(own)}).status_code == 404


def test_a_batch_is_read_by_its_author_alone(party: Party) -> None:
    response = post(as_(party.instructor), "prendre", tokens(make_dossier(party)))
    address = response.redirect_chain[-1][0]
    assert as_(party.validator).get(address).status_code == 404


def test_all_that_the_filters_give(party: Party) -> None:
    first, second = make_dossier(party), make_dossier(party)
    make_dossier(party, State.INSTRUCTION)
    client = as_(party.instructor)
    response = client.get(NEW, {"acte": "confier", "tous": "1", "etat": "depose"})
    form = response.context["form"]
    chosen = form["dossiers"].value().split()
    assert set(chosen) == set(tokens(first, second))
    page = post(client, "confier", chosen, assignee=str(party.validator.pk)).content.decode()
    assert "2 confiés, 0 non traité." in page
    assert Dossier.objects.filter(assignee=party.validator).count() == 2


def test_labels_are_put_and_taken_off(party: Party) -> None:
    label = Label.objects.create(territory=party.territory, name="Urgent")
    dossier, client = make_dossier(party), as_(party.instructor)
    post(client, "etiqueter", tokens(dossier), label=str(label.pk))
    assert list(dossier.labels.all()) == [label]
    post(client, "retirer-etiquette", tokens(dossier), label=str(label.pk))
    assert not dossier.labels.exists()


def test_decisions_ask_for_a_proof_first(party: Party) -> None:
    dossier = make_dossier(party, State.INSTRUCTION)
    response = post(as_(party.instructor), "accepter", tokens(dossier))
    assert "Confirmer votre identité" in response.content.decode()
    assert states(dossier) == [State.INSTRUCTION]


def test_decisions_without_amount(party: Party, proved: None) -> None:
    grant = make_type(has_amount=True)
    two = make_type(second_person=True)
    plain = make_dossier(party, State.INSTRUCTION)
    money = make_dossier(party, State.INSTRUCTION, grant)
    signed = make_dossier(party, State.INSTRUCTION, two)
    client = as_(party.instructor)
    chosen = tokens(plain, money, signed)
    assert post(client, "refuser", chosen, reason="").status_code in (200, 422)
    assert states(plain) == [State.INSTRUCTION]
    page = post(client, "accepter", chosen).content.decode()
    assert states(plain, money, signed) == [State.ACCEPTED, State.INSTRUCTION, State.INSTRUCTION], page
    assert "1 accepté, 2 non traités." in page
    assert "dossier par dossier" in page
    assert "Une seconde personne signe" in page


@pytest.mark.parametrize("act", ["", "rouvrir", "x", "deposer"])
def test_an_act_that_does_not_exist(party: Party, act: str) -> None:
    client = as_(party.instructor)
    assert client.get(NEW, {"acte": act, "d": tokens(make_dossier(party))}).status_code == 422


def test_what_is_long_is_done_in_the_background(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    dossiers = [make_dossier(party) for _ in range(3)]
    chosen = [(each, each.version) for each in dossiers]
    batch = batches.start(actor=party.instructor, act=BatchAct.TAKE, dossiers=chosen, key="lot", payload={})
    batches.run(batch)
    assert states(*dossiers) == [State.INSTRUCTION] * 3
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert batches.run(batch) == 0


def test_too_many_and_none_are_refused(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST", 1)
    dossiers = [(each, each.version) for each in (make_dossier(party), make_dossier(party))]
    for chosen in ([], dossiers):
        with pytest.raises(DossierRefused):
            batches.start(actor=party.instructor, act=BatchAct.TAKE, dossiers=chosen, key="lot", payload={})
    assert not Batch.objects.exists()


def test_rights_lost_meanwhile_are_lost(party: Party) -> None:
    dossier = make_dossier(party)
    batch = batches.start(
        actor=party.instructor, act=BatchAct.TAKE, dossiers=[(dossier, dossier.version)], key="lot", payload={}
    )
    party.instructor.memberships.all().delete()
    batches.run(batch)
    assert states(dossier) == [State.DEPOSITED]
    assert batch.items.get().refused == batches.GONE
