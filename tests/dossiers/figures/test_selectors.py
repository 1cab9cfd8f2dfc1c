"""What is counted, against samples computed by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from dossiers.enums import Action, State
from dossiers.figures import selectors
from dossiers.figures.scope import DECISION, Scope, place_at, root_of
from dossiers.figures.selectors import Delay, by_month, by_place, by_type, measure
from dossiers.instruction.selectors import Desk, desk_of
from dossiers.models import Decision, Dossier, Envelope
from portal.accounts.models import User
from portal.territories.enums import Level
from tests.dossiers.factories import Party, act, make_dossier, make_party, make_type
from tests.factories import make_member

from .factories import START, asked, day, make_timed, place


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def desk(user: User) -> Desk:
    return desk_of(User.objects.get(pk=user.pk))


def test_a_sample_computed_by_hand(party: Party) -> None:
    type_ = make_type()
    # 10, 20, 30 and 100 days in all; the second waited 5 days for complements, the last 40 and 30.
    make_timed(party, State.ACCEPTED, type_, 10, due=60, amounts=("1000.10", "600.05"))
    second = make_timed(party, State.REFUSED, type_, 20, due=65)
    asked(second, party, 1, 6)
    make_timed(party, State.DROPPED, type_, 30, due=29)
    last = make_timed(party, State.ACCEPTED, type_, 100, due=99.5, amounts=("2000.20", "0.05"))
    asked(last, party, 5, 45)
    asked(last, party, 50, 80)
    make_timed(party, State.WITHDRAWN, type_, 3)
    make_timed(party, State.DEPOSITED, type_, due=1)
    waiting = make_timed(party, State.INSTRUCTION, type_, due=100_000)
    asked(waiting, party, 2, None)
    make_dossier(party, State.DRAFT, type_)
    found = measure(Scope(desk(party.instructor)).dossiers())
    assert (found.deposited, found.open, found.decided, found.withdrawn) == (7, 2, 4, 1)
    assert (found.accepted, found.refused, found.dropped) == (2, 1, 1)
    assert (found.to_take, found.instructed, found.incomplete) == (1, 1, 0)
    # [10, 20, 30, 100]: halfway from 20 to 30; the ninth decile is at rank 2.7, between 30 and 100.
    assert found.total == Delay(25, pytest.approx(30 + 0.7 * 70))
    # [10, 15, 30, 30]
    assert found.own == Delay(22.5, 30)
    assert (found.decided_late, found.share_late, found.late) == (2, 0.5, 1)
    assert (found.requests, found.completed) == (4, 3)
    assert found.requests_each == pytest.approx(4 / 7)
    assert (found.requested, found.granted) == (Decimal("3000.30"), Decimal("600.10"))


def test_parts_are_the_whole_together(party: Party) -> None:
    first, second = make_type(), make_type()
    asked(make_timed(party, State.ACCEPTED, first, 10, due=5, amounts=("10.10", "5.05")), party, 1, 3)
    make_timed(party, State.REFUSED, second, 21, amounts=("0.90", "0"))
    make_timed(party, State.WITHDRAWN, second, 3)
    scope = Scope(desk(party.instructor))
    whole = measure(scope.dossiers())
    assert whole.requested == Decimal("11.00")
    assert selectors.together(scope.dossiers(), [row.measures for row in by_type(scope)]) == whole
    nothing = Scope(desk(party.elsewhere)).dossiers()
    assert selectors.together(nothing, []) == measure(nothing) == selectors.Measures()


def test_nothing_is_nothing(party: Party) -> None:
    found = measure(Scope(desk(party.instructor)).dossiers())
    assert found == selectors.Measures()
    assert (found.share_late, found.requests_each, found.share_accepted) == (None, None, None)


def test_the_time_of_a_decision_that_lapsed_is_not_instruction(party: Party) -> None:
    dossier = make_timed(party, State.ACCEPTED, make_type(), 50)
    Decision.objects.filter(dossier=dossier).update(signed_at=day(10), state="caduque", lapsed_at=day(30))
    found = measure(Scope(desk(party.instructor)).dossiers())
    assert (found.total, found.own) == (Delay(50, 50), Delay(30, 30))


def test_reopened_and_in_the_bin(party: Party) -> None:
    type_ = make_type()
    reopened = make_dossier(party, State.REFUSED, type_)
    for _ in range(2):
        reopened = act(Action.REOPEN, reopened, party.validator, reason="Une pièce est arrivée.")
        reopened = act(Action.REFUSE, reopened, party.instructor, reason="Un motif.")
    binned = make_dossier(party, State.WITHDRAWN, type_)
    Dossier.objects.filter(pk=binned.pk).update(binned_at=timezone.now())
    draft = make_dossier(party, State.DRAFT, type_)
    Dossier.objects.filter(pk=draft.pk).update(binned_at=timezone.now())
    scope = Scope(desk(party.instructor))
    assert selectors.aside(scope) == selectors.Aside(reopened=1, binned=1)
    found = measure(scope.dossiers())
    assert (found.deposited, found.withdrawn, found.refused) == (1, 0, 1)


def test_by_type(party: Party) -> None:
    first, second = make_type(title="Bravo"), make_type(title="Alpha")
    for state in (State.DEPOSITED, State.ACCEPTED):
        make_timed(party, state, first, 4)
    make_timed(party, State.REFUSED, second, 8)
    rows = by_type(Scope(desk(party.instructor)))
    assert [(row.type.title, row.measures.deposited, row.measures.total) for row in rows] == [
        ("Alpha", 1, Delay(8, 8)),
        ("Bravo", 2, Delay(4, 4)),
    ]
    only = Scope(desk(party.instructor), type=second)
    assert measure(only.dossiers()).deposited == 1


def plant(party: Party) -> None:
    """Of France: 8 dossiers, each about another territory."""
    type_ = make_type(circuit=Level.NATION)
    for key in (
        "departement-40",
        "epci-244000808",
        "commune-40192",
        "epci-200030435",  # Over Landes (principal) and Gers.
        "commune-32027",  # Of the same intercommunalité, in the Gers.
        "departement-32",
        "region-75",
        "nation-FR",
    ):
        make_dossier(party, State.DEPOSITED, type_, territory=place(key), values={"nom": key})


def counts(rows: list[selectors.PlaceRow]) -> dict[str, int]:
    return {row.territory.key if row.territory else "": row.measures.deposited for row in rows}


def test_by_territory_each_dossier_once(party: Party) -> None:
    plant(party)
    scope = Scope(desk(party.national))
    assert scope.levels == (Level.REGION, Level.DEPARTEMENT, Level.EPCI)
    assert counts(by_place(scope, Level.REGION)) == {"region-75": 5, "region-76": 2, "": 1}
    assert counts(by_place(scope, Level.DEPARTEMENT)) == {"departement-40": 4, "departement-32": 2, "": 2}
    assert counts(by_place(scope, Level.EPCI)) == {"epci-244000808": 2, "epci-200030435": 2, "": 4}


@pytest.mark.parametrize(
    ("key", "level", "expected"),
    [
        ("region-75", Level.DEPARTEMENT, {"departement-40": 4, "": 1}),
        ("region-76", Level.DEPARTEMENT, {"departement-32": 2}),
        ("departement-40", Level.EPCI, {"epci-244000808": 2, "epci-200030435": 1, "": 1}),
        ("departement-32", Level.EPCI, {"epci-200030435": 1, "": 1}),
    ],
)
def test_within_a_territory_parts_add_up_to_the_whole(
    party: Party, key: str, level: Level, expected: dict[str, int]
) -> None:
    plant(party)
    scope = Scope(desk(party.national), place=place(key))
    rows = by_place(scope, level)
    assert counts(rows) == expected
    assert sum(row.measures.deposited for row in rows) == measure(scope.dossiers()).deposited


def test_an_intercommunalité_counts_what_is_about_its_communes(party: Party) -> None:
    plant(party)
    scope = Scope(desk(party.national), place=place("epci-200030435"))
    assert measure(scope.dossiers()).deposited == 2
    assert scope.levels == ()


def test_the_period_is_that_of_deposits_or_of_decisions_in_paris(party: Party) -> None:
    type_ = make_type()
    # 23:30 in Paris on the last day of March, which is 21:30 UTC.
    make_timed(party, State.ACCEPTED, type_, 1, start=dt.datetime(2026, 3, 31, 21, 30, tzinfo=dt.UTC))
    make_timed(party, State.ACCEPTED, type_, 40, start=dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC))
    make_timed(party, State.DEPOSITED, type_, start=dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC))
    own = desk(party.instructor)
    march, april = (dt.date(2026, 3, 1), dt.date(2026, 3, 31)), (dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    assert measure(Scope(own, since=march[0], until=march[1]).dossiers()).deposited == 1
    assert measure(Scope(own, since=april[0], until=april[1]).dossiers()).deposited == 2
    decided = Scope(own, since=april[0], until=april[1], moment=DECISION)
    assert measure(decided.dossiers()).accepted == 1
    found = by_month(Scope(own, since=march[0], until=dt.date(2026, 5, 20)))
    assert [(each.first, each.deposited, each.decided) for each in found] == [
        (dt.date(2026, 3, 1), 1, 0),
        (dt.date(2026, 4, 1), 2, 1),
        (dt.date(2026, 5, 1), 0, 1),
    ]


def test_months_are_twelve_and_36_at_most(party: Party) -> None:
    own = desk(party.instructor)
    months = by_month(Scope(own))
    assert len(months) == 12
    assert months[-1].first == timezone.localdate().replace(day=1)
    assert len(by_month(Scope(own, since=dt.date(1, 1, 1)))) == 36
    assert len(by_month(Scope(own, since=dt.date(9999, 12, 31), until=dt.date(9999, 12, 31)))) == 1


def test_whole_of_a_desk(party: Party) -> None:
    region = make_member("instructor", party.territory.region)
    both = make_member("instructor", party.territory)
    both.memberships.create(role="instructor", territory=place("departement-32"))
    keys = [getattr(root_of(desk(each)), "key", None) for each in (party.instructor, region, party.national, both)]
    assert keys == ["departement-40", "region-75", "nation-FR", None]
    assert Scope(desk(both)).levels == (Level.REGION, Level.DEPARTEMENT, Level.EPCI)
    assert Scope(desk(region)).levels == (Level.DEPARTEMENT, Level.EPCI)


def test_figures_are_of_what_one_instructs(party: Party) -> None:
    """The same dossiers as the list: another département's are not counted, those of one's own organisation neither."""
    type_ = make_type()
    make_dossier(party, State.DEPOSITED, type_)
    make_dossier(party, State.DEPOSITED, type_, territory=place("departement-32"))
    both = make_member("instructor", party.territory)
    both.memberships.create(role="depositor", organisation=party.organisation)
    seen = {
        name: measure(Scope(desk(user)).dossiers()).deposited
        for name, user in {
            "landes": party.instructor,
            "gers": party.elsewhere,
            "région": make_member("instructor", party.territory.region),
            "national": party.national,
            "both": both,
        }.items()
    }
    assert seen == {"landes": 1, "gers": 1, "région": 1, "national": 2, "both": 0}
    assert measure(Scope(desk(party.elsewhere), place=party.territory).dossiers()).deposited == 0


def test_envelopes_of_the_scope(party: Party) -> None:
    type_ = make_type(has_amount=True, uses_envelopes=True)
    year = timezone.localdate().year
    for key, ceiling in (("departement-40", 1000), ("departement-32", 500), ("departement-47", 300)):
        Envelope.objects.create(type=type_, territory=place(key), year=year, ceiling=ceiling, committed=100)
    Envelope.objects.create(type=type_, territory=place("departement-40"), year=year - 1, ceiling=9, committed=9)

    def left(scope: Scope) -> list[tuple[int, Decimal]]:
        return [(each.year, each.left) for each in selectors.sums(selectors.envelopes(scope))]

    assert left(Scope(desk(party.instructor))) == [(year, Decimal(900))]
    assert left(Scope(desk(party.national))) == [(year, Decimal(1500))]
    assert left(Scope(desk(party.national), place=place("region-75"))) == [(year, Decimal(1100))]
    assert left(Scope(desk(party.national), type=make_type())) == []
    assert left(Scope(desk(party.instructor), since=dt.date(year - 1, 5, 1))) == [(year, Decimal(900)), (year - 1, 0)]
    assert left(Scope(desk(party.elsewhere), place=place("departement-40"))) == []


def test_a_territory_is_counted_at_its_own_level(party: Party) -> None:
    make_dossier(party, State.DEPOSITED, make_type())
    row = Dossier.objects.order_by("pk").values_list(place_at(Level.REGION), place_at(Level.EPCI)).get()
    assert row == (party.territory.region_id, None)
    assert START.tzinfo is not None
