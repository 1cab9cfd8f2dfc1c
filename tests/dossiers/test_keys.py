"""The key that a form carries: sent twice it acts once, whatever it is, and it serves for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.enums import Action, EventKind, State
from dossiers.models import ActKey, Dossier
from dossiers.rules import DossierConflict
from dossiers.services import desk
from dossiers.services.drafts import create_draft
from dossiers.services.transitions import perform
from tests.dossiers.factories import Party, make_dossier, make_party, make_type


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


@pytest.mark.parametrize("key", ["k" * 5000, "a\x00b", "é" * 64, "", "\x00"])
def test_any_key_is_taken(party: Party, key: str) -> None:
    dossier = make_dossier(party)
    for _ in range(2 if key.strip("\x00") else 1):
        perform(Action.TAKE, dossier=dossier, actor=party.instructor, version=dossier.version, key=key)
    assert dossier.events.filter(kind=EventKind.TAKEN).count() == 1
    assert ActKey.objects.filter(actor=party.instructor).count() == bool(key.strip("\x00"))


def test_a_key_serves_for_one_act_on_one_dossier(party: Party) -> None:
    first, second = make_dossier(party), make_dossier(party)
    perform(Action.TAKE, dossier=first, actor=party.instructor, version=first.version, key="same")
    with pytest.raises(DossierConflict):
        perform(Action.TAKE, dossier=second, actor=party.instructor, version=second.version, key="same")
    with pytest.raises(DossierConflict):
        desk.assign(dossier=first, actor=party.instructor, assignee=None, key="same")
    with pytest.raises(DossierConflict):
        desk.assign(dossier=second, actor=party.instructor, assignee=party.validator, key="same")
    second.refresh_from_db()
    assert (second.state, second.assignee) == (State.DEPOSITED, None)


def test_a_draft_is_begun_once_though_the_key_was_taken_meanwhile(party: Party, monkeypatch: Any) -> None:
    given = {"type_": make_type(), "organisation": party.organisation, "actor": party.depositor, "key": "begin"}
    given["territory"] = party.organisation.territory
    first = create_draft(**given)
    # The second process did not see the first one's key when it looked.
    seen: list[str] = []
    looked = create_draft.__globals__["act_of"]

    def blind_once(actor: Any, key: str) -> Any:
        seen.append(key)
        return None if len(seen) == 1 else looked(actor, key)

    monkeypatch.setitem(create_draft.__globals__, "act_of", blind_once)
    assert create_draft(**given) == first
    assert Dossier.objects.filter(created_by=party.depositor).count() == 1
    assert seen == ["begin", "begin"]
