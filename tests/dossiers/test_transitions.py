"""The transition table against every party and state, written out again by hand; guards; acts sent twice."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from dossiers.enums import Action, DecisionState, OpinionState, State
from dossiers.journal import faults
from dossiers.models import Decision, Dossier, Envelope, Opinion
from dossiers.rules import TRANSITIONS, DossierConflict, DossierRefused
from dossiers.services.transitions import perform
from portal.accounts.models import Membership
from tests.dossiers import document
from tests.dossiers.factories import (
    Party,
    act,
    decide,
    make_dossier,
    make_draft,
    make_party,
    make_type,
    tomorrow,
)

# States in which each action exists, and who does it: the table of the specification.
TABLE = {
    "deposer": ("brouillon", "depositor colleague"),
    "retirer": ("depose a_completer en_instruction", "depositor colleague"),
    "prendre": ("depose", "instructor validator national"),
    "demander_complements": ("depose en_instruction", "instructor validator national"),
    "repondre": ("a_completer", "depositor colleague"),
    "constater_depassement": ("a_completer", ""),
    "proposer": ("en_instruction", "instructor validator national"),
    "renvoyer": ("en_instruction", "instructor validator national"),
    "accepter": ("en_instruction", "instructor validator national"),
    "refuser": ("en_instruction", "instructor validator national"),
    "classer": ("en_instruction", "instructor validator national"),
    "rouvrir": ("accepte refuse sans_suite", "instructor validator national"),
}
PARTIES = (
    "depositor",
    "colleague",
    "reader",
    "instructor",
    "validator",
    "advisor",
    "national",
    "elsewhere",
    "stranger",
)
CASES = [(action, state) for action in TABLE for state in State.values]


@pytest.fixture
def party(db: None) -> Party:
    return make_party()


def payload(action: str) -> dict:
    """What makes the action itself go through."""
    return {
        "retirer": {"reason": "Un motif."},
        "demander_complements": {"due_on": tomorrow(10), "items": [{"field": "nom", "question": "Lequel ?"}]},
        "proposer": {"outcome": State.REFUSED, "reason": "Un motif."},
        "renvoyer": {"reason": "Un motif."},
        "refuser": {"reason": "Un motif."},
        "classer": {"reason": "Un motif."},
        "rouvrir": {"reason": "Un motif."},
    }.get(action, {})


def test_the_table_written_here_is_that_of_the_code():
    assert {action.value: set(row.sources) for action, row in TRANSITIONS.items()} == {
        action: set(states.split()) for action, (states, _) in TABLE.items()
    }


@pytest.mark.parametrize(("action", "state"), CASES)
def test_who_does_what_where(party: Party, action: str, state: str):
    """Done by who may where it may be; 409 where it may not; 404 to anybody else; and the log holds."""
    dossier = prepared(party, action, state)
    states, parties = TABLE[action]
    before = (dossier.state, dossier.version, dossier.last_event_number)
    for who in PARTIES:
        actor = getattr(party, who)
        # Nobody but the organisation sees a draft.
        may = who in parties.split() and (state != State.DRAFT or who in ("depositor", "colleague"))
        with transaction.atomic():
            if not may or state not in states.split():
                with pytest.raises(DossierConflict if may else Http404):
                    act(action, dossier, actor, **payload(action))
                after = Dossier.objects.get(pk=dossier.pk)
                assert (after.state, after.version, after.last_event_number) == before
            else:
                after = act(action, dossier, actor, **payload(action))
                assert after.state == destination(action, dossier)
                assert (after.version, after.last_event_number) == (before[1] + 1, before[2] + 1)
                assert after.events.last().kind == TRANSITIONS[Action(action)].event
            assert list(faults(after)) == []
            transaction.set_rollback(True)


def prepared(party: Party, action: str, state: str) -> Dossier:
    """A dossier in ``state``, with what ``action`` needs beside; the advisor gave an avis."""
    dossier = make_dossier(party, state)
    if action == "renvoyer" and state == State.INSTRUCTION:
        dossier = act("proposer", dossier, party.instructor, outcome=State.REFUSED, reason="Un motif.")
    if state == State.INCOMPLETE:
        dossier.requests.get().items.update(answered_at=timezone.now())
    make_opinion(dossier, party, state=OpinionState.GIVEN, given_at=timezone.now())
    return dossier


def make_opinion(dossier: Dossier, party: Party, **fields) -> Opinion:
    return Opinion.objects.create(
        dossier=dossier,
        advisor=party.advisor,
        email=party.advisor.email,
        question="?",
        due_on=tomorrow(),
        due_at=timezone.now(),
        asked_by=party.instructor,
        **fields,
    )


def destination(action: str, dossier: Dossier) -> str:
    if action == "repondre":
        return dossier.previous_state
    return TRANSITIONS[Action(action)].to or dossier.state


def test_an_unknown_action_is_no_action(party: Party):
    with pytest.raises(ValueError, match="valider"):
        act("valider", make_dossier(party), party.instructor)


def test_a_form_sent_twice_acts_once(party: Party):
    dossier = make_dossier(party)
    sent = {"dossier": dossier, "actor": party.instructor, "version": dossier.version, "key": uuid.uuid4().hex}
    first, second = perform("prendre", **sent), perform("prendre", **sent)
    assert first.state == second.state == State.INSTRUCTION
    assert second.events.filter(kind="prendre").count() == 1
    with pytest.raises(DossierConflict):
        perform("proposer", **sent, outcome=State.REFUSED, reason="Un motif.")


def test_who_saw_something_else_is_told_who_did_what(party: Party):
    dossier = make_dossier(party)
    act("prendre", dossier, party.validator)
    with pytest.raises(DossierConflict, match=r"Pris en instruction.*Valentin Visa"):
        perform("demander_complements", dossier=dossier, actor=party.instructor, version=dossier.version)


@pytest.mark.parametrize("version", [None, "", "x", -1, 10**30])
def test_a_forged_version_is_a_conflict(party: Party, version):
    with pytest.raises(DossierConflict):
        perform("prendre", dossier=make_dossier(party), actor=party.instructor, version=version)


class TestDeposit:
    def test_gives_a_number_a_service_and_a_delay(self, party: Party):
        type_ = make_type(prefix="SUB", instruction_days=10)
        first, second = make_dossier(party, type_=type_), make_dossier(party, type_=type_)
        year = first.deposited_at.year
        assert [first.number, second.number] == [f"SUB-{year}-040-00001", f"SUB-{year}-040-00002"]
        assert first.routed_to == party.territory
        assert (first.due_at - first.deposited_at).days == 10
        assert first.revisions.get().values == {"nom": "Un projet"}

    def test_refuses_what_is_not_complete_and_keeps_the_draft(self, party: Party):
        dossier = make_draft(party, values={"nom": ""})
        with pytest.raises(DossierRefused) as refused:
            act("deposer", dossier, party.depositor)
        assert refused.value.code == "incomplete"
        assert list(refused.value.errors) == ["nom"]
        assert Dossier.objects.get(pk=dossier.pk).state == State.DRAFT

    @pytest.mark.parametrize("window", [{"opens_at": 1}, {"closes_at": -1}])
    def test_refuses_outside_of_the_window(self, party: Party, window):
        moments = {name: timezone.now() + dt.timedelta(days=days) for name, days in window.items()}
        with pytest.raises(DossierRefused) as refused:
            act("deposer", make_draft(party, make_type(**moments)), party.depositor)
        assert refused.value.code == "window"

    @pytest.mark.parametrize(
        ("circuit", "routed_to"), [("departement", "departement-40"), ("region", "region-75"), ("nation", "nation-FR")]
    )
    def test_routes_by_the_types_circuit(self, party: Party, circuit, routed_to):
        assert make_dossier(party, type_=make_type(circuit=circuit)).routed_to.key == routed_to


class TestDecision:
    def test_a_refusal_needs_a_reason(self, party: Party):
        with pytest.raises(DossierRefused) as refused:
            act("refuser", make_dossier(party, "en_instruction"), party.instructor)
        assert (refused.value.code, refused.value.field) == ("reason", "reason")

    def test_two_people_where_the_type_asks_for_it(self, party: Party):
        dossier = make_dossier(party, "en_instruction", make_type(second_person=True))
        with pytest.raises(DossierRefused) as refused:
            act("accepter", dossier, party.instructor)
        assert refused.value.code == "same_person"
        act("proposer", dossier, party.instructor, outcome=State.ACCEPTED)
        with pytest.raises(DossierRefused) as refused:
            act("accepter", dossier, party.instructor, signing=True)
        assert refused.value.code == "same_person"
        with pytest.raises(DossierRefused) as refused:
            act("refuser", dossier, party.validator, signing=True)
        assert refused.value.code == "proposal"
        after = act("accepter", dossier, party.validator, signing=True)
        decision = after.decisions.get()
        assert (after.state, decision.state, decision.signed_by) == ("accepte", DecisionState.FINAL, party.validator)

    def test_an_avis_that_is_waited_for_is_waited_for_unless_waived(self, party: Party):
        dossier = make_dossier(party, "en_instruction")
        opinion = make_opinion(dossier, party)
        with pytest.raises(DossierRefused) as refused:
            act("accepter", dossier, party.instructor)
        assert refused.value.code == "opinions"
        act("accepter", dossier, party.instructor, waive_opinions=True)
        opinion.refresh_from_db()
        assert opinion.state == OpinionState.REVOKED

    def test_reopening_keeps_the_decision_as_lapsed(self, party: Party):
        dossier = make_dossier(party, "refuse")
        after = act("rouvrir", dossier, party.validator, reason="Une pièce nouvelle.")
        assert (after.state, after.closed_at, after.decisions.get().state) == ("en_instruction", None, "caduque")
        again = decide(after, party, State.ACCEPTED)
        assert sorted(again.decisions.values_list("state", flat=True)) == ["caduque", "en-vigueur"]


class TestEnvelope:
    @pytest.fixture
    def type_(self, db: None):
        return make_type(has_amount=True, uses_envelopes=True)

    @pytest.fixture
    def envelope(self, party: Party, type_) -> Envelope:
        year = timezone.localdate().year
        return Envelope.objects.create(type=type_, territory=party.territory, year=year, ceiling=Decimal("1500"))

    def test_never_more_than_what_is_left(self, party: Party, type_, envelope):
        first, second = (make_dossier(party, "en_instruction", type_) for _ in range(2))
        decide(first, party, "accepte", amount=Decimal("1000.50"))
        with pytest.raises(DossierRefused, match="499,50"):
            decide(second, party, "accepte", amount=Decimal("499.51"))
        decide(second, party, "accepte", amount=Decimal("499.50"))
        envelope.refresh_from_db()
        assert envelope.left == 0

    def test_goes_back_when_the_dossier_is_reopened(self, party: Party, type_, envelope):
        dossier = decide(make_dossier(party, "en_instruction", type_), party, "accepte", amount=Decimal("1500"))
        act("rouvrir", dossier, party.validator, reason="Une erreur.")
        envelope.refresh_from_db()
        assert (envelope.committed, Decision.objects.get().amount) == (0, Decimal("1500"))

    def test_without_one_nothing_is_granted(self, party: Party, type_):
        with pytest.raises(DossierRefused) as refused:
            decide(make_dossier(party, "en_instruction", type_), party, "accepte")
        assert (refused.value.code, refused.value.field) == ("envelope", "amount")

    @pytest.mark.parametrize(
        "amount",
        [None, "12", 12.5, Decimal("NaN"), Decimal("Infinity"), Decimal("-1"), Decimal("1e14"), Decimal("0.001")],
    )
    def test_what_is_no_amount_is_said_beside_it(self, party: Party, type_, envelope, amount):
        with pytest.raises(DossierRefused) as refused:
            decide(make_dossier(party, "en_instruction", type_), party, "accepte", amount=amount)
        assert (refused.value.code, refused.value.field) == ("amount", "amount")


class TestComplements:
    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"items": []}, "items"),
            ({"items": None}, "items"),
            ({"items": ["nom"]}, "items"),
            ({"items": [{"field": "inconnu", "question": "?"}]}, "items"),
            ({"items": [{"field": "nom", "question": " "}]}, "items"),
            ({"items": [{"field": "nom", "question": "?"}] * 2}, "items"),
            ({"due_on": tomorrow(0)}, "due"),
            ({"due_on": None}, "due"),
            ({"due_on": tomorrow(900)}, "due"),
        ],
    )
    def test_refusals(self, party: Party, given, code):
        given = {"due_on": tomorrow(5), "items": [{"field": "nom", "question": "?"}]} | given
        with pytest.raises(DossierRefused) as refused:
            act("demander_complements", make_dossier(party), party.instructor, **given)
        assert refused.value.code == code

    def test_the_answer_brings_it_back_where_it_was_and_waiting_does_not_count(self, party: Party):
        dossier = make_dossier(party, "a_completer")
        with pytest.raises(DossierRefused) as refused:
            act("repondre", dossier, party.depositor)
        assert refused.value.errors == {"nom": ["Répondez à cette demande."]}
        request = dossier.requests.get()
        request.asked_at -= dossier.created_at - dossier.created_at.replace(year=dossier.created_at.year - 1)
        request.save()
        request.items.update(answered_at=dossier.created_at)
        after = act("repondre", dossier, party.depositor)
        assert (after.state, after.previous_state, after.complement_due_at) == ("en_instruction", "", None)
        assert (after.due_at - dossier.due_at).days >= 365
        assert after.revisions.count() == 2


def test_who_deposits_for_the_organisation_does_not_instruct_its_dossiers(party: Party):
    Membership.objects.create(user=party.instructor, role="depositor", organisation=party.organisation)
    dossier = make_dossier(party)
    with pytest.raises(Http404):
        act("prendre", dossier, party.instructor)


def test_the_page_of_states_is_that_of_the_table():
    assert document.PAGE.read_text() == document.page()
