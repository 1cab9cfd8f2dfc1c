"""The history of a dossier: what each party reads of it, and whether it is whole."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from dossiers.access import rights_on
from dossiers.enums import EventKind, Side, State
from dossiers.journal import record
from dossiers.models import Dossier, DossierEvent
from dossiers.outputs.history import history_panel
from tests.dossiers.factories import Party, make_dossier, make_party, make_type

pytestmark = pytest.mark.django_db
INSIDE = {EventKind.NOTE, EventKind.OPINION_ASKED, EventKind.PROPOSED, EventKind.READ_INSIDE, EventKind.EXPORTED}


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def kinds(panel: dict[str, Any]) -> list[str]:
    return [line.event.kind for line in panel["lines"]]


def verify() -> str:
    out = StringIO()
    call_command("verify_log", stdout=out)
    return out.getvalue()


def plant(party: Party) -> Dossier:
    dossier = make_dossier(party, State.INSTRUCTION)
    for kind in sorted(INSIDE | {EventKind.DOWNLOADED, EventKind.MESSAGE}):
        record(dossier, kind, actor=party.instructor, side=Side.INSTRUCTION)
    return dossier


def test_the_organisation_reads_neither_inner_events_nor_downloads(party: Party) -> None:
    dossier = plant(party)
    panel = history_panel(dossier, rights_on(dossier, party.depositor))
    assert kinds(panel) == ["message", "prendre", "deposer", "cree"]
    assert panel["lines"][1].state == "En cours d’instruction"
    assert panel["lines"][1].who == "Inès Instruction (service instructeur)"


def test_who_instructs_reads_all_since_the_deposit(party: Party) -> None:
    dossier = plant(party)
    found = kinds(history_panel(dossier, rights_on(dossier, party.instructor)))
    assert set(INSIDE) | {"telecharge"} <= set(found)
    assert found[-1] == "deposer"
    # The screen of another side does not widen what it shows.
    assert "note" not in kinds(history_panel(dossier, rights_on(dossier, party.depositor), Side.INSTRUCTION))


def test_the_desk_shows_it(client: Client, party: Party) -> None:
    dossier = plant(party)
    client.force_login(party.instructor)
    html = client.get(f"/instruction/{dossier.pk}/").content.decode()
    assert 'id="historique"' in html
    assert "Note interne" in html
    assert "Pris en instruction" in html


def test_a_long_history_says_what_it_leaves_out(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dossiers.outputs.history.MOST", 2)
    dossier = plant(party)
    panel = history_panel(dossier, rights_on(dossier, party.depositor))
    assert kinds(panel) == ["message", "prendre"]
    assert panel["older"] == 2


def test_a_whole_log_is_said_to_be(party: Party) -> None:
    make_dossier(party, State.ACCEPTED, make_type(second_person=False))
    make_dossier(party, State.DRAFT)
    assert "The log of 2 dossier(s) holds." in verify()


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE dossiers_dossierevent SET actor_label = 'Autre' WHERE number = 2", "event 2 was changed"),
        ("DELETE FROM dossiers_dossierevent WHERE number = 2", "event 2 is missing"),
        ("DELETE FROM dossiers_dossierevent WHERE number = 3", "the last event is not the one"),
    ],
)
def test_a_line_changed_or_taken_away_is_found(party: Party, sql: str, told: str) -> None:
    whole = make_dossier(party, State.DRAFT)
    dossier = make_dossier(party, State.INSTRUCTION)
    assert DossierEvent.objects.filter(dossier=dossier).count() == 3
    with connection.cursor() as cursor:
        cursor.execute(sql)
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 dossier\(s\) out of 2"):
        call_command("verify_log", stdout=out)
    assert told in out.getvalue()
    assert str(dossier.number) in out.getvalue()
    assert str(whole.pk) not in out.getvalue()


def test_one_dossier_or_three_cost_two_queries_more_each(party: Party, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_dossier(party, State.DEPOSITED)
    with django_assert_num_queries(4):
        verify()
