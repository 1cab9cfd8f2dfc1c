"""Which fields are asked: the server decides, what is not asked is neither lost nor looked at."""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.fields import display
from dossiers.fields.conditions import visible
from dossiers.fields.forms import make_form, missing
from tests.dossiers.factories import field

from .schemas import posted, schema_of

CHOICES = {"choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}], "other": True}


@pytest.mark.parametrize(
    ("kind", "op", "wanted", "yes", "no"),
    [
        ("oui-non", "egal", True, [True], [False, None, "oui", 1]),
        ("oui-non", "egal", "oui", [True], [False]),
        ("oui-non", "egal", False, [False], [True, None]),
        ("oui-non", "different", True, [False, None], [True]),
        ("oui-non", "rempli", None, [True, False], [None]),
        ("texte", "egal", "x", ["x"], ["X", "", None]),
        ("texte", "rempli", None, ["x"], ["", None]),
        ("choix", "egal", "a", ["a"], ["b", "autre:a", None]),
        ("choix", "egal", "autre", ["autre:un GIP"], ["a", "autre"]),
        ("choix", "parmi", ["a", "autre"], ["a", "autre:x"], ["b", None]),
        ("choix-multiples", "egal", "a", [["a"], ["b", "a"]], [["b"], [], None, "a"]),
        ("choix-multiples", "different", "a", [["b"], []], [["a", "b"]]),
        ("entier", "egal", 3, [3], [4, None, True]),
        ("entier", "superieur", 3, [4], [3, 2, None, "x"]),
        ("montant", "egal", "1000", ["1000.00"], ["1000.01"]),
        ("montant", "superieur", "23000", ["23000.01"], ["23000.00", "9", None, "NaN"]),
        ("montant", "inferieur", 100, ["99.99"], ["100.00", None]),
        ("date", "inferieur", "2026-01-01", ["2025-12-31"], ["2026-01-01", "hier", None]),
    ],
)
def test_each_operator(kind, op, wanted, yes, no):
    on = field("un", kind, options=CHOICES if kind.startswith("choix") else {})
    schema = schema_of(on, field("deux", "texte", condition={"field": "un", "op": op, "value": wanted}))
    assert [value for value in yes if "deux" not in visible(schema, {"un": value})] == []
    assert [value for value in no if "deux" in visible(schema, {"un": value})] == []


CHAIN = schema_of(
    field("un", "oui-non", required=True),
    field("deux", "texte", "Deux", required=True, condition={"field": "un", "op": "egal", "value": True}),
    field("trois", "texte", "Trois", required=True, condition={"field": "deux", "op": "rempli"}),
)


def test_what_hangs_on_a_hidden_field_is_hidden_too():
    values: dict[str, Any] = {"un": False, "deux": "gardé", "trois": "aussi"}
    assert visible(CHAIN, values) == {"un"}
    assert missing(CHAIN, values, {}) == {}
    assert [row.field.key for row in display.rows(CHAIN, values)] == ["un"]
    assert display.flat(CHAIN, values) == {"un": "Non", "deux": "", "trois": ""}
    assert missing(CHAIN, {"un": True}, {}) == {"deux": ["Ce champ est obligatoire."]}


def test_what_is_no_longer_asked_comes_back_as_it_was():
    values = {"un": True, "deux": "gardé"}
    hidden = make_form(CHAIN, data=posted({"un": "non"}), values=values).values_to_keep()
    assert hidden == {"un": False, "deux": "gardé"}
    assert make_form(CHAIN, data=posted({"un": "oui"}), values=hidden).values_to_keep() == values


def test_what_was_typed_in_a_field_that_the_same_form_hides_is_kept():
    form = make_form(CHAIN, data=posted({"un": "non", "deux": "tapé avant"}), values={"un": True})
    assert form.values_to_keep() == {"un": False, "deux": "tapé avant"}
    assert form.is_valid()
    assert "deux" not in form.fields


def test_what_is_filled_in_with_what_is_not_valid_is_filled_in():
    schema = schema_of(field("un", "montant"), field("deux", "texte", condition={"field": "un", "op": "rempli"}))
    assert visible(schema, {"_raw": {"un": "NaN"}}) == {"un", "deux"}
    assert visible(schema, {"_raw": {"autre": "NaN"}}) == {"un"}


def test_errors_of_a_hidden_field_stop_nobody():
    schema = schema_of(
        field("un", "oui-non"), field("deux", "montant", condition={"field": "un", "op": "egal", "value": True})
    )
    form = make_form(schema, data=posted({"un": "non", "deux": "NaN"}))
    assert form.is_valid()
    assert form.summary == []
    assert missing(schema, form.values_to_keep(), {}) == {}
    again = make_form(schema, data=posted({"un": "oui"}), values=form.values_to_keep())
    assert [line.errors for line in again.lines if line.field.key == "deux"] == [
        ["Saisissez un montant en euros, en chiffres : par exemple 1 234,50."]
    ]
