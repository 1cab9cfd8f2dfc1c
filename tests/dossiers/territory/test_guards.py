"""What territories forbid, on the few territories of the baseline."""

from __future__ import annotations

import datetime

import pytest

from dossiers.enums import Action, State
from dossiers.models import Dossier, PerimeterClaim, TerritoryRule
from dossiers.rules import DossierRefused
from dossiers.territory.claims import claim, clashes, follow_territories, release
from dossiers.territory.coverage import coverage, departementale_of
from dossiers.territory.guards import acceptance_problems, deposit_problems
from dossiers.territory.reach import reach_of
from portal.territories.models import Territory, TerritoryImport, TerritoryLink

from ..factories import act, decide, make_party
from .factories import at, make_roadmap_type, organisation, roadmap

pytestmark = pytest.mark.django_db

MONT_DE_MARSAN, DAX, AIRE = "epci-244000808", "epci-244000675", "epci-200030435"


def claimed(dossier: Dossier) -> set[str]:
    return set(PerimeterClaim.objects.filter(dossier=dossier).values_list("commune__code", flat=True))


def codes(problems: list) -> list[str]:
    return [each.code for each in problems]


def test_a_deposit_keeps_every_commune_of_its_perimeter():
    dossier = roadmap(make_party(), make_roadmap_type(), MONT_DE_MARSAN, AIRE)
    assert claimed(dossier) == {"40192", "40001", "32027"}


def test_a_draft_keeps_nothing_and_clashes_with_nobody():
    party, type_ = make_party(), make_roadmap_type()
    draft = roadmap(party, type_, DAX, state=State.DRAFT)
    assert not claimed(draft)
    assert clashes(type_, [at(DAX)]) == []
    assert deposit_problems(roadmap(party, type_, DAX, state=State.DRAFT)) == []


def test_a_clash_is_named_by_roadmap_and_communes():
    party, type_ = make_party(), make_roadmap_type()
    first = roadmap(party, type_, DAX, AIRE, values={"nom": "Feuille de route du Grand Dax"})
    second = roadmap(party, type_, MONT_DE_MARSAN, DAX, state=State.DRAFT)
    (problem,) = deposit_problems(second)
    assert (problem.code, problem.field) == ("overlap", "perimetre")
    assert problem.message == (
        f"« Feuille de route du Grand Dax » (n° {first.number}, {party.organisation.name}) couvre déjà une commune de "
        "votre périmètre : Dax (40)."
    )
    (clash,) = clashes(type_, [at(MONT_DE_MARSAN), at(DAX)])
    assert clash.dossier_id == first.pk
    assert [each.code for each in clash.communes] == ["40088"]
    assert [each.key for each in clash.territories] == [DAX]
    with pytest.raises(DossierRefused) as refused:
        act(Action.DEPOSIT, second, party.depositor)
    assert refused.value.code == "overlap"
    assert problem.message in refused.value.errors["perimetre"]
    assert Dossier.objects.get(pk=second.pk).state == State.DRAFT
    assert not claimed(second)


def test_a_commune_of_an_intercommunalite_clashes_with_it():
    party, type_ = make_party(), make_roadmap_type()
    roadmap(party, type_, AIRE)
    assert codes(deposit_problems(roadmap(party, type_, "commune-40001", state=State.DRAFT))) == ["overlap"]


def test_other_types_and_shared_perimeters_do_not_clash():
    party = make_party()
    roadmap(party, make_roadmap_type(), DAX)
    assert deposit_problems(roadmap(party, make_roadmap_type(), DAX, state=State.DRAFT)) == []
    shared = make_roadmap_type(exclusive_perimeter=False)
    roadmap(party, shared, DAX)
    second = roadmap(party, shared, DAX)
    assert not claimed(second)


def test_the_unique_constraint_names_the_clash_that_the_look_up_did_not_see():
    party, type_ = make_party(), make_roadmap_type()
    first = roadmap(party, type_, DAX)
    late = roadmap(party, type_, MONT_DE_MARSAN, DAX, state=State.DRAFT)
    with pytest.raises(DossierRefused) as refused:
        claim(late)
    assert refused.value.code == "overlap"
    assert first.number in refused.value.message
    # The transaction goes on, and nothing of the perimeter was kept.
    assert not claimed(late)
    assert claimed(first) == {"40088"}


def test_claiming_again_keeps_what_the_perimeter_is_now():
    dossier = roadmap(make_party(), make_roadmap_type(), DAX, AIRE)
    dossier.values["perimetre"] = [MONT_DE_MARSAN, DAX]
    claim(dossier)
    assert claimed(dossier) == {"40192", "40088"}
    claim(dossier)
    assert claimed(dossier) == {"40192", "40088"}
    release(dossier)
    assert not claimed(dossier)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REFUSED, State.DROPPED])
