"""What several dossiers share, taken from at the same moment: enveloppes, communes, batches, a page's address."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.processes import Processes

from .test_races import act, after, at_once, split

pytestmark = pytest.mark.wide
WITH_AMOUNT = {"type": {"has_amount": True, "uses_envelopes": True}}


@pytest.mark.django_db
def test_the_racers_start_from_the_tests_database():
    """Makes pytest-django create what the processes copy, where this file runs alone."""


def test_of_ten_grants_at_once_as_many_are_made_as_the_enveloppe_holds(processes: Processes):
    given = processes.do("dossier_race", WITH_AMOUNT | {"ceiling": "1000", "states": ["en_instruction"] * 10})
    who = (given["instructor"], given["validator"])
    calls = [act("accepter", who[place % 2], of, amount="300.00") for place, of in enumerate(given["dossiers"])]
    answers = at_once(processes, calls, by=5)
    assert answers.count("accepte") == 3
    for each in answers:
        if each != "accepte":
            assert (each["refused"], each["field"]) == ("envelope", "amount")
            assert "Il ne reste que 100\xa0€" in each["message"]
    state = after(processes)
    assert state["envelopes"] == [["900.00", "1000.00"]]
    assert sorted(each["granted"] for each in state["dossiers"].values()) == ["300.00"] * 3 + ["None"] * 7


def test_of_two_grants_on_the_screens_the_second_is_told_what_is_left(processes: Processes):
    given = processes.do("dossier_race", WITH_AMOUNT | {"ceiling": "1000", "states": ["en_instruction"] * 2})
    calls = [
        (
            "post",
            {
                "who": given[who],
                "path": f"/instruction/{of['dossier']}/decider/",
                "body": {
                    "version": of["version"],
                    "key": who,
                    "outcome": "accepte",
                    "amount": "600,00",
                    "reason": f"Tapé par {who}.",
                },
            },
        )
        for who, of in zip(("instructor", "validator"), given["dossiers"], strict=True)
    ]
    answers = at_once(processes, calls, by=1)
    assert sorted(each["status"] for each in answers) == [302, 422]
    [(_, lost), text] = next(
        (call, each["text"]) for call, each in zip(calls, answers, strict=True) if each["status"] == 422
    )
    assert lost["body"]["reason"] in text
    assert 'value="600,00"' in text
    assert "Il ne reste que 400\xa0€" in text
    assert after(processes)["envelopes"] == [["600.00", "1000.00"]]


def test_reopening_gives_money_back_while_others_take_it(processes: Processes):
    states = ["accepte"] * 4 + ["en_instruction"] * 6
    given = processes.do("dossier_race", WITH_AMOUNT | {"ceiling": "1000", "granted": "250.00", "states": states})
    reopened = [act("rouvrir", given["validator"], of, reason="Une erreur.") for of in given["dossiers"][:4]]
    granted = [act("accepter", given["instructor"], of, amount="250.00") for of in given["dossiers"][4:]]
    answers = at_once(processes, reopened + granted, by=5)
    assert answers[:4] == ["en_instruction"] * 4
    assert all(each == "accepte" or each["refused"] == "envelope" for each in answers[4:]), answers
    state = after(processes)  # Which counts what is granted against what is committed.
    assert Decimal(state["granted"]) == 250 * answers[4:].count("accepte") <= 1000


def test_a_roadmap_reopened_against_one_deposited_of_the_same_communes(processes: Processes):
    given = processes.do("two_roadmaps")
    refused, draft = given["dossiers"]
    calls = [
        act("rouvrir", given["validator"], refused, reason="Une pièce nouvelle."),
        act("deposer", given["depositor"], draft),
    ]
    answers = at_once(processes, calls, by=1)
    [outcome] = [each for each in answers if not isinstance(each, dict)]
    [lost] = [each for each in answers if isinstance(each, dict)]
    assert lost["refused"] == "overlap"
    assert "Dax" in lost["message"]
    found = after(processes)["dossiers"]
    claimed = [found[each["dossier"]]["communes"] > 0 for each in (refused, draft)]
    assert claimed == [outcome == "en_instruction", outcome == "depose"]


def test_published_reopened_and_reassigned_at_once(processes: Processes):
    options: dict[str, Any] = {"type": {"publishable": True}, "states": ["accepte"], "space": True}
    given = processes.do("dossier_race", options)
    [of] = given["dossiers"]
    calls = [
        ("publish", {"who": given["instructor"]} | of),
        act("rouvrir", given["validator"], of, reason="Une erreur."),
    ]
    [outcome], told = split(at_once(processes, calls * 2, by=2))
    found = after(processes)["dossiers"][of["dossier"]]
    assert len(told) == 3
    assert found["live"] == (outcome != "en_instruction") == (found["state"] == "accepte")


def test_a_dossier_handed_to_another_service_while_it_is_decided(processes: Processes):
    given = processes.do("dossier_race", {})
    [of] = given["dossiers"]
    calls = [
        ("reassign", {"who": given["validator"]} | of),
        act("refuser", given["instructor"], of, reason="Hors sujet."),
    ]
    answers = at_once(processes, calls * 2, by=2)
    # Whom it left sees it no more; who was late is told.
    assert len([each for each in answers if not isinstance(each, dict)]) == 1
    found = after(processes)["dossiers"][of["dossier"]]
    assert (found["state"], found["routed_to"]) in (("refuse", "40"), ("en_instruction", "32"))
    assert found["version"] == of["version"] + 1


def test_two_batches_of_five_hundred_on_the_same_dossiers(processes: Processes):
    given = processes.do("dossier_race", {"states": []})
    about = {"depositor": given["depositor"], "type": given["type"], "number": 125}
    made = processes.race(*[("more_dossiers", about)] * 4)
    assert [len(each) for each in made] == [125] * 4, (made, processes.log())
    numbers = sorted(each["number"] for each in processes.do("state_of_dossiers")["dossiers"].values())
    assert [int(each.rpartition("-")[2]) for each in numbers] == list(range(1, 501)), "numbered at once, without a gap"
    batches = [
        processes.do("a_batch", {"who": given["instructor"]}),
        processes.do("a_batch", {"who": given["validator"], "backwards": True}),
    ]
    # Each by two processes, as a worker and the periodic job may.
    at_once(processes, [("batch", {"batch": each}) for each in batches] * 2, by=1)
    found = processes.do("state_of_batches", None)
    assert (found["finished"], found["done"], found["refused"]) == (2, 500, 500)
    assert found["reasons"] == ["Ce dossier a changé depuis que vous l’avez ouvert."]
    assert found["taken"] == [1] * 500
    after(processes)
