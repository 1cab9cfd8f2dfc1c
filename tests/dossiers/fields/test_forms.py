"""What a posted form keeps, whatever it is made of."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from dossiers.fields.forms import make_form, missing
from tests.dossiers.factories import field

from .schemas import every_kind, posted, schema_of

AMOUNT = schema_of(field("nom", "texte", required=True), field("montant", "montant", "Montant", required=True))


def test_only_what_is_asked_for_changes():
    """Complements: read-only fields and unknown keys are left alone, whatever is posted."""
    values = {"nom": "Avant", "montant": "10.00", "d-une-autre-version": [1]}
    data = posted({"nom": "Forgé", "montant": "20", "inconnu": "x", "_raw": "x", "etat": "accepte"})
    form = make_form(AMOUNT, data=data, values=values, only={"montant"})
    assert form.values_to_keep() == {"nom": "Avant", "montant": "20.00", "d-une-autre-version": [1]}
    assert [line.field.key for line in form.lines] == ["montant"]


def test_what_is_not_posted_is_left_alone():
    values = {"nom": "Avant", "montant": "10.00", "publics": ["jeunes"], "_raw": {"nombre": "1e9"}}
    form = make_form(every_kind(), data=posted({"nom": "Après"}), values=values)
    assert form.values_to_keep() == values | {"nom": "Après"}
    assert values["nom"] == "Avant"


def test_boxes_shown_and_left_empty_are_an_answer():
    form = make_form(every_kind(), data=posted({"publics__cases": "1"}), values={"publics": ["jeunes"]})
    assert form.values_to_keep() == {}


def test_an_invalid_text_takes_the_place_of_the_value_and_a_valid_one_ends_it():
    wrong = make_form(AMOUNT, data=posted({"montant": "NaN"}), values={"nom": "N", "montant": "10.00"})
    kept = wrong.values_to_keep()
    assert kept == {"nom": "N", "_raw": {"montant": "NaN"}}
    assert missing(AMOUNT, kept, {}) == {
        "montant": ["Saisissez un montant en euros, en chiffres : par exemple 1 234,50."]
    }
    assert make_form(AMOUNT, data=posted({"montant": "12,5"}), values=kept).values_to_keep() == {
        "nom": "N",
        "montant": "12.50",
    }
    assert make_form(AMOUNT, data=posted({"montant": " "}), values=kept).values_to_keep() == {"nom": "N"}


def test_an_invalid_text_is_shown_again_with_its_message():
    form = make_form(AMOUNT, values={"nom": "N", "_raw": {"montant": "1e9"}})
    line = form.lines[1]
    assert (line.typed, len(line.errors)) == ("1e9", 1)
    assert form.summary == [("champ-montant", "Montant", line.errors[0])]


def test_messages_of_elsewhere_stand_beside_the_field_once():
    form = make_form(AMOUNT, data=posted({"montant": "NaN"}), values={})
    form.tell(missing(AMOUNT, form.values_to_keep(), {}))
    form.tell({"montant": ["L’enveloppe n’y suffit pas."]})
    assert [len(line.errors) for line in form.lines] == [1, 2]


def test_a_choice_that_is_not_proposed_is_refused():
    form = make_form(every_kind(), data=posted({"statut": "roi", "publics": ["jeunes", "forgé"]}))
    assert set(form.errors) == {"statut", "publics"}
    assert form.values_to_keep() == {"_raw": {"statut": "roi", "publics": ["jeunes", "forgé"]}}


def test_other_must_say_what():
    form = make_form(every_kind(), data=posted({"statut": "autre", "statut__autre": " "}))
    assert form.errors["statut"] == ["Précisez ce que vous entendez par « Autre »."]
    assert form.values_to_keep() == {"_raw": {"statut": "autre:"}}
    line = next(line for line in form.lines if line.field.key == "statut")
    assert [option.checked for option in line.options] == [False, False, True]


def test_several_forms_of_a_page_are_told_apart():
    data = posted({"un-montant": "1", "deux-montant": "2", "montant": "3"})
    kept = [make_form(AMOUNT, data=data, prefix=prefix).values_to_keep() for prefix in ("un", "deux", "")]
    assert kept == [{"montant": "1.00"}, {"montant": "2.00"}, {"montant": "3.00"}]
    assert make_form(AMOUNT, prefix="un").lines[1].id == "champ-un-montant"


def test_files_of_the_asked_pieces():
    schema = every_kind()
    files: Any = MultiValueDict(
        {"pdf": [SimpleUploadedFile("a.pdf", b"a"), SimpleUploadedFile("b.pdf", b"b")], "x": []}
    )
    form = make_form(schema, data=posted({}), files=files)
    assert {key: [each.name for each in sent] for key, sent in form.uploads().items()} == {"pdf": ["a.pdf", "b.pdf"]}
    assert make_form(schema, data=posted({}), files=files, only={"nom"}).uploads() == {}


def test_missing_pieces():
    schema = schema_of(field("pdf", "piece", required=True, options={"max_files": 2}), field("autre", "piece"))
    assert missing(schema, {}, {}) == {"pdf": ["Joignez cette pièce : elle est obligatoire."]}
    assert missing(schema, {}, {"pdf": 2, "autre": 1}) == {}
    assert missing(schema, {}, {"pdf": 3}) == {"pdf": ["3 fichiers sont joints : 2 au plus."]}


def test_a_value_that_the_form_no_longer_takes_stops_a_deposit():
    """After a move to a version that bounds the amount, or drops the choice."""
    schema = schema_of(
        field("montant", "montant", options={"max": "100"}),
        field("choix", "choix", options={"choices": [{"value": "a", "label": "A"}]}),
        field("ouvert", "oui-non", required=True),
        field("zero", "entier", required=True),
    )
    told = missing(schema, {"montant": "100.01", "choix": "b", "ouvert": False, "zero": 0}, {})
    assert told == {
        "montant": ["Indiquez au plus 100 €."],
        "choix": ["Sélectionnez un des choix proposés."],
    }


def test_parts_follow_the_headings():
    parts = make_form(every_kind()).parts
    assert [(part.heading.label if part.heading else "", len(part.lines)) for part in parts] == [("Le projet", 18)]
