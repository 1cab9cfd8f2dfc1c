"""Tables: rows added, moved, taken away and numbered by the server."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from dossiers.fields import display
from dossiers.fields.forms import make_form, missing
from dossiers.fields.numbering import numbers
from tests.dossiers.factories import field

from .schemas import EVERY_KIND, OUTLINE, posted, schema_of

BUDGET = schema_of(*[each for each in EVERY_KIND if each["key"] == "budget"])
AXES = schema_of(OUTLINE)


def post_rows(name: str, rows: list[dict[str, str]], **others: str) -> Any:
    data = {f"{name}__lignes": ",".join(row["id"] for row in rows)}
    for row in rows:
        for key, value in row.items():
            if key != "id":
                data[f"{name}__{row['id']}__{'niveau' if key == 'level' else key}"] = value
    return posted(data | others)


def outline(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"id": number, "level": level, "intitule": title} for number, level, title in rows]


ROADMAP = outline(
    ("a", "axe", "Former"),
    ("b", "objectif", "Des aidants"),
    ("c", "action", "Ateliers"),
    ("d", "axe", "Équiper"),
    ("e", "action", "Prêt"),
)


def order(form: Any, key: str = "axes") -> list[str]:
    return [row["id"] for row in form.values_to_keep().get(key, [])]


# --- Buttons ----------------------------------------------------------------------------------------------------------
def test_a_row_is_added_without_script_and_nothing_typed_is_lost():
    form = make_form(BUDGET, data=post_rows("budget", [{"id": "n1", "poste": "Salle"}], **{"_ajouter-budget": ""}))
    first, second = form.values_to_keep()["budget"]
    assert (first["poste"], set(second)) == ("Salle", {"id"})
    assert {str(uuid.UUID(row["id"])) for row in (first, second)} == {first["id"], second["id"]}
    assert (form.action, form.anchor) == ("budget", "champ-budget")
    # The rows shown are the rows kept: sent again, they are the same ones.
    assert [row.id for row in form.lines[0].row_lines] == [first["id"], second["id"]]


def test_the_row_that_an_empty_table_offers_counts_for_nothing():
    form = make_form(BUDGET)
    assert [row.id for row in form.lines[0].row_lines] == ["n1"]
    assert make_form(BUDGET, data=post_rows("budget", [{"id": "n1", "poste": " "}])).values_to_keep() == {}


def test_a_row_added_and_left_empty_stays_until_deposit_and_is_not_read():
    values = {"budget": [{"id": "x"}, {"id": "y", "poste": "Salle"}]}
    form = make_form(BUDGET, data=post_rows("budget", [{"id": "x"}, {"id": "y", "poste": "Salle"}]), values=values)
    assert form.values_to_keep() == values
    assert missing(BUDGET, values, {}) == {}
    assert display.flat(BUDGET, values) == {"budget": "Salle"}


@pytest.mark.parametrize(
    ("button", "value", "expected"),
    [
        ("_retirer", "d", "abc"),
        ("_retirer", "b", "ade"),
        ("_retirer", "a", "de"),
        ("_descendre", "a", "deabc"),
        ("_monter", "d", "deabc"),
        ("_monter", "a", "abcde"),
        ("_monter", "c", "abcde"),
        ("_descendre", "e", "abcde"),
        ("_descendre", "c", "abcde"),
        ("_retirer", "inconnu", "abcde"),
        ("_retirer", "", "abcde"),
        ("_autre", "a", "abcde"),
    ],
)
def test_a_row_of_an_outline_goes_with_what_stands_beneath_it(button, value, expected):
    form = make_form(AXES, data=post_rows("axes", ROADMAP, **{f"{button}-axes": value}))
    assert "".join(order(form)) == expected


@pytest.mark.parametrize(
    ("value", "place", "level"),
    [
        ("", 5, "axe"),
        ("objectif", 5, "objectif"),
        ("roi", 5, "axe"),
        ("objectif:a", 3, "objectif"),
        ("action:b", 3, "action"),
        ("action:d", 5, "action"),
    ],
)
def test_a_row_is_added_at_the_end_or_beneath_another(value, place, level):
    form = make_form(AXES, data=post_rows("axes", ROADMAP, **{"_ajouter-axes": value}))
    added = [at for at, row in enumerate(form.values_to_keep()["axes"]) if row["id"] not in "abcde"]
    assert added == [place]
    assert form.values_to_keep()["axes"][place]["level"] == level


def test_buttons_of_rows_that_cannot_move_are_disabled():
    rows = make_form(AXES, values={"axes": ROADMAP}).lines[0].row_lines
    assert [(row.label, row.rises, row.sinks) for row in rows] == [
        ("Axe 1", False, True),
        ("Objectif", False, False),
        ("Action 1.1", False, False),
        ("Axe 2", True, False),
        ("Action 2.1", False, False),
    ]


# --- Hostile rows -----------------------------------------------------------------------------------------------------
def test_the_same_row_twice_is_one_row():
    data = post_rows("budget", [{"id": "x", "poste": "Salle"}])
    data["budget__lignes"] = "x,x,x"
    assert [row["id"] for row in make_form(BUDGET, data=data).values_to_keep()["budget"]] == ["x"]


def test_strange_identifiers_are_replaced():
    rows = [{"id": "<b>", "poste": "Salle"}, {"id": "X" * 100, "poste": "Autre"}]
    kept = make_form(BUDGET, data=post_rows("budget", rows)).values_to_keep()["budget"]
    assert [row["poste"] for row in kept] == ["Salle", "Autre"]
    assert all(uuid.UUID(row["id"]) for row in kept)


def test_more_rows_than_the_table_takes_are_kept_and_stop_a_deposit():
    form = make_form(BUDGET, data=post_rows("budget", [{"id": f"x{n}", "poste": "P"} for n in range(6)]))
    assert form.errors["budget"] == ["Ce tableau a 6 lignes : 5 au plus."]
    assert len(form.values_to_keep()["budget"]) == 6
    assert missing(BUDGET, form.values_to_keep(), {}) == {"budget": ["Ce tableau a 6 lignes : 5 au plus."]}
    assert form.lines[0].can_add is False


def test_a_flood_of_rows_is_bounded():
    form = make_form(BUDGET, data=post_rows("budget", [{"id": f"x{n}", "poste": "P"} for n in range(3000)]))
    assert len(form.values_to_keep()["budget"]) == 500


def test_columns_of_other_levels_and_unknown_ones_are_ignored():
    rows = [{"id": "a", "level": "axe", "intitule": "Former", "pilotes": "Forgé", "etat": "x"}]
    assert make_form(AXES, data=post_rows("axes", rows)).values_to_keep() == {
        "axes": [{"id": "a", "level": "axe", "intitule": "Former"}]
    }


# --- Cells ------------------------------------------------------------------------------------------------------------
def test_a_wrong_cell_is_kept_where_it_was_and_named():
    rows = [{"id": "x", "poste": "Salle", "cout": "12,5"}, {"id": "y", "poste": "Repas", "cout": "1e9"}]
    form = make_form(BUDGET, data=post_rows("budget", rows))
    assert form.values_to_keep() == {
        "budget": [{"id": "x", "poste": "Salle", "cout": "12.50"}, {"id": "y", "poste": "Repas"}],
        "_raw": {"budget": {"y": {"cout": "1e9"}}},
    }
    assert form.errors["budget"] == [
        "Ligne 2, Coût : Saisissez un montant en euros, en chiffres : par exemple 1 234,50."
    ]
    cells = [[(cell.typed, bool(cell.errors)) for cell in row.cells] for row in form.lines[0].row_lines]
    assert cells == [[("Salle", False), ("12,50", False)], [("Repas", False), ("1e9", True)]]


def test_required_columns_and_rows():
    schema = schema_of(
        field("t", "tableau", required=True, options={**BUDGET.fields[0].options, "min_rows": 2}),
    )
    assert missing(schema, {}, {}) == {"t": ["Remplissez au moins 2 lignes (0 à ce jour)."]}
    one = {"t": [{"id": "y"}, {"id": "x", "cout": "1.00"}]}
    assert missing(schema, one, {}) == {
        "t": ["Remplissez au moins 2 lignes (1 à ce jour).", "Ligne 2 : remplissez « Poste »."]
    }


def test_an_optional_table_may_stay_empty_whatever_its_minimum():
    schema = schema_of(field("t", "tableau", options={**BUDGET.fields[0].options, "min_rows": 2}))
    assert missing(schema, {}, {}) == {}
    assert missing(schema, {"t": [{"id": "x", "poste": "A"}]}, {}) == {
        "t": ["Remplissez au moins 2 lignes (1 à ce jour)."]
    }


# --- Numbers ----------------------------------------------------------------------------------------------------------
def test_actions_are_numbered_within_their_axis():
    axes = AXES.fields[0]
    levels = ["axe", "objectif", "action", "action", "objectif", "action", "axe", "action"]
    assert numbers(axes, [{"level": level} for level in levels]) == [
        *("1", "", "1.1", "1.2", "", "1.3", "2", "2.1"),
    ]


def test_levels_that_are_all_numbered():
    every = [{"key": key, "label": key, "numbered": True} for key in ("axe", "objectif", "action")]
    of = schema_of({**OUTLINE, "options": {**OUTLINE["options"], "levels": every}}).fields[0]
    levels = ["axe", "objectif", "action", "objectif", "action", "axe", "objectif"]
    assert numbers(of, [{"level": level} for level in levels]) == ["1", "1.1", "1.1.1", "1.2", "1.2.1", "2", "2.1"]


def test_axes_repeated_row_by_row_are_numbered_too():
    columns = [{"key": key, "kind": "texte", "label": key.capitalize()} for key in ("axe", "action")]
    flat = schema_of(field("axes", "tableau", role="axes", options={"columns": columns})).fields[0]
    rows = [{"axe": "A"}, {"axe": "A"}, {"axe": "B"}, {"axe": ""}, {"axe": "A"}]
    assert numbers(flat, rows) == ["1.1", "1.2", "2.1", "2.2", "1.3"]


def test_an_action_outside_any_axis_stops_a_deposit():
    rows = outline(("c", "action", "Ateliers"), ("a", "axe", "Former"))
    assert missing(AXES, {"axes": rows}, {}) == {"axes": ["Action 1 : placez cette ligne sous une ligne « Objectif »."]}
    straight = outline(("a", "axe", "Former"), ("c", "action", "Ateliers"))
    assert missing(AXES, {"axes": straight}, {}) == {
        "axes": ["Action 1.1 : placez cette ligne sous une ligne « Objectif »."]
    }