def test_what_is_given_up_or_refused_frees_its_communes(state):
    party, type_ = make_party(), make_roadmap_type()
    given_up = roadmap(party, type_, DAX, state=state)
    assert not claimed(given_up)
    assert claimed(roadmap(party, type_, DAX)) == {"40088"}


@pytest.mark.parametrize("state", [State.DEPOSITED, State.INSTRUCTION, State.INCOMPLETE, State.ACCEPTED])
def test_what_is_open_or_accepted_keeps_them(state):
    party, type_ = make_party(), make_roadmap_type()
    roadmap(party, type_, DAX, state=state)
    with pytest.raises(DossierRefused):
        roadmap(party, type_, DAX)


def test_reopening_takes_the_communes_again_or_is_refused():
    party, type_ = make_party(), make_roadmap_type()
    refused = roadmap(party, type_, DAX, state=State.REFUSED)
    reopened = act(Action.REOPEN, refused, party.validator, reason="Erreur matérielle.")
    assert claimed(reopened) == {"40088"}
    decide(reopened, party, State.REFUSED)
    other = roadmap(party, type_, DAX)
    with pytest.raises(DossierRefused) as clash:
        act(Action.REOPEN, refused, party.validator, reason="Encore une.")
    assert other.number in clash.value.message
    assert Dossier.objects.get(pk=refused.pk).state == State.REFUSED


def test_a_departementale_leaves_communes_to_the_others_and_is_alone():
    party, type_ = make_party(), make_roadmap_type()
    whole = roadmap(party, type_, "departement-40", values={"nom": "Landes numériques"})
    assert claimed(whole) == {"40"}
    assert claimed(roadmap(party, type_, DAX)) == {"40088"}
    (problem,) = deposit_problems(roadmap(party, type_, "departement-40", state=State.DRAFT))
    assert problem.message.endswith("couvre déjà tout le territoire : Landes.")
    assert departementale_of(type_, party.territory) == whole


def test_a_perimeter_of_all_the_intercommunalites_keeps_communes_beyond_another_border():
    # In the baseline, Aire holds the only commune of the Gers, and is mainly of the Landes.
    assert reach_of([at(AIRE)]).communes == {at("commune-40001").pk, at("commune-32027").pk}
    assert reach_of([at(MONT_DE_MARSAN), at(DAX), at(AIRE)]).wholes == {
        at("departement-40").pk,
        at("departement-32").pk,
    }
    assert reach_of([at(MONT_DE_MARSAN), at(DAX), at("commune-40001")]).wholes == {at("departement-40").pk}


def test_without_a_perimeter_it_is_the_dossiers_territory():
    assert claimed(roadmap(make_party(), make_roadmap_type(), territory=at(DAX))) == {"40088"}


def test_a_perimeter_stays_in_the_dossiers_territory():
    party, type_ = make_party(), make_roadmap_type()
    outside = roadmap(party, type_, DAX, "commune-84007", state=State.DRAFT)
    (problem,) = deposit_problems(outside)
    assert (problem.code, problem.field) == ("perimeter", "perimetre")
    assert "Avignon (84)" in problem.message
    # One that reaches over the border is of both départements.
    gers = roadmap(party, type_, AIRE, state=State.DRAFT, territory=at("departement-32"))
    assert deposit_problems(gers) == []
    assert codes(deposit_problems(roadmap(party, type_, DAX, state=State.DRAFT, territory=at(AIRE)))) == ["perimeter"]


@pytest.mark.parametrize(
    ("kind", "carrying", "carriers_only", "refused"),
    [
        ("region", "porter", False, False),
        ("departement", "porter", False, False),
        ("epci", "porter", True, False),
        ("commune", "porter", False, True),
        ("association", "porter", False, True),
        ("association", "participer", False, False),
        ("association", "", False, False),
        ("hub", "", True, True),
    ],
)
def test_who_may_carry(kind, carrying, carriers_only, refused):
    party = make_party()
    dossier = roadmap(
        party,
        make_roadmap_type(carriers_only=carriers_only),
        DAX,
        state=State.DRAFT,
        values={"portage": carrying},
        organisation=organisation("departement-40", kind),
    )
    assert codes(deposit_problems(dossier)) == (["carrier"] if refused else [])


def test_a_type_names_its_own_carriers():
    type_ = make_roadmap_type(carriers_only=True, carrier_kinds=["association"])
    party = make_party()
    association = organisation("departement-40", "association")
    assert deposit_problems(roadmap(party, type_, DAX, state=State.DRAFT, organisation=association)) == []
    (problem,) = deposit_problems(roadmap(party, type_, DAX, state=State.DRAFT))
    assert "association" in problem.message


