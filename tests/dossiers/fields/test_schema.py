"""A form that could not be filled in is refused when it is published, in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.fields.schema import load_schema, parse_schema
from tests.dossiers.factories import field, make_type, publish

from .schemas import EVERY_KIND, OUTLINE

CHOICES = {"choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]}


def table(*columns: dict[str, Any], **options: Any) -> dict[str, Any]:
    given = list(columns) or [{"key": "poste", "kind": "texte", "label": "Poste"}]
    return field("table", "tableau", "Table", options={"columns": given, **options})


def depends(kind: str, options: dict[str, Any] | None = None, **condition: Any) -> list[dict[str, Any]]:
    return [field("un", kind, options=options or {}), field("deux", "texte", condition={"field": "un", **condition})]


REFUSED: list[tuple[list[Any] | Any, str]] = [
    (None, "pas de champs"),
    ([1], "Champ 1 est illisible"),
    ([field("Clé", "texte")], "identifiant absent ou mal écrit"),
    ([field("a" * 61, "texte")], "identifiant"),
    ([field("_raw", "texte")], "identifiant"),
    ([field("nom", "image")], "nature inconnue"),
    ([field("nom", "texte") | {"label": ""}], "intitulé absent"),
    ([field("nom", "texte"), field("nom", "texte")], "déjà pris"),
    ([field("nom", "texte", role="roi")], "rôle inconnu"),
    ([field("nom", "date", role="intitule")], "ce rôle ne va pas"),
    ([field("un", "texte", role="intitule"), field("deux", "texte", role="intitule")], "a déjà ce rôle"),
    ([field("nom", "texte", options={"max_length": 0})], "entre 1 et"),
    ([field("nom", "texte", options={"max_length": "long"})], "nombre entier"),
    ([field("nom", "montant", options={"min": "beaucoup"})], "doit être un nombre"),
    ([field("nom", "montant", options={"min": "NaN"})], "doit être un nombre"),
    ([field("nom", "entier", options={"min": 5, "max": 1})], "minimum dépasse"),
    ([field("nom", "choix")], "au moins un choix"),
    ([field("nom", "choix", options={"choices": ["a"]})], "un choix est illisible"),
    ([field("nom", "choix", options={"choices": [{"value": "", "label": "A"}]})], "pas de valeur"),
    ([field("nom", "choix", options={"choices": [{"value": "a", "label": " "}]})], "pas d’intitulé"),
    ([field("nom", "choix", options={"choices": [CHOICES["choices"][0]] * 2})], "même valeur"),
    ([field("nom", "choix", options={"choices": [{"value": "autre:x", "label": "A"}]})], "réservé"),
    ([field("nom", "choix", options={"other": True, "choices": [{"value": "autre", "label": "A"}]})], "réservé"),
    ([field("nom", "perimetre", options={"levels": ["canton"]})], "échelon est inconnu"),
    ([field("nom", "tableau")], "de 1 à 20 colonnes"),
    ([table({"key": "id", "kind": "texte", "label": "Id"})], "réservés"),
    ([table({"key": "piece", "kind": "piece", "label": "Pièce"})], "celle d’une colonne"),
    ([table({"key": "sous", "kind": "tableau", "label": "Sous"})], "celle d’une colonne"),
    ([table(*[{"key": "a", "kind": "texte", "label": "A"}] * 2)], "même identifiant"),
    ([table(min_rows=4, max_rows=3)], "dépasse le maximum"),
    ([table(max_rows=100_000)], "entre 1 et 500"),
    ([table(levels=[{"key": "axe", "label": "Axe"}])], "de 2 à 5 niveaux"),
    (
        [table({"key": "a", "kind": "texte", "label": "A", "options": {"levels": ["rang"]}})],
        "niveau inconnu",
    ),
    (
        [
            {**table(*[{"key": f"c{n}", "kind": "texte", "label": "C"} for n in range(20)], max_rows=500), "key": key}
            for key in ("un", "deux")
        ],
        "trop de valeurs",
    ),
    (depends("texte", op="vaut", value="x"), "condition est inconnue"),
    (depends("texte", op="egal"), "pas de valeur"),
    (depends("texte", op="parmi", value="x"), "plusieurs valeurs"),
    (depends("texte", op="superieur", value=3), "ni un nombre ni une date"),
    (depends("piece", op="rempli"), "sans réponse"),
    (depends("titre", op="rempli"), "sans réponse"),
    ([field("un", "texte", condition={"field": "deux", "op": "rempli"}), field("deux", "texte")], "pas avant lui"),
    ([field("un", "texte", condition={"field": "un", "op": "rempli"})], "pas avant lui"),
    ([field(f"f{number}", "texte") for number in range(201)], "plus de 200 champs"),
]


@pytest.mark.parametrize(("fields", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_what_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        parse_schema({"fields": fields})


@pytest.mark.parametrize("data", [None, [], "x", {"fields": {}}, {}])
def test_what_is_no_form(data):
    with pytest.raises(ValueError, match="pas de champs"):
        parse_schema(data)


def test_what_is_read_of_a_form():
    schema = parse_schema({"fields": [*EVERY_KIND, OUTLINE]})
    assert [each.key for each in schema.pieces()] == ["pdf"]
    assert schema.with_role("intitule") is schema.field("nom")
    assert schema.with_role("") is None
    assert schema.field("inconnu") is None
    axes = schema.field("axes")
    assert axes is not None
    assert [each.key for each in axes.at_level("axe")] == ["intitule"]
    assert [each.key for each in axes.at_level("action")] == ["intitule", "pilotes"]
    explanation = schema.field("lire")
    assert explanation is not None
    assert not explanation.holds


def test_each_version_keeps_its_form(db):
    made = make_type()
    first = made.current_version
    publish(made, [field("autre", "texte")])
    assert [each.key for each in load_schema(first)] == ["nom"]
    assert [each.key for each in load_schema(made.current_version)] == ["autre"]
    assert load_schema(first) is load_schema(type(first).objects.get(pk=first.pk))
