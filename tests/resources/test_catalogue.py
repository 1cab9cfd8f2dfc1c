"""The catalogue as its readers see it: what is listed, counted, filtered, and what never is."""

from __future__ import annotations

import pytest

from portal.core.models import Theme
from tests.resources.factories import make_document, make_resource

LANDES = "/territoires/nouvelle-aquitaine/landes/ressources/"


def facets(response):
    """{facet: {value: count}} of a catalogue page."""
    return {facet.name: {v.value: v.count for v in facet.values} for facet in response.context["facets"]}


def titles(response):
    return [item.title for item in response.context["items"]]


@pytest.fixture
def theme(db):
    return Theme.objects.create(family="inclusion", name="Santé essai", slug="sante-essai", order=1)


@pytest.fixture
def three(landes_space, nation, theme):
    """Three resources: two of the Landes, one national."""
    make_resource(
        landes_space,
        title="Atelier seniors",
        type="methodologie",
        level="debutant",
        beneficiaries=["seniors", "adultes"],
        themes=[theme],
        documents=[make_document("atelier.pdf"), make_document("annexe.pdf"), make_document("atelier.odt")],
    )
    make_resource(landes_space, title="Kit parents", type="boite-a-outils", level="avance", beneficiaries=["parents"])
    make_resource(
        nation.space, title="Zoom national", type="methodologie", level="avance", licence="cc-by-sa-4.0", themes=[theme]
    )


def test_each_facet_counts_pages_once(client, three):
    counted = facets(client.get("/ressources/"))
    assert counted["type"] == {"methodologie": 2, "boite-a-outils": 1}
    assert counted["beneficiaire"] == {"adultes": 1, "seniors": 1, "parents": 1}
    assert counted["format"] == {"pdf": 1, "texte": 1}
    assert counted["licence"] == {"licence-ouverte-2.0": 2, "cc-by-sa-4.0": 1}
    assert counted["theme"] == {"sante-essai": 2}
    assert counted["territoire"] == {"region-75": 2, "departement-40": 2}


def test_a_facet_is_counted_under_the_other_filters_and_not_under_its_own(client, three):
    response = client.get("/ressources/?type=methodologie&niveau=avance")
    assert titles(response) == ["Zoom national"]
    counted = facets(response)
    assert counted["type"] == {"methodologie": 1, "boite-a-outils": 1}
    assert counted["niveau"] == {"debutant": 1, "avance": 1}
    assert counted["licence"] == {"cc-by-sa-4.0": 1}


@pytest.mark.parametrize("address", ["/ressources/", LANDES])
def test_a_count_is_the_number_of_results_its_value_gives(client, three, address):
    response = client.get(address)
    assert facets(response)["type"]
    for name, values in facets(response).items():
        for value, count in values.items():
            assert client.get(address, {name: value}).context["items"].paginator.count == count, (name, value)