def test_an_infra_shares_axes_with_the_departementale():
    party, type_ = make_party(), make_roadmap_type(min_shared_axes=1)
    alone = roadmap(party, type_, MONT_DE_MARSAN, titles=("Autre chose",))
    assert alone.state == State.DEPOSITED  # Without a départementale there is nothing to share.
    whole = roadmap(party, type_, "departement-40", titles=("Aller vers", "Équiper", "Former les aidants"))
    lone = roadmap(party, type_, DAX, titles=("Accueillir",), state=State.DRAFT)
    (problem,) = deposit_problems(lone)
    assert (problem.code, problem.field) == ("axes", "axes")
    assert "elle en partage aucun" in problem.message
    assert whole.number in problem.message
    assert "Aller vers ; Équiper ; Former les aidants" in problem.message
    # Case, accents and hyphens do not tell axes apart.
    assert deposit_problems(roadmap(party, type_, DAX, titles=("EQUIPER",), state=State.DRAFT)) == []


def test_a_departement_asks_for_more_shared_axes():
    party, type_ = make_party(), make_roadmap_type(min_shared_axes=1)
    TerritoryRule.objects.create(type=type_, territory=party.territory, min_shared_axes=2)
    roadmap(party, type_, "departement-40", titles=("Aller vers", "Équiper", "Former"))
    (problem,) = deposit_problems(roadmap(party, type_, DAX, titles=("Équiper",), state=State.DRAFT))
    assert "au moins 2 axes" in problem.message
    assert "partage un seul" in problem.message
    assert deposit_problems(roadmap(party, type_, DAX, titles=("Équiper", "former"), state=State.DRAFT)) == []


def test_the_departementale_of_another_departement_or_withdrawn_does_not_count():
    party, type_ = make_party(), make_roadmap_type(min_shared_axes=1)
    roadmap(party, type_, "departement-40", titles=("Équiper",), state=State.WITHDRAWN)
    roadmap(party, type_, "departement-32", titles=("Équiper",), territory=at("departement-32"))
    assert deposit_problems(roadmap(party, type_, DAX, titles=("Autre",), state=State.DRAFT)) == []


def test_third_scenario_is_accepted_once_the_whole_departement_is_covered():
    party, type_ = make_party(), make_roadmap_type()
    scenario = {"scenario": "plusieurs-infra"}
    first = roadmap(party, type_, DAX, AIRE, values=scenario, state=State.INSTRUCTION)
    (problem,) = acceptance_problems(first)
    assert problem.code == "coverage"
    assert "une commune n’est couverte" in problem.message
    assert "CA Mont de Marsan Agglomération" in problem.message
    with pytest.raises(DossierRefused):
        decide(first, party, State.ACCEPTED)
    roadmap(party, type_, MONT_DE_MARSAN, values=scenario)
    assert acceptance_problems(first) == []
    assert decide(first, party, State.ACCEPTED).state == State.ACCEPTED


def test_coverage_counts_communes_and_people():
    party, type_ = make_party(), make_roadmap_type()
    roadmap(party, type_, DAX)
    found = coverage(type_, party.territory)
    assert [each.code for each in found.missing] == ["40001", "40192"]
    assert [(each.territory.key, each.wholly) for each in found.missing_epci] == [(MONT_DE_MARSAN, True), (AIRE, True)]
    assert found.covered_population == 22109
    assert found.share == pytest.approx(22109 / (22109 + 6130 + 31592))
    assert not found.whole
    assert found.departementale is None


def merge(commune: str, into: str) -> None:
    """What a new vintage does: one commune is no more, its intercommunalité has another."""
    gone, new = at(commune), at(into)
    for link in TerritoryLink.objects.filter(descendant=gone, ancestor__level="epci").order_by("pk"):
        TerritoryLink.objects.get_or_create(ancestor_id=link.ancestor_id, descendant=new)
    Territory.objects.filter(pk=gone.pk).update(ended_on=datetime.date(2027, 1, 1))


def test_perimeters_follow_a_new_vintage(commit):
    party, type_ = make_party(), make_roadmap_type()
    dossier = roadmap(party, type_, MONT_DE_MARSAN, state=State.ACCEPTED)
    withdrawn = roadmap(party, type_, DAX, state=State.WITHDRAWN)
    merge("commune-40192", "commune-40001")
    with commit():
        TerritoryImport.objects.create(vintage=2027, digest="x", updated=1)
    assert claimed(dossier) == {"40001"}
    assert not claimed(withdrawn)


def test_who_would_take_anothers_commune_keeps_what_it_had(commit, caplog):
    party, type_ = make_party(), make_roadmap_type()
    first, second = roadmap(party, type_, MONT_DE_MARSAN), roadmap(party, type_, AIRE)
    merge("commune-40192", "commune-40001")
    with commit():
        TerritoryImport.objects.create(vintage=2027, digest="x", ended=1)
    assert claimed(first) == {"40192"}
    assert claimed(second) == {"40001", "32027"}
    assert first.number in caplog.text
    assert follow_territories() == [first.number]
