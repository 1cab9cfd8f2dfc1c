"""Several people at one dossier at the same moment, in processes of their own: one act is done, and the others are told
who did what. In each, the log's chain holds, and the engine had no deadlock to undo."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.processes import Processes

pytestmark = pytest.mark.wide

ITEMS = [{"field": "nom", "question": "Lequel ?", "mandatory": True}]
REFUSE = {"reason": "Hors du champ de l’appel."}


@pytest.mark.django_db
def test_the_racers_start_from_the_tests_database():
    """Makes pytest-django create what the processes copy, where this file runs alone."""


def at_once(processes: Processes, calls: list[tuple[str, dict[str, Any]]], by: int = 10) -> list[Any]:
    """What each call came to, in order: ``by`` threads a process, all from the same moment. None may break."""
    found = processes.race(*[("dossiers_at_once", calls[first : first + by]) for first in range(0, len(calls), by)])
    answers = [answer for each in found for answer in each]
    assert not [each for each in answers if str(each).startswith("error")], (answers, processes.log())
    assert len(answers) == len(calls), (found, processes.log())
    return answers


def act(action: str, who: int, of: dict[str, Any], key: str = "", **payload: Any) -> tuple[str, dict[str, Any]]:
    return "perform", {"action": action, "who": who, "key": key, "payload": payload} | of


def after(processes: Processes) -> dict[str, Any]:
    """All there is, once it is found to hold together."""
    state = processes.do("state_of_dossiers")
    assert state["deadlocks"] == 0
    for each in state["dossiers"].values():
        assert each["faults"] == []
        assert each["decisions"].count("en-vigueur") == (each["state"] in ("accepte", "refuse", "sans_suite"))
        assert each["requests"].count("ouverte") == (each["state"] == "a_completer")
    assert Decimal(state["granted"]) == sum(Decimal(committed) for committed, _ in state["envelopes"])
    assert all(Decimal(committed) <= Decimal(ceiling) for committed, ceiling in state["envelopes"])
    return state


def split(answers: list[Any]) -> tuple[list[Any], list[str]]:
    """What was done, and what the others were told: nothing but conflicts."""
    done = [each for each in answers if not isinstance(each, dict)]
    rest = [each for each in answers if isinstance(each, dict)]
    assert all(list(each) == ["conflict"] for each in rest), rest
    return done, [each["conflict"] for each in rest]


DECISIONS = ("accepter", "refuser", "classer")
LABELS = {
    "accepte": "Dossier accepté",
    "refuse": "Dossier refusé",
    "sans_suite": "Dossier classé sans suite",
}


def test_of_twenty_decisions_at_once_one_is_taken(processes: Processes):
    given = processes.do("dossier_race", {"instructors": 20})
    [of] = given["dossiers"]
    calls = [act(DECISIONS[place % 3], who, of, **REFUSE) for place, who in enumerate(given["instructors"])]
    answers = at_once(processes, calls)
    [outcome], told = split(answers)
    winner = given["names"][str(given["instructors"][answers.index(outcome)])]
    assert len(told) == 19
    assert all(f"« {LABELS[outcome]} », par {winner}, le " in each for each in told), told
    state = after(processes)
    found = state["dossiers"][of["dossier"]]
    assert (found["state"], found["version"]) == (outcome, of["version"] + 1)
    assert found["events"] == ["cree", "deposer", "prendre", DECISIONS[list(LABELS).index(outcome)]]
    assert found["by"][-1] == winner
    assert found["documents"] == ["recepisse", "decision"]
    # Everybody is told of it once, and once by mail.
    notices = Counter((kind, email) for kind, email, _ in state["notices"])
    assert set(notices.values()) == {1}
    assert sum(kind == "dossier.decided" for kind, _ in notices) == 2  # Who deposits for the organisation.
    processes.manage("tick")
    sent = Counter((kind, mail) for kind, _, mail in processes.do("state_of_dossiers")["notices"])
    assert sent["dossier.decided", "sent"] == 2
    assert len(processes.mails) == sum(count for (_, mail), count in sent.items() if mail == "sent")


def test_on_the_screens_nineteen_get_409_with_what_they_typed(processes: Processes):
    given = processes.do("dossier_race", {"instructors": 20})
    [of] = given["dossiers"]
    outcomes = list(LABELS)
    calls = [
        (
            "post",
            {
                "who": who,
                "path": f"/instruction/{of['dossier']}/decider/",
                "body": {
                    "version": of["version"],
                    "key": f"cle-{place}",
                    "outcome": outcomes[place % 3],
                    "reason": f"Le motif numéro {place}, tapé longuement.",
                },
            },
        )
        for place, who in enumerate(given["instructors"])
    ]
    answers = at_once(processes, calls)
    assert Counter(each["status"] for each in answers) == {302: 1, 409: 19}
    found = after(processes)["dossiers"][of["dossier"]]
    for place, each in enumerate(answers):
        if each["status"] == 409:
            assert f"Le motif numéro {place}, tapé longuement." in each["text"]
            assert f"« {LABELS[found['state']]} », par {found['by'][-1]}" in each["text"]
    assert found["events"][3:] == [DECISIONS[outcomes.index(found["state"])]]


# One of the acts is done whoever was first; each is tried by two. ``who``: by turns.
AT_ONCE: dict[str, tuple[dict[str, Any], list[tuple[str, str, dict[str, Any]]]]] = {
    "deposited by two members": (
        {"states": ["brouillon"]},
        [("deposer", "depositor", {}), ("deposer", "colleague", {})],
    ),
    "taken, withdrawn, to be completed": (
        {"states": ["depose"]},
        [
            ("prendre", "instructor", {}),
            ("retirer", "depositor", {"reason": "Abandon."}),
            ("demander_complements", "validator", {"due_on": 9, "items": ITEMS}),
        ],
    ),
    "complements against a decision": (
        {},
        [
            ("demander_complements", "instructor", {"due_on": 9, "items": ITEMS}),
            ("refuser", "validator", REFUSE),
            ("retirer", "colleague", {"reason": "Abandon."}),
        ],
    ),
    "a proposal signed, sent back, withdrawn": (
        {"type": {"second_person": True}, "proposed": True},
        [
            ("refuser", "validator", {"signing": True}),
            ("renvoyer", "instructor", {"reason": "À revoir."}),
            ("retirer", "depositor", {"reason": "Abandon."}),
        ],
    ),
    "two proposals": (
        {"type": {"second_person": True}},
        [
            ("proposer", "instructor", {"outcome": "refuse"} | REFUSE),
            ("proposer", "validator", {"outcome": "accepte"}),
        ],
    ),
    "reopened by two": (
        {"states": ["refuse"]},
        [("rouvrir", "instructor", {"reason": "Une pièce."}), ("rouvrir", "validator", {"reason": "Une erreur."})],
    ),
}


def test_of_acts_that_exclude_each_other_one_is_done(processes: Processes):
    made = processes.do("dossier_races", [options for options, _ in AT_ONCE.values()])
    given = dict(zip(AT_ONCE, made, strict=True))
    before, calls, names = after(processes)["dossiers"], [], []
    for _ in range(2):
        for name, (_, acts) in AT_ONCE.items():
            people, [of] = given[name], given[name]["dossiers"]
            calls += [act(action, people[who], of, **payload) for action, who, payload in acts]
            names += [name] * len(acts)
    answers = at_once(processes, calls, by=8)
    found = after(processes)["dossiers"]
    for name, people in given.items():
        [of] = people["dossiers"]
        mine = [place for place, each in enumerate(names) if each == name]
        [winner] = [place for place in mine if not isinstance(answers[place], dict)]
        now = found[of["dossier"]]
        assert now["version"] == of["version"] + 1, name
        assert now["events"] == [*before[of["dossier"]]["events"], calls[winner][1]["action"]], name
        _, told = split([answers[place] for place in mine])
        assert all(f"par {now['by'][-1]}" in each for each in told), (name, told)


def test_a_deposit_against_what_a_colleague_saves(processes: Processes):
    given = processes.do("dossier_race", {"states": ["brouillon"]})
    [of] = given["dossiers"]
    saves = [("save", {"who": given["colleague"], "value": f"Un autre {number}"} | of) for number in range(3)]
    deposits = [act("deposer", given["depositor"], of) for _ in range(3)]
    answers = at_once(processes, saves + deposits, by=3)
    [outcome], told = split(answers)
    found = after(processes)["dossiers"][of["dossier"]]
    assert len(told) == 5
    if outcome == "depose":
        assert (found["state"], found["values"]["nom"]) == ("depose", "Un projet")
    else:
        assert (found["state"], found["values"]["nom"]) == ("brouillon", outcome)


def test_a_complement_answered_sent_and_withdrawn_at_once(processes: Processes):
    given = processes.do("dossier_race", {"states": ["a_completer"]})
    [of] = given["dossiers"]
    one = [("answer_item", {"who": given["colleague"], "value": "Un nom précis"} | of)]
    assert at_once(processes, one) == ["Un nom précis"]
    of["version"] += 1
    calls = [
        ("answer_item", {"who": given["colleague"], "value": "Un autre nom"} | of),
        act("repondre", given["depositor"], of),
        act("retirer", given["colleague"], of, reason="Abandon."),
    ]
    [outcome], _ = split(at_once(processes, calls * 2, by=3))
    found = after(processes)["dossiers"][of["dossier"]]
    assert found["version"] == of["version"] + 1
    # What was never sent is not in the dossier once it is withdrawn.
    kept = {"en_instruction": "Un nom précis", "retire": "Un projet", "Un autre nom": "Un autre nom"}
    assert found["values"]["nom"] == kept[outcome]
    assert found["requests"] == [{"en_instruction": "repondue", "retire": "annulee"}.get(outcome, "ouverte")]


def test_two_people_deposit_one_draft_on_its_screen(processes: Processes):
    given = processes.do("dossier_race", {"states": ["brouillon"]})
    [of] = given["dossiers"]
    path = f"/dossiers/{of['dossier']}/formulaire/"
    calls = [
        (
            "post",
            {
                "who": given[who],
                "path": path,
                "body": {"_version": of["version"], "_key": f"cle-{who}", "_deposer": "1", "nom": f"Écrit par {who}"},
            },
        )
        for who in ("depositor", "colleague")
    ]
    # Each presses twice: their own second press is no conflict.
    answers = at_once(processes, calls * 2, by=2)
    found = after(processes)["dossiers"][of["dossier"]]
    winner = "depositor" if found["values"]["nom"] == "Écrit par depositor" else "colleague"
    for (_, call), answer in zip(calls * 2, answers, strict=True):
        if call["who"] == given[winner]:
            assert (answer["status"], answer["to"]) == (302, f"/dossiers/{of['dossier']}/")
        else:
            assert answer["status"] == 409
            assert call["body"]["nom"] in answer["text"]
            assert "Dossier déposé" in answer["text"]
    assert found["events"].count("deposer") == 1
    assert found["number"].endswith("-00001")


@pytest.mark.parametrize("action", ["prendre", "deposer"])
def test_a_form_sent_twenty_times_acts_once(processes: Processes, action: str):
    given = processes.do("dossier_race", {"states": ["brouillon" if action == "deposer" else "depose"]})
    [of] = given["dossiers"]
    who = given["depositor" if action == "deposer" else "instructor"]
    answers = at_once(processes, [act(action, who, of, key="une-cle")] * 20)
    assert set(answers) == {"depose" if action == "deposer" else "en_instruction"}
    state = after(processes)
    assert state["dossiers"][of["dossier"]]["events"].count(action) == 1
    assert set(Counter((kind, email) for kind, email, _ in state["notices"]).values()) == {1}


def test_a_draft_begun_twenty_times_is_one(processes: Processes):
    given = processes.do("dossier_race", {"states": []})
    answers = at_once(processes, [("begin", {"who": given["depositor"], "type": given["type"], "key": "debut"})] * 20)
    assert len(set(answers)) == 1
    [found] = after(processes)["dossiers"].values()
    assert found["events"] == ["cree"]


def test_twenty_deposits_at_once_are_numbered_without_a_gap(processes: Processes):
    given = processes.do("dossier_race", {"states": ["brouillon"] * 20})
    calls = [act("deposer", given["colleague"], of) for of in given["dossiers"]]
    assert at_once(processes, calls) == ["depose"] * 20
    numbers = sorted(each["number"] for each in after(processes)["dossiers"].values())
    assert [int(each.rpartition("-")[2]) for each in numbers] == list(range(1, 21))


def test_a_program_and_a_person_decide_at_once(processes: Processes):
    given = processes.do("dossier_race", {})
    [of] = given["dossiers"]
    secret = processes.do("a_key", given["validator"])
    typed = "Un motif tapé à l’écran."
    screen = {
        "who": given["instructor"],
        "path": f"/instruction/{of['dossier']}/decider/",
        "body": {"version": of["version"], "key": "ecran", "outcome": "refuse", "reason": typed},
    }
    program = {
        "secret": secret,
        "path": f"/api/dossiers/v1/dossiers/{of['dossier']}/transitions/",
        "body": {"action": "accepter", "version": of["version"]},
    }
    [person, api] = at_once(processes, [("post", screen), ("api", program)], by=1)
    found = after(processes)["dossiers"][of["dossier"]]
    if found["state"] == "refuse":
        assert (person["status"], api["status"]) == (302, 409)
        assert api["told"]["error"]["last_event"]["kind"] == "refuser"
    else:
        assert (person["status"], api["status"]) == (409, 200)
        assert typed in person["text"]
        assert "Dossier accepté" in person["text"]
    assert len(found["events"]) == 4
