"""Whatever is done to dossiers, in whatever order, by whomever: what must come of it is worked out here by hand, from
the specification and not from the code, and compared after each step with what the services made of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.db.models import CheckConstraint, F, Value
from django.http import Http404
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dossiers.exchange import complements, messages, opinions, reminders
from dossiers.journal import faults
from dossiers.models import (
    ComplementItem,
    ComplementRequest,
    Decision,
    Dossier,
    DossierType,
    Envelope,
    Opinion,
    PerimeterClaim,
    Reminder,
)
from dossiers.rules import DossierConflict, DossierRefused
from dossiers.services import desk, drafts
from dossiers.services.transitions import perform
from portal.territories.models import Territory
from tests.dossiers.factories import Party, make_type, tomorrow

DONE, GONE, CONFLICT, REFUSED = "done", "gone", "conflict", "refused"
CEILING = Decimal("1000")
#: Options of the types; the names of those that a dossier may be of.
TYPES: dict[str, dict[str, Any]] = {
    "plain": {"grace_days": 0},
    "signed": {"second_person": True, "grace_days": 2, "drop_when_overdue": True},
    "granted": {"has_amount": True, "uses_envelopes": True, "grace_days": 5},
    "both": {"has_amount": True, "uses_envelopes": True, "second_person": True},
}
MOST = 4  # Dossiers of one story.
DEPOSITORS = ("depositor", "colleague")
#: Who instructs, by the service that the dossier is with.
SERVICES = {"": (), "40": ("instructor", "validator", "national"), "32": ("elsewhere", "national")}
PEOPLE = (*DEPOSITORS, "reader", "instructor", "validator", "national", "elsewhere", "advisor", "stranger")
#: Where each act exists, and whose it is.
ACTS: dict[str, tuple[str, str]] = {
    "deposer": ("brouillon", "organisation"),
    "retirer": ("depose a_completer en_instruction", "organisation"),
    "prendre": ("depose", "service"),
    "demander_complements": ("depose en_instruction", "service"),
    "repondre": ("a_completer", "organisation"),
    "constater_depassement": ("a_completer", "nobody"),
    "proposer": ("en_instruction", "service"),
    "renvoyer": ("en_instruction", "service"),
    "accepter": ("en_instruction", "service"),
    "refuser": ("en_instruction", "service"),
    "classer": ("en_instruction", "service"),
    "rouvrir": ("accepte refuse sans_suite", "service"),
}
OUTCOMES = {"accepter": "accepte", "refuser": "refuse", "classer": "sans_suite"}
OPEN = ("depose", "en_instruction", "a_completer")

#: Said shortly in the report of a story that fails.
LONG = "trop long"
reasons = st.sampled_from(["Un motif.", "Un motif.", "Un motif.", "", " \x00 ", LONG])
amounts = st.sampled_from(
    [
        *(Decimal(each) for each in ("400", "400", "0", "700.50", "1e9", "-1", "NaN", "0.001", "1e400")),
        *("12", None, 12.5),
    ]
)
questions = st.sampled_from(
    [
        ([{"field": "nom", "question": "Lequel ?", "mandatory": True}], True),
        ([{"field": "nom", "question": "Lequel ?", "mandatory": True}], True),
        ([{"field": "nom", "question": "Lequel ?", "mandatory": False}], True),
        ([{"field": "nom", "question": " "}], False),
        ([{"field": "inconnu", "question": "?"}], False),
        ([], False),
        (["nom"], False),
        (None, False),
    ]
)
outcomes = st.sampled_from([*OUTCOMES.values(), *OUTCOMES.values(), "retire", "", None, ["accepte"]])

#: What a person types who means it.
LIKELY: dict[str, Any] = {
    "reason": st.just("Un motif."),
    "amount": st.sampled_from([Decimal("400"), Decimal("300.25"), Decimal("1000")]),
    "asked": st.just(([{"field": "nom", "question": "Lequel ?", "mandatory": True}], True)),
    "days": st.sampled_from([3, 20]),
    "outcome": st.sampled_from(list(OUTCOMES.values())),
    "waive": st.booleans(),
}


@dataclass
class Known:
    """What one dossier must be by now."""

    pk: uuid.UUID
    type: str
    creator: str
    state: str = "brouillon"
    version: int = 1
    log: list[str] = field(default_factory=lambda: ["cree"])
    last_by: str = ""
    name: str = "Un projet"
    sent_name: str = ""
    service: str = ""
    assignee: str = ""
    previous: str = ""
    proposal: dict[str, Any] | None = None
    decisions: list[str] = field(default_factory=list)
    granted: Decimal | None = None
    #: Of the open request: days until it is due, whether answered, mandatory, and days since the last reminder.
    due: int = 0
    mandatory: bool = False
    answered: bool = False
    reminded: int | None = None
    asked: bool = False
    advised: bool = False
    last: tuple[str, str, str] | None = None

    def instructs(self, who: str) -> bool:
        return who in SERVICES[self.service]

    def sees(self, who: str) -> bool:
        advises = who == "advisor" and (self.asked or self.advised) and self.state != "brouillon"
        return who in (*DEPOSITORS, "reader") or self.instructs(who) or advises


class Machine(RuleBasedStateMachine):
    """Up to four dossiers and an enveloppe, inside a transaction that is rolled back at the end of each story."""

    #: Given by the test: who there is, the types by name.
    party: Party
    types: dict[str, DossierType]
    envelopes: dict[str, Envelope]
    #: Steps of all stories, and what they came to.
    steps = 0
    met: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        caches["default"].clear()  # Of how often people act.
        self.known: list[Known] = []
        self.committed = dict.fromkeys(self.envelopes, Decimal(0))
        self.shut = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        for each in self.types.values():
            each.closes_at = None

    # --- Helpers ------------------------------------------------------------------------------------------------------
    def who(self, name: str) -> Any:
        return getattr(self.party, name)

    def pick(self, number: int) -> Known:
        return self.known[number % len(self.known)]

    def attempt(self, expected: str, work: Callable[[], Any]) -> bool:
        """Do it, and hold what came of it against what had to. Anything else that is raised fails the story."""
        told = "Done."
        try:
            with transaction.atomic():
                work()
            found = DONE
        except Http404:
            found = GONE
        except DossierRefused as refusal:
            found = CONFLICT if isinstance(refusal, DossierConflict) else REFUSED
            told = refusal.message
        assert found == expected, f"{found}, not {expected}: {told}"
        assert told, "a refusal says why"
        type(self).met[found] += 1
        return found == DONE

    def left(self, of: Known) -> Decimal:
        return CEILING - self.committed[of.type] if of.type in self.committed else Decimal(0)

    # --- Drafts -------------------------------------------------------------------------------------------------------
    @initialize(types=st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=3), far=st.integers(0, 2))
    def begin_some(self, types: list[str], far: int) -> None:
        for type_ in types:
            self.begin(type_, "depositor", far)

    @precondition(lambda self: len(self.known) < MOST)
    @rule(type_=st.sampled_from(list(TYPES)), who=st.sampled_from(DEPOSITORS), far=st.integers(0, 2))
    def begin_another(self, type_: str, who: str, far: int) -> None:
        self.begin(type_, who, far)

    def begin(self, type_: str, who: str, far: int) -> None:
        """A draft; then ``far``: deposited (1), taken (2)."""
        key = uuid.uuid4().hex
        given = {"organisation": self.party.organisation, "territory": self.party.territory, "actor": self.who(who)}
        made: list[Dossier] = []
        work = lambda: made.append(drafts.create_draft(type_=self.types[type_], key=key, **given))  # noqa: E731
        if not self.attempt(REFUSED if self.shut else DONE, work):
            return
        self.known.append(Known(made[0].pk, type_, who, name=""))
        self.save(self.known[-1], who, "Un projet", stale=False)
        nothing = {"reason": "", "amount": None, "asked": (None, False), "days": None, "outcome": "", "waive": False}
        for action in ("deposer", "prendre")[:far]:
            self.rightly(self.known[-1], action, 0, **nothing)

    @rule(
        number=st.integers(0, 3),
        who=st.sampled_from(PEOPLE),
        name=st.sampled_from(["Un projet", "Un autre", ""]),
        stale=st.booleans(),
    )
    def save_draft(self, number: int, who: str, name: str, stale: bool) -> None:
        if self.known:
            self.save(self.pick(number), who, name, stale)

    def save(self, of: Known, who: str, name: str, stale: bool) -> None:
        same = name == of.name and of.version > 1
        expected = CONFLICT if stale and not same else DONE
        if of.state != "brouillon":
            expected = CONFLICT
        if who not in DEPOSITORS:
            expected = GONE
        given = {"version": of.version - stale, "values": {"nom": name}}
        if not self.attempt(expected, lambda: drafts.save_draft(dossier=of.pk, actor=self.who(who), **given)) or same:
            return
        of.name, of.version = name, of.version + 1
        if (of.log[-1], of.last_by) != ("modifie", who):
            of.log.append("modifie")
        of.last_by = who

    # --- Transitions --------------------------------------------------------------------------------------------------
    @precondition(lambda self: self.known)
    @rule(
        number=st.integers(0, 3),
        action=st.sampled_from(list(ACTS)),
        who=st.sampled_from(PEOPLE),
        version=st.sampled_from([0, 0, 0, 0, -1, 1, None, "x"]),
        reason=reasons,
        amount=amounts,
        asked=questions,
        days=st.sampled_from([9, 9, 3, 0, -1, 400, None]),
        outcome=outcomes,
        signing=st.booleans(),
        waive=st.booleans(),
        assignee=st.sampled_from(["", "", "validator", "depositor"]),
    )
    def any_act(self, number: int, action: str, who: str, version: Any, **given: Any) -> None:
        """Anything by anybody: most are refused."""
        self.transition(self.pick(number), action, who, version, **given)

    @precondition(lambda self: any(each.state != "retire" for each in self.known))
    @rule(number=st.integers(0, 3), choice=st.integers(0, 9), person=st.integers(0, 2), **LIKELY)
    def likely_act(self, number: int, choice: int, person: int, **given: Any) -> None:
        """What people do: acts that exist where the dossier is, by whom they belong to. Few withdraw."""
        of = self.pick_in("brouillon depose en_instruction a_completer accepte refuse sans_suite", number)
        possible = [name for name, (states, whose) in ACTS.items() if of.state in states.split() and whose != "nobody"]
        possible = [name for name in possible if name != "retirer" or choice > 7]
        self.rightly(of, possible[choice % len(possible)], person, **given)

    @precondition(lambda self: any(each.state in ("brouillon", "depose") for each in self.known))
    @rule(number=st.integers(0, 3), person=st.integers(0, 2), **LIKELY)
    def go_on(self, number: int, person: int, **given: Any) -> None:
        """Deposited, then taken."""
        of = self.pick_in("brouillon depose", number)
        self.rightly(of, "deposer" if of.state == "brouillon" else "prendre", person, **given)

    @precondition(lambda self: any(each.state == "en_instruction" for each in self.known))
    @rule(number=st.integers(0, 3), person=st.integers(0, 2), **LIKELY)
    def conclude(self, number: int, person: int, **given: Any) -> None:
        """Decided: proposed, then signed where that takes two."""
        of = self.pick_in("en_instruction", number)
        propose = TYPES[of.type].get("second_person") and of.proposal is None
        action = next(name for name, outcome in OUTCOMES.items() if outcome == given["outcome"])
        self.rightly(of, "proposer" if propose else action, person, **given)

    @precondition(lambda self: any(each.state == "a_completer" for each in self.known))
    @rule(number=st.integers(0, 3), person=st.integers(0, 1), value=st.sampled_from(["Un nom", "Un autre"]), **LIKELY)
    def answer_and_send(self, number: int, person: int, value: str, **given: Any) -> None:
        self.answer_item(number, DEPOSITORS[person], value, False)
        self.rightly(self.pick_in("a_completer", number), "repondre", person, **given)

    @precondition(lambda self: any(each.proposal for each in self.known))
    @rule(number=st.integers(0, 3), person=st.integers(0, 2), **LIKELY)
    def send_back(self, number: int, person: int, **given: Any) -> None:
        proposed = [each for each in self.known if each.proposal]
        self.rightly(proposed[number % len(proposed)], "renvoyer", person, **given)

    def pick_in(self, states: str, number: int) -> Known:
        there = [each for each in self.known if each.state in states.split()]
        return there[number % len(there)]

    def rightly(self, of: Known, action: str, person: int, **given: Any) -> None:
        """By one of those whose act it is; what is proposed is signed."""
        people = DEPOSITORS if ACTS[action][1] == "organisation" else SERVICES[of.service]
        signing = of.proposal is not None
        if of.proposal is not None and action in OUTCOMES:
            action = next(name for name, outcome in OUTCOMES.items() if outcome == of.proposal["outcome"])
        self.transition(of, action, people[person % len(people)], 0, signing=signing, assignee="", **given)

    def transition(self, of: Known, action: str, who: str, version: Any, **given: Any) -> None:
        expected = self.expected(of, action, who, version, **given)
        items, _ = given["asked"]
        payload = {
            "reason": "x" * 10_001 if given["reason"] == LONG else given["reason"],
            "amount": given["amount"],
            "items": items,
            "due_on": tomorrow(given["days"]) if given["days"] is not None else None,
            "outcome": given["outcome"],
            "signing": given["signing"],
            "waive_opinions": given["waive"],
        }
        if given["assignee"]:
            payload["assignee"] = self.who(given["assignee"])
        seen = of.version + version if isinstance(version, int) else version
        key = uuid.uuid4().hex

        def work() -> None:
            perform(action, dossier=of.pk, actor=self.who(who), version=seen, key=key, **payload)

        if self.attempt(expected, work):
            type(self).met[action] += 1
            of.version += 1
            of.log.append(action)
            of.last_by = who
            of.last = (who, action, key)
            getattr(self, f"after_{ACTS_DONE.get(action, action)}")(of, who, action, **given)

    def expected(self, of: Known, action: str, who: str, version: Any, **given: Any) -> str:
        states, whose = ACTS[action]
        mine = {
            "organisation": who in DEPOSITORS,
            "service": of.instructs(who) and of.state != "brouillon",
            "nobody": False,
        }
        if not mine[whose]:
            return GONE
        if version != 0 or of.state not in states.split():
            return CONFLICT
        return DONE if getattr(self, f"may_{ACTS_DONE.get(action, action)}")(of, who, action, **given) else REFUSED

    # Guards: whether the act is done where it exists, by whom it belongs to.
    def may_deposer(self, of: Known, who: str, action: str, **given: Any) -> bool:
        return not self.shut and bool(of.name)

    def may_retirer(self, of: Known, who: str, action: str, reason: str, **given: Any) -> bool:
        return reason != LONG and bool(reason.strip("\x00 "))

    may_rouvrir = may_retirer

    def may_prendre(self, of: Known, who: str, action: str, assignee: str, **given: Any) -> bool:
        return not assignee or of.instructs(assignee)

    def may_demander_complements(
        self, of: Known, who: str, action: str, asked: Any, days: int | None, **given: Any
    ) -> bool:
        return asked[1] and days is not None and 0 < days <= 366

    def may_repondre(self, of: Known, who: str, action: str, **given: Any) -> bool:
        return of.answered or not of.mandatory

    def may_renvoyer(self, of: Known, who: str, action: str, reason: str, **given: Any) -> bool:
        return of.proposal is not None and self.may_retirer(of, who, action, reason)

    def may_proposer(self, of: Known, who: str, action: str, outcome: Any, **given: Any) -> bool:
        fits = isinstance(outcome, str) and outcome in OUTCOMES.values()
        return of.proposal is None and fits and self.fits(of, wanted=outcome, **given)

    def may_decide(self, of: Known, who: str, action: str, signing: bool, **given: Any) -> bool:
        second = TYPES[of.type].get("second_person", False)
        if not signing:
            return not second and of.proposal is None and self.fits(of, wanted=OUTCOMES[action], **given)
        proposed = of.proposal
        if proposed is None or proposed["outcome"] != OUTCOMES[action] or (second and proposed["by"] == who):
            return False
        return not (of.asked and not proposed["waived"]) and (proposed["amount"] or 0) <= self.left(of)

    def fits(self, of: Known, wanted: str, reason: str, amount: Any, waive: bool, **given: Any) -> bool:
        if reason == LONG or (wanted != "accepte" and not reason.strip("\x00 ")) or (of.asked and not waive):
            return False
        if wanted != "accepte" or not TYPES[of.type].get("has_amount"):
            return True
        if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
            return False
        return amount == round(amount, 2) and amount <= self.left(of)

    # What becomes of it.
    def after_deposer(self, of: Known, who: str, action: str, **given: Any) -> None:
        of.state, of.service = "depose", "40"

    def after_retirer(self, of: Known, who: str, action: str, **given: Any) -> None:
        self.close(of, "retire")

    def after_prendre(self, of: Known, who: str, action: str, assignee: str, **given: Any) -> None:
        of.state, of.assignee = "en_instruction", assignee or of.assignee or who

    def after_demander_complements(self, of: Known, who: str, action: str, asked: Any, days: int, **given: Any) -> None:
        of.previous, of.state = of.state, "a_completer"
        of.due, of.mandatory, of.answered, of.reminded = days, asked[0][0]["mandatory"], False, None
        of.sent_name = of.name

    def after_repondre(self, of: Known, who: str, action: str, **given: Any) -> None:
        of.state, of.previous = of.previous, ""

    def after_proposer(
        self, of: Known, who: str, action: str, outcome: str, amount: Any, waive: bool, **given: Any
    ) -> None:
        granted = amount if outcome == "accepte" and TYPES[of.type].get("has_amount") else None
        of.proposal = {"outcome": outcome, "by": who, "amount": granted, "waived": waive}

    def after_renvoyer(self, of: Known, who: str, action: str, **given: Any) -> None:
        of.proposal = None
        of.decisions.append("renvoyee")

    def after_decide(self, of: Known, who: str, action: str, amount: Any, signing: bool, **given: Any) -> None:
        granted = amount if OUTCOMES[action] == "accepte" and TYPES[of.type].get("has_amount") else None
        if signing:
            assert of.proposal is not None
            granted, of.proposal = of.proposal["amount"], None
        of.granted = granted
        if granted is not None:
            self.committed[of.type] += granted
        of.decisions.append("en-vigueur")
        self.close(of, OUTCOMES[action])

    def after_rouvrir(self, of: Known, who: str, action: str, **given: Any) -> None:
        of.state = "en_instruction"
        of.decisions = ["caduque" if each == "en-vigueur" else each for each in of.decisions]
        if of.granted is not None:
            self.committed[of.type] -= of.granted
        of.granted = None

    def close(self, of: Known, state: str) -> None:
        if of.state == "a_completer" and of.answered:
            of.name = of.sent_name
        of.state, of.previous, of.asked = state, "", False
        if of.proposal is not None:
            of.proposal = None
            of.decisions.append("renvoyee")

    @precondition(lambda self: any(each.last for each in self.known))
    @rule(number=st.integers(0, 3), other=st.booleans())
    def send_again(self, number: int, other: bool) -> None:
        """A form that was sent already: nothing happens; its key for something else is a conflict."""
        sent = [each for each in self.known if each.last]
        of = sent[number % len(sent)]
        who, action, key = of.last or ("", "", "")
        if other:
            action = next(name for name in ACTS if name != action and ACTS[name][1] == ACTS[action][1])
        expected = CONFLICT if other else DONE
        # Handed to another service, it is no longer theirs to see.
        if ACTS[action][1] == "service" and not of.instructs(who):
            expected = GONE
        self.attempt(expected, lambda: perform(action, dossier=of.pk, actor=self.who(who), version=1, key=key))

    # --- Complements and time -----------------------------------------------------------------------------------------
    @precondition(lambda self: any(each.state == "a_completer" for each in self.known))
    @rule(
        number=st.integers(0, 3),
        who=st.sampled_from([*DEPOSITORS, *DEPOSITORS, "reader", "instructor", "stranger"]),
        value=st.sampled_from(["Un nom précis", "Un autre nom", "Un projet", "", None]),
        stale=st.sampled_from([False, False, False, True]),
    )
    def answer_item(self, number: int, who: str, value: Any, stale: bool) -> None:
        waiting = [each for each in self.known if each.state == "a_completer"]
        of = waiting[number % len(waiting)]
        item = ComplementItem.objects.select_related("request").get(request__dossier=of.pk, request__state="ouverte")
        # The same as before says nothing.
        expected = DONE if value and value != of.sent_name else REFUSED
        expected = CONFLICT if stale else expected
        expected = expected if who in DEPOSITORS else GONE
        given = {"version": of.version - stale, "value": value}
        if self.attempt(expected, lambda: complements.answer_item(item=item, actor=self.who(who), **given)):
            of.name, of.answered, of.version, of.last_by = value, True, of.version + 1, who
            of.log.append("complement_saisi")

    @rule(days=st.sampled_from([1, 3, 12, 30]), again=st.booleans())
    def days_pass(self, days: int, again: bool) -> None:
        """Everything that waits is older by that much; then what the portal does by itself, perhaps twice."""
        ago = dt.timedelta(days=days)
        moved = {"due_at": F("due_at") - ago, "due_on": F("due_on") - ago, "asked_at": F("asked_at") - ago}
        for model in (ComplementRequest, Opinion):
            for each in model.objects.order_by("pk"):  # F() on a date gives a moment on SQLite.
                rows = model.objects.filter(pk=each.pk)
                rows.update(**{name: getattr(each, name) - ago for name in moved})
        Reminder.objects.update(at=F("at") - ago)
        for of in self.known:
            of.due -= days
            of.reminded = of.reminded + days if of.reminded is not None else None
        noon = timezone.localtime().replace(hour=12, minute=0, second=0)
        for _ in range(1 + again):
            reminders.remind(noon)
            for of in self.known:
                if of.state == "a_completer" and of.due <= -1 and of.reminded is None:
                    of.reminded = 0
            expired = reminders.expire()
            assert expired == sum([self.expire(of) for of in self.known])

    def expire(self, of: Known) -> bool:
        grace = TYPES[of.type].get("grace_days", 3)
        if of.state != "a_completer" or not of.reminded or of.due + grace >= 0:
            return False
        type(self).met["constater_depassement"] += 1
        of.version += 1
        of.log.append("constater_depassement")
        of.last_by = ""
        if of.answered:
            of.name = of.sent_name
        if TYPES[of.type].get("drop_when_overdue"):
            of.answered = False
            self.close(of, "sans_suite")
        else:
            of.state, of.previous = of.previous, ""
        return True

    @precondition(lambda self: any(each.state == "a_completer" for each in self.known))
    @rule()
    def nobody_answers(self) -> None:
        self.days_pass(25, False)
        self.days_pass(2, False)
        self.days_pass(5, False)

    @rule(shut=st.sampled_from([False, False, False, True]))
    def the_window_closes_or_opens(self, shut: bool) -> None:
        self.shut = shut
        closes_at = timezone.now() - dt.timedelta(minutes=1) if self.shut else None
        for each in self.types.values():
            each.closes_at = closes_at
            each.save(update_fields=["closes_at"])

    # --- Beside the state ---------------------------------------------------------------------------------------------
    @precondition(lambda self: self.known)
    @rule(
        number=st.integers(0, 3),
        act=st.sampled_from(["ask", "give", "revoke"]),
        who=st.sampled_from(["advisor", "instructor", "validator", "elsewhere", "depositor"]),
    )
    def opinion(self, number: int, act: str, who: str) -> None:
        of = self.pick(number)
        actor, advisor = self.who(who), self.party.advisor
        asked = Opinion.objects.filter(dossier=of.pk).order_by("-asked_at", "pk").first()
        if act == "ask":
            expected = GONE if not of.instructs(who) else CONFLICT if of.state not in OPEN else DONE
            expected = REFUSED if expected == DONE and of.asked else expected
            given = {"emails": [advisor.email], "question": "Qu’en pensez-vous ?", "due_on": tomorrow(20)}
            dossier = Dossier.objects.get(pk=of.pk)
            if self.attempt(expected, lambda: opinions.ask(dossier=dossier, actor=actor, **given)):
                of.asked, of.last_by = True, who
                of.log.append("avis_demande")
        elif asked is not None and of.asked:
            waiting = Opinion.objects.get(dossier=of.pk, state="demande")
            if act == "give":
                given = {"view": "favorable", "text": "Un avis."}
                done = self.attempt(
                    DONE if who == "advisor" else GONE, lambda: opinions.give(opinion=waiting, actor=actor, **given)
                )
                of.advised = of.advised or done
            else:
                expected = DONE if of.instructs(who) else GONE
                done = self.attempt(expected, lambda: opinions.revoke(opinion=waiting, actor=actor))
            if done:
                of.asked, of.last_by = False, who
                of.log.append("avis_rendu" if act == "give" else "avis_annule")

    @precondition(lambda self: self.known)
    @rule(
        number=st.integers(0, 3),
        who=st.sampled_from(PEOPLE),
        body=st.sampled_from(["Bonjour", "", LONG]),
        internal=st.booleans(),
    )
    def message(self, number: int, who: str, body: str, internal: bool) -> None:
        of = self.pick(number)
        if of.instructs(who) and of.state != "brouillon":
            expected = DONE
        elif who in (*DEPOSITORS, "reader") and not internal:
            expected = DONE if of.state != "brouillon" else REFUSED
        else:
            expected = GONE
        expected = REFUSED if expected == DONE and body != "Bonjour" else expected
        given = {"body": "x" * 20_001 if body == LONG else body, "internal": internal}
        dossier = Dossier.objects.get(pk=of.pk)
        if self.attempt(expected, lambda: messages.post_message(dossier=dossier, actor=self.who(who), **given)):
            of.log.append("note" if internal else "message")
            of.last_by = who

    @precondition(lambda self: self.known)
    @rule(
        number=st.integers(0, 3),
        who=st.sampled_from(["instructor", "validator", "national", "elsewhere", "depositor"]),
        assignee=st.sampled_from(["", "instructor", "validator", "elsewhere", "depositor"]),
    )
    def assign(self, number: int, who: str, assignee: str) -> None:
        of = self.pick(number)
        fits = of.state in OPEN and (not assignee or of.instructs(assignee))
        expected = GONE if not of.instructs(who) else DONE if fits else REFUSED
        given = {"assignee": self.who(assignee) if assignee else None}
        dossier = Dossier.objects.get(pk=of.pk)
        if self.attempt(expected, lambda: desk.assign(dossier=dossier, actor=self.who(who), **given)):
            if of.assignee != assignee:
                of.log.append("affecte")
                of.last_by = who
            of.assignee = assignee

    @precondition(lambda self: self.known)
    @rule(
        number=st.integers(0, 3),
        who=st.sampled_from(["instructor", "national", "elsewhere", "depositor"]),
        service=st.sampled_from(["40", "40", "32"]),
        stale=st.booleans(),
    )
    def reassign(self, number: int, who: str, service: str, stale: bool) -> None:
        of = self.pick(number)
        expected = GONE if not of.instructs(who) else CONFLICT if stale else DONE
        if expected == DONE and (of.state not in OPEN or service == of.service):
            expected = REFUSED
        to = Territory.objects.get(level="departement", code=service)
        given = {"service": to, "reason": "Un motif.", "version": of.version - stale}
        dossier = Dossier.objects.get(pk=of.pk)
        if self.attempt(expected, lambda: desk.reassign(dossier=dossier, actor=self.who(who), **given)):
            of.service, of.version, of.last_by = service, of.version + 1, who
            of.log.append("reaffecte")
            if of.assignee and not of.instructs(of.assignee):
                of.assignee = ""

    # --- After each step ----------------------------------------------------------------------------------------------
    @invariant()
    def all_is_as_it_must_be(self) -> None:
        type(self).steps += 1
        rows = {each.pk: each for each in Dossier.objects.select_related("routed_to", "assignee").order_by("pk")}
        assert set(rows) == {of.pk for of in self.known}
        decisions: dict[Any, list[str]] = {pk: [] for pk in rows}
        for dossier, state in Decision.objects.order_by("pk").values_list("dossier", "state"):
            decisions[dossier].append(state)
        waiting = Counter(
            ComplementRequest.objects.filter(state="ouverte").order_by().values_list("dossier", flat=True)
        )
        asked = Counter(Opinion.objects.filter(state="demande").order_by().values_list("dossier", flat=True))
        numbers = []
        for of in self.known:
            row = rows[of.pk]
            assert (row.state, row.version, row.previous_state) == (of.state, of.version, of.previous)
            assert row.values.get("nom") == of.name
            assert (row.routed_to.code if row.routed_to else "") == of.service
            assert row.assignee == (self.who(of.assignee) if of.assignee else None)
            assert list(row.events.order_by("number").values_list("kind", flat=True)) == of.log
            assert list(faults(row)) == []
            proposed = ["proposee"] if of.proposal else []
            assert sorted(decisions[of.pk]) == sorted([*of.decisions, *proposed])
            assert decisions[of.pk].count("en-vigueur") == (of.state in OUTCOMES.values() and self.decided(of))
            assert row.amount_granted == of.granted
            assert waiting[of.pk] == (of.state == "a_completer")
            assert asked[of.pk] == of.asked
            numbers += [row.number] if row.number else []
        assert len(set(numbers)) == len(numbers)
        assert violated() == []
        for name, envelope in self.envelopes.items():
            envelope.refresh_from_db()
            assert envelope.committed == self.committed[name] <= envelope.ceiling

    def decided(self, of: Known) -> bool:
        """Not closed by the portal because nobody answered."""
        acts = [each for each in of.log if each in ACTS]
        return acts[-1] != "constater_depassement"


ACTS_DONE = dict.fromkeys(OUTCOMES, "decide")


def violated() -> list[str]:
    """The CHECK constraints of the tables of dossiers that some row does not keep. One query."""
    found = []
    for model in MODELS:
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                broken = (
                    model._base_manager.order_by().exclude(constraint.condition).values_list(Value(constraint.name))
                )
                found.append(broken)
    first, *rest = found
    return [name for (name,) in first.union(*rest, all=True)]


MODELS = (Dossier, Decision, Opinion, Envelope, DossierType)


def make_world(party: Party) -> dict[str, Any]:
    """The types and enveloppes of every story."""
    types = {name: make_type(**options) for name, options in TYPES.items()}
    year = timezone.localdate().year
    envelopes = {
        name: Envelope.objects.create(type=types[name], territory=party.territory, year=year, ceiling=CEILING)
        for name, options in TYPES.items()
        if options.get("uses_envelopes")
    }
    assert not PerimeterClaim.objects.exists()
    return {"types": types, "envelopes": envelopes, "met": Counter()}
