"""The screen of a dossier, for who instructs it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from dossiers.enums import Action, State
from dossiers.models import Dossier
from portal.accounts.models import User
from tests.dossiers.factories import Party, make_dossier, make_party


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(dossier: Dossier, *rest: str) -> str:
    return "/".join(["/instruction", str(dossier.pk), *rest, ""])


def test_the_screen_says_what_is_asked_and_what_comes_next(party: Party) -> None:
    dossier = make_dossier(party, values={"nom": "Ateliers <b>numériques</b>"})
    page = as_(party.instructor).get(address(dossier)).content.decode()
    assert "Ateliers &lt;b&gt;numériques&lt;/b&gt;" in page
    assert "Prenez le dossier en instruction" in page
    assert str(dossier.number) in page
    assert party.organisation.name in page


def test_elsewhere_it_does_not_exist(party: Party) -> None:
    dossier = make_dossier(party)
    draft = make_dossier(party, State.DRAFT)
    for user in (party.elsewhere, party.depositor, party.stranger, party.advisor):
        client = as_(user)
        assert client.get(address(dossier)).status_code == 404
        assert client.post(address(dossier, "prendre"), {"version": dossier.version}).status_code == 404
    assert as_(party.instructor).get(address(draft)).status_code == 404
    dossier.refresh_from_db()
    assert dossier.state == State.DEPOSITED


def test_taking_twice_acts_once(party: Party) -> None:
    dossier = make_dossier(party)
    client = as_(party.instructor)
    form = {"version": str(dossier.version), "key": uuid.uuid4().hex}
    for _ in range(2):
        assert client.post(address(dossier, "prendre"), form).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.state, dossier.assignee) == (State.INSTRUCTION, party.instructor)
    assert dossier.events.filter(kind=Action.TAKE).count() == 1


def test_who_comes_second_is_told_who_came_first(party: Party) -> None:
    dossier = make_dossier(party)
    form = {"version": str(dossier.version), "key": uuid.uuid4().hex}
    as_(party.validator).post(address(dossier, "prendre"), form)
    response = as_(party.instructor).post(address(dossier, "prendre"), form | {"key": uuid.uuid4().hex})
    assert response.status_code == 409
    assert "Valentin Visa" in response.content.decode()


@pytest.mark.parametrize("version", ["", "abc", "99", "-1", "9" * 40])
def test_a_forged_version_is_a_conflict(party: Party, version: str) -> None:
    dossier = make_dossier(party)
    assert as_(party.instructor).post(address(dossier, "prendre"), {"version": version}).status_code == 409
