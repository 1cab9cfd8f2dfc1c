"""Perimeters with the real territories: intercommunalités over borders, whole départements, communes in none."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.enums import CLAIMING, Action, State
from dossiers.models import Dossier, PerimeterClaim
from dossiers.rules import DossierRefused
from dossiers.territory.claims import clashes
from dossiers.territory.coverage import coverage, departementale_of
from dossiers.territory.guards import acceptance_problems, deposit_problems
from dossiers.territory.reach import communes_of, reach_of
from portal.territories.models import Territory, TerritoryLink

from ..factories import act, decide, make_party
from .factories import at, make_roadmap_type, roadmap

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("france"), pytest.mark.xdist_group("france")]

AIRE = "epci-200030435"
INFRA = {"scenario": "plusieurs-infra"}


def epci_of(code: str, *, principal: bool = True) -> list[str]:
    departement = at(f"departement-{code}")
    found = Territory.objects.current().filter(level="epci")
    found = found.filter(departement=departement) if principal else found.inside(departement)
    return [each.key for each in found.order_by("code")]


def communes(*keys: str) -> set[int]:
    return set(communes_of([at(key) for key in keys]))


@pytest.mark.parametrize(("code", "number"), [("40", 18), pytest.param("84", 13, marks=pytest.mark.wide)])
def test_several_infra_cover_a_whole_departement(code, number):
    departement, party, type_ = at(f"departement-{code}"), make_party(), make_roadmap_type()
    assert len(epci_of(code)) == number
    every = epci_of(code, principal=False)
    half, rest, last = every[: len(every) // 2], every[len(every) // 2 : -1], every[-1]
    # Instructed by the Landes, wherever it is about, so that one party may act on all.
    first = roadmap(party, type_, *half, values=INFRA, territory=departement)
    roadmap(party, type_, *rest, values=INFRA, territory=departement)
    found = coverage(type_, departement)
    assert not found.whole
    assert 0.3 < found.share < 1
    assert [each.territory.key for each in found.missing_epci] == [last]
    assert set(found.missing) <= {Territory.objects.get(pk=pk) for pk in communes(last)}
    (problem,) = acceptance_problems(first)
    assert problem.code == "coverage"
    assert at(last).name in problem.message
    third = roadmap(party, type_, last, values=INFRA, territory=departement)
    found = coverage(type_, departement)
    assert found.whole
    assert found.share == 1
    assert len(found.shares) == 3
    assert sum(len(each.communes) for each in found.shares) == len(found.communes)
    assert acceptance_problems(first) == acceptance_problems(third) == []


def test_every_departement_is_the_whole_of_its_communes():
    for departement in Territory.objects.current().filter(level="departement").order_by("code"):
        its = list(Territory.objects.current().filter(level="commune", departement=departement).order_by("pk"))
        if not its:
            continue
        assert reach_of(its).wholes == {departement.pk}, departement
        if len(its) > 1:
            assert reach_of(its[1:]).is_infra, departement


def test_an_intercommunalite_over_two_departements_is_never_cut():
    party, type_ = make_party(), make_roadmap_type()
    landes = roadmap(party, type_, AIRE, values={"nom": "Aire numérique"})
    its = Territory.objects.filter(pk__in=communes(AIRE))
    sides = Counter(its.values_list("departement__code", flat=True).order_by())
    assert set(sides) == {"40", "32"}
    assert set(landes.claims.values_list("commune", flat=True)) == communes(AIRE)
    gers = at("departement-32")
    # In the Gers it is the same intercommunalité, and its communes of the Gers are covered.
    draft = roadmap(party, type_, AIRE, territory=gers, state=State.DRAFT)
    (problem,) = deposit_problems(draft)
    assert (problem.code, "Aire numérique" in problem.message) == ("overlap", True)
    assert len(coverage(type_, gers).covered) == sides["32"]
    assert len(coverage(type_, party.territory).covered) == sides["40"]
    (clash,) = clashes(type_, [at("commune-32027")])
    assert [each.code for each in clash.communes] == ["32027"]
    assert [each.code for each in clash.territories] == ["32027"]


def test_the_89_intercommunalites_over_borders_are_in_each_of_their_departements():
    over = (
        TerritoryLink.objects.filter(descendant__level="epci", ancestor__level="departement")
        .order_by("descendant", "ancestor")
        .values_list("descendant", "ancestor")
    )
    touched = Counter(epci for epci, _ in over)
    crossing = [pk for pk, number in touched.items() if number > 1]
    assert len(crossing) == 89
    party, type_ = make_party(), make_roadmap_type()
    for epci, departement in over:
        if epci in crossing[:6]:
            each = Territory.objects.get(pk=epci)
            draft = roadmap(party, type_, each.key, territory=Territory.objects.get(pk=departement), state=State.DRAFT)
            assert deposit_problems(draft) == [], each


def test_communes_without_intercommunalite_are_missed_and_picked_by_themselves():
    grouped = TerritoryLink.objects.filter(ancestor__level="epci", descendant__level="commune").values("descendant")
    alone = Territory.objects.current().filter(level="commune").exclude(pk__in=grouped)
    assert alone.count() == 98
    party, type_, departement = make_party(), make_roadmap_type(), at("departement-22")
    every = epci_of("22", principal=False)
    first = roadmap(party, type_, *every[:2], values=INFRA, territory=departement)
    roadmap(party, type_, *every[2:], values=INFRA, territory=departement)
    found = coverage(type_, departement)
    assert [each.code for each in found.missing] == ["22016"]
    assert found.missing_epci == ()
    (problem,) = acceptance_problems(first)
    assert at("commune-22016").name in problem.message
    roadmap(party, type_, "commune-22016", values=INFRA, territory=departement)
    assert acceptance_problems(first) == []
    # In collectivités d'outre-mer, all are alone.
    polynesia = at("departement-987")
    its = [each for each in alone if each.departement_id == polynesia.pk]
    assert len(its) == 48
    two = roadmap(party, type_, *(each.key for each in its[:2]), territory=polynesia)
    assert two.claims.count() == 2


def test_a_whole_perimeter_and_its_parts():
    party, type_ = make_party(), make_roadmap_type()
    whole = roadmap(party, type_, *epci_of("40"), values={"nom": "Toutes les Landes"})
    assert departementale_of(type_, party.territory) == whole
    roadmap(party, type_, "epci-244000675")  # Infra beneath it.
    (problem,) = deposit_problems(roadmap(party, type_, "departement-40", state=State.DRAFT))
    assert "Toutes les Landes" in problem.message
    assert deposit_problems(roadmap(party, type_, "region-75", territory=at("region-75"), state=State.DRAFT)) == []


def test_queries_do_not_grow_with_the_perimeter(django_assert_num_queries):
    party, type_ = make_party(), make_roadmap_type()
    every = epci_of("40")
    roadmap(party, type_, *every[:6])
    roadmap(party, type_, *every[6:9])
    for keys in ([every[0]], every[:12]):
        draft = roadmap(party, type_, *keys, state=State.DRAFT)
        draft = Dossier.objects.select_related("type", "type_version", "organisation", "territory").get(pk=draft.pk)
        with django_assert_num_queries(6):
            deposit_problems(draft)
    with django_assert_num_queries(4):
        assert len(coverage(type_, party.territory).shares) == 2
    roadmap(party, type_, every[9])
    with django_assert_num_queries(4):
        assert len(coverage(type_, party.territory).shares) == 3


#: Around Aire-sur-l'Adour: over the border, beside it, within it, above it.
AROUND = [
    AIRE,
    "epci-244000675",
    "epci-244000808",
    "epci-200035541",
    "commune-40001",
    "commune-32027",
    "commune-40088",
    "commune-40192",
    "commune-40313",
    "departement-40",
]
perimeters = st.lists(st.sampled_from(AROUND), min_size=1, max_size=4, unique=True)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("deposit"), perimeters),
        st.tuples(st.sampled_from(["withdraw", "refuse", "accept", "reopen"]), st.integers(0, 5)),
    ),
    min_size=2,
    max_size=9,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_no_commune_is_in_two_active_roadmaps_whatever_happens(given_steps):
    known = set(Territory.objects.filter(level="epci").values_list("code", flat=True).order_by())
    with transaction.atomic():
        party, type_ = make_party(), make_roadmap_type()
        made: list[Dossier] = []
        for step, value in given_steps:
            try:
                if step == "deposit":
                    keys = [key for key in value if not key.startswith("epci-") or key[5:] in known]
                    if keys:
                        made.append(roadmap(party, type_, *keys))
                elif made:
                    _move(step, made[value % len(made)], party)
            except DossierRefused as refused:
                assert refused.code in ("overlap", "perimeter", "conflict"), refused  # noqa: PT017
            _holds(type_)
        transaction.set_rollback(True)


def _move(step: str, dossier: Dossier, party) -> None:
    dossier = Dossier.objects.get(pk=dossier.pk)
    if step == "withdraw" and dossier.state == State.DEPOSITED:
        act(Action.WITHDRAW, dossier, party.depositor, reason="Abandon.")
    elif step in ("refuse", "accept") and dossier.state in (State.DEPOSITED, State.INSTRUCTION):
        if dossier.state == State.DEPOSITED:
            dossier = act(Action.TAKE, dossier, party.instructor)
        decide(dossier, party, State.REFUSED if step == "refuse" else State.ACCEPTED)
    elif step == "reopen" and dossier.state in (State.REFUSED, State.ACCEPTED):
        act(Action.REOPEN, dossier, party.validator, reason="À revoir.")


def _holds(type_) -> None:
    """Told apart from the code under test: links read anew, one perimeter at a time."""
    taken: Counter[int] = Counter()
    wholes: Counter[str] = Counter()
    for dossier in Dossier.objects.filter(type=type_, state__in=CLAIMING).order_by("pk"):
        keys = dossier.values["perimetre"]
        if "departement-40" in keys:
            wholes["departement-40"] += 1
            keys = [key for key in keys if key in (AIRE, "commune-32027")]
            its = {pk for key in keys for pk in _inside(key) if not _in_landes(pk)}
        else:
            its = {pk for key in keys for pk in _inside(key)}
        taken.update(its)
        kept = PerimeterClaim.objects.filter(dossier=dossier, commune__level="commune")
        assert set(kept.values_list("commune", flat=True).order_by()) == its
    assert not [pk for pk, number in taken.items() if number > 1]
    assert wholes["departement-40"] <= 1
    inactive = Dossier.objects.filter(type=type_).exclude(state__in=CLAIMING)
    assert not PerimeterClaim.objects.filter(dossier__in=inactive).exists()


def _inside(key: str) -> set[int]:
    links = TerritoryLink.objects.filter(ancestor=at(key), descendant__level="commune", descendant__ended_on=None)
    return set(links.values_list("descendant", flat=True).order_by())


def _in_landes(commune: int) -> bool:
    return Territory.objects.filter(pk=commune, departement__code="40").exists()
