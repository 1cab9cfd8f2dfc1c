"""Territories in forms: one of France, or a perimeter inside the dossier's."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from dossiers.fields import places
from dossiers.fields.forms import make_form
from dossiers.models import Dossier, DossierType
from portal.territories.enums import Kind, Level
from portal.territories.models import Territory, TerritoryLink
from tests.dossiers.factories import field

from .schemas import posted, schema_of

LIEU = schema_of(field("lieu", "territoire", "Commune", options={"levels": ["commune"]}))
ANY = schema_of(field("lieu", "territoire", "Territoire"))
PERIMETER = schema_of(field("perimetre", "perimetre", "Périmètre", options={"levels": ["epci"]}))

pytestmark = pytest.mark.django_db


def about(code: str = "40", level: str = "departement") -> Dossier:
    return Dossier(type=DossierType(), territory=Territory.objects.get(level=level, code=code))


def typed(schema: Any, text: str, **others: str) -> Any:
    return make_form(schema, data=posted({"lieu": text} | others))


# --- One territory ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Dax", "commune-40088"),
        ("dax (40)", "commune-40088"),
        ("Dax (40)", "commune-40088"),
        ("40100", "commune-40088"),
        ("40088", "commune-40088"),
        ("commune-40088", "commune-40088"),
        ("saint denis", "commune-97411"),
        ("Saint-Denis (974)", "commune-97411"),
    ],
)
def test_what_names_a_commune(text, key):
    assert typed(LIEU, text).values_to_keep() == {"lieu": key}


@pytest.mark.parametrize("text", ["Atlantide", "commune-99999", "departement-40", "%", "'; --", "\x00x", "é" * 5000])
def test_what_names_none_is_kept_with_the_reason(text):
    form = typed(LIEU, text)
    assert not form.is_valid()
    assert form.values_to_keep()["_raw"]["lieu"] == text.replace("\x00", "")[:200]


def test_a_name_of_several_offers_them_and_one_is_picked():
    form = typed(ANY, "La Réunion")
    assert form.values_to_keep() == {"_raw": {"lieu": "La Réunion"}}
    line = form.lines[0]
    assert line.errors == ["Plusieurs territoires portent ce nom : sélectionnez le vôtre."]
    assert [match.territory.key for match in line.matches] == ["region-04", "departement-974"]
    picked = typed(ANY, "La Réunion", lieu__choix="departement-974")
    assert picked.values_to_keep() == {"lieu": "departement-974"}
    assert picked.lines[0].territory_text == "La Réunion (département)"
    # What is shown, sent again, is the same territory.
    assert typed(ANY, "La Réunion (département)").values_to_keep() == picked.values_to_keep()


def test_a_territory_of_another_level_is_not_taken():
    assert typed(LIEU, "x", lieu__choix="departement-40").values_to_keep()["_raw"] == {"lieu": "departement-40"}


# --- Perimeters -------------------------------------------------------------------------------------------------------
def pick(*keys: str, dossier: Any = None, **others: Any) -> Any:
    data = posted({"perimetre__cases": "1", "perimetre": list(keys)} | others)
    return make_form(PERIMETER, data=data, dossier=dossier or about())


def test_a_perimeter_is_made_of_what_the_dossiers_territory_holds_even_in_part():
    form = pick("epci-244000808", "epci-200030435", "epci-244000808")
    assert form.values_to_keep() == {"perimetre": ["epci-200030435", "epci-244000808"]}
    assert pick("epci-200030435", dossier=about("32")).is_valid()


@pytest.mark.parametrize("key", ["epci-244000808", "commune-32027", "departement-32", "epci-1", "x", "epci-244000808'"])
def test_what_is_elsewhere_or_of_another_level_is_refused_and_kept(key):
    form = pick("epci-200030435", key, dossier=about("32"))
    assert form.errors["perimetre"] == [f"Ces territoires n’existent pas ou ne sont pas dans celui du dossier : {key}."]
    kept = form.values_to_keep()
    assert kept["perimetre"] == ["epci-200030435"]
    assert kept["_raw"] == {"perimetre": sorted(["epci-200030435", key])}


def test_too_many_members_are_said_and_kept():
    keys = [f"epci-{number:09}" for number in range(1501)]
    form = pick(*keys)
    assert form.errors["perimetre"][0].startswith("Ce périmètre a 1501 territoires : 1500 au plus.")
    assert form.values_to_keep() == {"_raw": {"perimetre": keys}}


def test_a_territory_that_ended_is_no_longer_taken():
    Territory.objects.filter(code="244000808").update(ended_on="2026-01-01")
    assert not pick("epci-244000808").is_valid()


def test_the_list_says_population_and_communes_and_counts_what_is_chosen():
    line = pick("epci-200030435", "epci-244000808").lines[0]
    (group,) = line.groups
    assert [(m.label, m.details, m.checked) for m in group.members] == [
        ("CA du Grand Dax", "58\u202f036 habitants · 1 commune", False),
        ("CA Mont de Marsan Agglomération", "56\u202f042 habitants · 1 commune", True),
        ("CC d'Aire-sur-l'Adour", "12\u202f922 habitants · 2 communes", True),
    ]
    assert (line.totals.members, line.totals.population, line.totals.communes) == (2, "68\u202f964", "3")


def test_the_list_is_searched_without_script_and_keeps_what_is_chosen():
    form = pick("epci-200030435", perimetre__recherche="dax", **{"_chercher-perimetre": "1"})
    assert form.action == "perimetre"
    assert form.values_to_keep() == {"perimetre": ["epci-200030435"]}
    shown = [m.label for m in form.lines[0].groups[0].members if m.shown]
    assert shown == ["CA du Grand Dax", "CC d'Aire-sur-l'Adour"]
    nothing = pick(perimetre__recherche="<b>zzz", **{"_chercher-perimetre": "1"}).lines[0]
    assert nothing.groups[0].nothing_shown
    assert "&lt;b&gt;zzz" in render_to_string("dossiers/fields/perimeter.html", {"line": nothing})


def test_what_another_dossier_holds_is_said_beside_the_box(monkeypatch):
    asked = []

    def finder(dossier: Any, keys: Any) -> dict[str, str]:
        asked.append((dossier.territory.code, sorted(keys)))
        return {"epci-244000675": "Déjà dans « Grand Dax connecté » <1>"}

    monkeypatch.setattr(places, "_clash_finder", None)
    places.register_clash_finder(finder)
    form = make_form(PERIMETER, dossier=about())
    html = render_to_string("dossiers/fields/_lines.html", {"form": form})
    assert "Déjà dans « Grand Dax connecté » &lt;1&gt;" in html
    assert asked == [("40", ["epci-200030435", "epci-244000675", "epci-244000808"])]


def test_a_list_too_long_for_a_screen_is_cut_and_searched(monkeypatch):
    monkeypatch.setattr("dossiers.fields.perimeters.MOST_SHOWN", 1)
    line = pick("epci-200030435").lines[0]
    assert line.is_cut
    # What is chosen is always there, or it would be lost when the form is sent.
    assert [m.key for m in line.groups[0].members] == ["epci-244000675", "epci-200030435"]
    assert line.groups[0].left_out == 1
    found = pick(perimetre__recherche="aire", **{"_chercher-perimetre": "1"}).lines[0]
    assert [m.key for m in found.groups[0].members] == ["epci-200030435"]
    assert found.groups[0].left_out == 2


def test_the_number_of_queries_does_not_depend_on_the_list(django_assert_num_queries):
    dossier = about()
    landes = dossier.territory

    def show() -> str:
        return render_to_string(
            "dossiers/fields/_lines.html",
            {"form": make_form(PERIMETER, values={"perimetre": ["epci-244000808"]}, dossier=dossier)},
        )

    with django_assert_num_queries(1):
        show()
    for number in range(20):
        made = Territory.objects.create(
            level=Level.EPCI,
            code=f"24400{number:04}",
            name=f"CC {number}",
            slug=f"cc-{number}",
            search_name=f"cc {number}",
            kind=Kind.CC,
            vintage=2026,
        )
        TerritoryLink.objects.create(ancestor=landes, descendant=made)
    with django_assert_num_queries(1):
        assert "CC 19" in show()


def test_the_whole_of_france_where_the_dossier_is_about_it():
    form = make_form(PERIMETER, dossier=about("FR", "nation"))
    assert len(form.lines[0].groups[0].members) == 3
    assert make_form(
        PERIMETER, data=posted({"perimetre": ["epci-244000808"]}), dossier=about("FR", "nation")
    ).is_valid()


def test_several_levels_are_several_groups():
    schema = schema_of(field("perimetre", "perimetre", options={"levels": ["commune", "epci", "departement"]}))
    groups = make_form(schema, dossier=about()).lines[0].groups
    assert [(group.label, len(group.members)) for group in groups] == [
        ("Départements", 1),
        ("Intercommunalités", 3),
        ("Communes", 3),
    ]
