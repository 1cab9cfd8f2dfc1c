"""What a perimeter's widget says of what others keep."""

from __future__ import annotations

import pytest

from dossiers.enums import State
from dossiers.fields.places import Place
from dossiers.territory.picking import taken

from ..factories import make_party
from .factories import make_roadmap_type, roadmap

pytestmark = pytest.mark.django_db

MONT_DE_MARSAN, DAX, AIRE = "epci-244000808", "epci-244000675", "epci-200030435"
OFFERED = [MONT_DE_MARSAN, DAX, AIRE, "commune-40001", "commune-40088", "departement-40", "x"]


def test_what_others_keep_is_named_on_each_territory():
    party, type_ = make_party(), make_roadmap_type()
    other = roadmap(party, type_, "commune-40001", values={"nom": "Aire en ligne"})
    roadmap(party, type_, DAX, state=State.DRAFT)
    draft = roadmap(party, type_, AIRE, state=State.DRAFT)
    said = f"Déjà dans « Aire en ligne », n° {other.number} ({party.organisation.name})"
    assert Place(draft).clashes(OFFERED) == {AIRE: said, "commune-40001": said}


def test_a_departementale_takes_the_departement_and_leaves_the_rest():
    party, type_ = make_party(), make_roadmap_type()
    roadmap(party, type_, "departement-40")
    draft = roadmap(party, type_, AIRE, state=State.DRAFT)
    assert list(taken(draft, OFFERED)) == ["departement-40"]


def test_neither_its_own_nor_shared_perimeters_are_taken():
    party, type_ = make_party(), make_roadmap_type()
    own = roadmap(party, type_, DAX)
    assert taken(own, OFFERED) == {}
    shared = make_roadmap_type(exclusive_perimeter=False)
    roadmap(party, shared, DAX)
    assert taken(roadmap(party, shared, DAX, state=State.DRAFT), OFFERED) == {}


def test_two_queries_whatever_is_offered(django_assert_num_queries):
    party, type_ = make_party(), make_roadmap_type()
    roadmap(party, type_, DAX)
    draft = roadmap(party, type_, AIRE, state=State.DRAFT)
    with django_assert_num_queries(2):
        taken(draft, OFFERED[:1])
    roadmap(party, type_, MONT_DE_MARSAN)
    with django_assert_num_queries(2):
        taken(draft, OFFERED)
