from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from dossiers.fields import roles
from dossiers.fields.forms import make_form, missing

from .schemas import every_kind, posted


@pytest.mark.django_db
def test_what_is_typed_becomes_values_and_is_shown_again():
    schema = every_kind()
    form = make_form(
        schema,
        data=posted(
            {
                "nom": "Un projet",
                "montant": "1 234,5 €",
                "nombre": "1e9",
                "partenaires": "oui",
                "lesquels": "La CAF",
                "statut": "autre",
                "statut__autre": "GIP",
                "publics__cases": "1",
                "publics": ["aines", "jeunes"],
                "lieu": "Dax",
                "perimetre__cases": "1",
                "perimetre": ["epci-244000808"],
                "budget__lignes": "n1",
                "budget__n1__poste": "Salle",
                "budget__n1__cout": "NaN",
            }
        ),
    )
    kept = form.values_to_keep()
    row = kept["budget"][0]
    assert not form.is_valid()
    assert form.errors["nombre"] == ["Saisissez un nombre entier, en chiffres : par exemple 12 ou 1 200."]
    assert kept == {
        "nom": "Un projet",
        "montant": "1234.50",
        "partenaires": True,
        "lesquels": "La CAF",
        "statut": "autre:GIP",
        "publics": ["jeunes", "aines"],
        "lieu": "commune-40088",
        "perimetre": ["epci-244000808"],
        "budget": [{"id": row["id"], "poste": "Salle"}],
        "_raw": {"nombre": "1e9", "budget": {row["id"]: {"cout": "NaN"}}},
    }
    assert set(missing(schema, kept, {})) == {"nombre", "budget"}
    assert roles.amount_of(schema, kept) == Decimal("1234.50")
    html = render_to_string("dossiers/fields/_lines.html", {"form": make_form(schema, values=kept)})
    for shown in ('value="1e9"', 'value="NaN"', 'value="1234,50"', "56\u202f042 habitants · 1 commune"):
        assert shown in html
    assert "GIP" in html
