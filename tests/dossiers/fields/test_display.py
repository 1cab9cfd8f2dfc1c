"""What is read of a form: golden texts of every kind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from dossiers.enums import Carrying, Scenario
from dossiers.fields import display, roles
from portal.territories.models import Territory
from tests.dossiers.factories import field

from .schemas import OUTLINE, every_kind, schema_of

N, T = "\u202f", "\u00a0"
VALUES = {
    "nom": "=HYPERLINK(1)",
    "resume": "Deux\nlignes",
    "nombre": 1200,
    "montant": "12345.50",
    "debut": "2026-12-31",
    "partenaires": True,
    "lesquels": "La CAF",
    "statut": "autre:GIP",
    "publics": ["jeunes", "autre:familles"],
    "lieu": "commune-40088",
    "perimetre": ["epci-244000675", "epci-244000808"],
    "siret": "73282932000074",
    "courriel": "nom@exemple.fr",
    "tel": "0558000000",
    "budget": [{"id": "x", "poste": "Salle", "cout": "1000.00"}, {"id": "y"}, {"id": "z", "poste": "Repas"}],
    "axes": [
        {"id": "a", "level": "axe", "intitule": "Former"},
        {"id": "b", "level": "objectif", "intitule": "Des aidants"},
        {"id": "c", "level": "action", "intitule": "Ateliers", "pilotes": "Département"},
    ],
}


@pytest.mark.django_db
def test_rows():
    found = display.rows(every_kind(), VALUES, {"pdf": ["un.pdf"]})
    assert [(row.field.key, row.text) for row in found if row.table is None] == [
        ("titre-1", "Le projet"),
        ("nom", "=HYPERLINK(1)"),
        ("resume", "Deux\nlignes"),
        ("nombre", f"1{N}200"),
        ("montant", f"12{N}345,50{T}€"),
        ("debut", "31/12/2026"),
        ("partenaires", "Oui"),
        ("lesquels", "La CAF"),
        ("statut", f"Autre{T}: GIP"),
        ("publics", f"Jeunes, Autre{T}: familles"),
        ("lieu", "Dax (40)"),
        ("perimetre", "CA Mont de Marsan Agglomération (intercommunalité), CA du Grand Dax (intercommunalité)"),
        ("siret", f"732{T}829{T}320{T}00074"),
        ("courriel", "nom@exemple.fr"),
        ("tel", f"05{T}58{T}00{T}00{T}00"),
        ("pdf", ""),
    ]
    assert next(row.files for row in found if row.field.key == "pdf") == ["un.pdf"]
    budget, axes = (row.table for row in found if row.table is not None)
    assert budget == display.Table(["Poste", "Coût"], [["Salle", f"1{N}000{T}€"], ["Repas", ""]], [0, 0])
    assert axes == display.Table(
        ["N°", "Niveau", "Intitulé", "Pilotes"],
        [
            ["1", "Axe", "Former", ""],
            ["", "Objectif", "Des aidants", ""],
            ["1.1", "Action", "Ateliers", "Département"],
        ],
        [0, 1, 2],
    )


@pytest.mark.django_db
def test_cells_of_an_export():
    assert display.flat(every_kind(), VALUES) == {
        "nom": "=HYPERLINK(1)",
        "resume": "Deux\nlignes",
        "nombre": 1200,
        "montant": Decimal("12345.50"),
        "debut": dt.date(2026, 12, 31),
        "partenaires": "Oui",
        "lesquels": "La CAF",
        "statut": f"Autre{T}: GIP",
        "publics": f"Jeunes, Autre{T}: familles",
        "lieu": "Dax (40)",
        "perimetre": "CA Mont de Marsan Agglomération (intercommunalité), CA du Grand Dax (intercommunalité)",
        "siret": "73282932000074",
        "courriel": "nom@exemple.fr",
        "tel": "0558000000",
        "budget": f"Salle · 1{N}000{T}€\nRepas",
        "axes": "1 · Axe · Former\nObjectif · Des aidants\n1.1 · Action · Ateliers · Département",
    }
    assert set(display.flat(every_kind(), {}).values()) == {""}


@pytest.mark.django_db
def test_what_changed():
    after = VALUES | {
        "montant": "12345.5",
        "nom": "Autre nom",
        "partenaires": False,
        "perimetre": ["epci-244000808"],
        "budget": [{"id": "x", "poste": "Salle", "cout": "900.00"}],
        "_raw": {"nombre": "1e9"},
    }
    assert [(each.field.key, each.before, each.after) for each in display.diff(every_kind(), VALUES, after)] == [
        ("nom", "=HYPERLINK(1)", "Autre nom"),
        ("nombre", f"1{N}200", "1e9"),
        ("partenaires", "Oui", "Non"),
        # No longer asked.
        ("lesquels", "La CAF", ""),
        (
            "perimetre",
            "CA Mont de Marsan Agglomération (intercommunalité), CA du Grand Dax (intercommunalité)",
            "CA Mont de Marsan Agglomération (intercommunalité)",
        ),
        ("budget", f"Salle · 1{N}000{T}€\nRepas", f"Salle · 900{T}€"),
    ]


@pytest.mark.django_db
def test_one_query_for_one_form_or_for_many(django_assert_num_queries):
    schema = every_kind()
    for read in (display.rows, display.flat):
        with django_assert_num_queries(1):
            read(schema, VALUES)
    with django_assert_num_queries(1):
        names = display.names_in(schema, [VALUES, {"lieu": "commune-84007"}, {}] * 3)
    with django_assert_num_queries(0):
        display.rows(schema, VALUES, names=names)
        assert display.flat(schema, {"lieu": "commune-84007"}, names=names)["lieu"] == "Avignon (84)"
        display.diff(schema, VALUES, {}, names=names)
        display.rows(schema_of(field("nom", "texte")), {"nom": "x"})


@pytest.mark.django_db
def test_answers_by_role():
    schema = schema_of(
        field("nom", "texte", role="intitule"),
        field("montant", "montant", role="montant-demande"),
        field("perimetre", "perimetre", role="perimetre"),
        field("scenario", "choix", role="scenario", options=choices(*Scenario.values)),
        field("portage", "choix", role="portage", options=choices(*Carrying.values)),
        OUTLINE,
        field("qui", "texte", role="contact-nom", condition={"field": "portage", "op": "egal", "value": "porter"}),
    )
    values = {
        "nom": "Landes connectées",
        "montant": "12.5",
        "perimetre": ["epci-244000675", "epci-000000000", 3],
        "scenario": "plusieurs-infra",
        "portage": "porter",
        "qui": "Camille",
        "axes": [*VALUES["axes"], {"id": "d", "level": "axe", "intitule": "Former"}, {"id": "e", "level": "axe"}],
    }
    assert roles.title_of(schema, values) == "Landes connectées"
    assert roles.amount_of(schema, values) == Decimal("12.50")
    assert roles.perimeter_of(schema, values) == [Territory.objects.get(code="244000675")]
    assert roles.scenario_of(schema, values) == Scenario.INFRA
    assert roles.carrying_of(schema, values) == Carrying.CARRY
    assert roles.axes_of(schema, values) == ["Former"]
    assert roles.role_text(schema, values, "contact-nom") == "Camille"
    # What is not asked is no answer.
    assert roles.role_text(schema, values | {"portage": "participer"}, "contact-nom") == ""
    assert roles.title_of(schema, {}) == ""
    assert roles.amount_of(schema, {"montant": "-1"}) is None
    assert roles.perimeter_of(schema, {}) == []
    assert roles.scenario_of(schema, {"scenario": "x"}) is None


def choices(*values: str) -> dict[str, list[dict[str, str]]]:
    return {"choices": [{"value": value, "label": value.capitalize()} for value in values]}


def test_axes_of_flat_tables_and_of_choices():
    columns = [{"key": key, "kind": "texte", "label": key} for key in ("action", "axe")]
    table = schema_of(field("t", "tableau", role="axes", options={"columns": columns}))
    rows = [{"id": "1", "axe": "B"}, {"id": "2", "axe": "A"}, {"id": "3", "axe": "B "}, {"id": "4", "action": "x"}]
    assert roles.axes_of(table, {"t": rows}) == ["B", "A"]
    boxes = schema_of(field("c", "choix-multiples", role="axes", options=choices("former", "equiper")))
    assert roles.axes_of(boxes, {"c": ["former"]}) == ["Former"]


def test_headings_without_anything_beneath_are_left_out():
    schema = schema_of(
        field("t1", "titre", "Un"),
        field("a", "oui-non"),
        field("t2", "titre", "Deux"),
        field("b", "texte", condition={"field": "a", "op": "egal", "value": True}),
        field("t3", "titre", "Trois"),
    )
    assert [row.field.key for row in display.rows(schema, {"b": "x"})] == ["t1", "a"]
    assert [row.field.key for row in display.rows(schema, {"a": True, "b": "x"})] == ["t1", "a", "t2", "b"]
