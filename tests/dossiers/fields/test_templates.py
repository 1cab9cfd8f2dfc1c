"""The form on the screen: every input has a name, a label, and messages that it is described by."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from dossiers.fields.forms import make_form, missing
from dossiers.models import Dossier, DossierType
from portal.territories.models import Territory
from tests.dossiers.factories import field

from .schemas import every_kind, posted, schema_of

pytestmark = pytest.mark.django_db
WRONG = {
    "nom": "<script>alert(1)</script>",
    "partenaires": True,
    "statut": "autre:GIP",
    "perimetre": ["epci-244000808"],
    "budget": [{"id": "x", "poste": "Salle"}],
    "axes": [{"id": "a", "level": "axe", "intitule": "Former"}, {"id": "c", "level": "action"}],
    "_raw": {
        **dict.fromkeys(("nombre", "montant", "debut", "siret", "courriel", "tel", "lieu"), "non valide"),
        "resume": "x" * 600,
        "publics": ["forgé"],
        "budget": {"x": {"cout": "1e9"}},
    },
}


def screen(values: dict[str, Any], told: dict[str, list[str]] | None = None, **options: Any) -> BeautifulSoup:
    dossier = Dossier(type=DossierType(), territory=Territory.objects.get(level="departement", code="40"))
    form = make_form(every_kind(), values=values, dossier=dossier, **options)
    form.tell(told or {})
    html = "".join(
        render_to_string(f"dossiers/fields/{name}", {"form": form}) for name in ("_summary.html", "_lines.html")
    )
    assert "(undefined" not in html
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize("values", [{}, WRONG], ids=["empty", "wrong"])
def test_names_labels_and_descriptions(values):
    page = screen(values, missing(every_kind(), values, {}))
    for model in page.find_all("template"):
        model.extract()
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(set(ids)) == len(ids)
    labelled = {label["for"] for label in page.find_all("label")}
    for tag in page.find_all(["input", "select", "textarea"]):
        if tag.get("type") != "hidden":
            assert tag["id"] in labelled, tag
    for tag in page.find_all(["input", "select", "textarea", "fieldset", "section", "div"]):
        for attribute in ("aria-describedby", "aria-labelledby"):
            assert set(str(tag.get(attribute, "")).split()) <= set(ids), tag
    for fieldset in page.find_all("fieldset"):
        assert fieldset.find("legend", recursive=False) or fieldset.get("role") == "none"
    for button in page.find_all("button"):
        assert button.get_text(strip=True)
        assert button["type"] == "submit"


def test_every_message_is_in_the_summary_and_beside_its_field():
    told = {"siret": ["Ce champ est obligatoire."], "pdf": ["Joignez cette pièce : elle est obligatoire."]}
    page = screen(WRONG, told)
    form = make_form(every_kind(), values=WRONG)
    links = page.select("#erreurs a")
    anchors = [link["href"].removeprefix("#") for link in links]
    assert {"champ-nombre", "champ-budget", "champ-siret", "champ-pdf", "champ-publics"} <= set(anchors)
    for anchor in anchors:
        assert page.find(id=anchor) is not None
        assert page.find(id=f"{anchor}-messages").select(".fr-message--error")
    wrong = page.find(id="champ-montant")
    assert wrong["value"] == "non valide"
    assert wrong["aria-invalid"] == "true"
    assert "champ-montant-messages" in wrong["aria-describedby"]
    assert form.summary
    assert screen({}).select("#erreurs") == []


def test_what_is_typed_is_escaped():
    page = screen(WRONG)
    assert page.find("script") is None
    assert page.find(id="champ-nom")["value"] == "<script>alert(1)</script>"


def test_what_is_not_asked_is_there_for_the_script_and_is_not_sent():
    box = screen({}).select_one("[data-field=lesquels]")
    assert box.has_attr("hidden")
    assert box.fieldset.has_attr("disabled")
    shown = screen({"partenaires": True}).select_one("[data-field=lesquels]")
    assert not shown.has_attr("hidden")
    assert not shown.fieldset.has_attr("disabled")


def test_addresses_in_explanations_are_links():
    schema = schema_of(field("lire", "explication", help="Voir https://exemple.fr/guide\n\n<b>Puis</b>"))
    html = render_to_string("dossiers/fields/_lines.html", {"form": make_form(schema)})
    assert '<a href="https://exemple.fr/guide"' in html
    assert "<p>&lt;b&gt;Puis&lt;/b&gt;</p>" in html


def test_enter_presses_a_button_that_only_saves():
    first = screen(WRONG).find("button")
    assert "name" not in first.attrs
    assert (first["tabindex"], first["aria-hidden"]) == ("-1", "true")


def test_rows_are_sent_as_they_are_shown():
    page = screen(WRONG)
    assert page.find("input", {"name": "axes__lignes"})["value"] == "a,c"
    assert page.find("input", {"name": "axes__c__niveau"})["value"] == "action"
    assert page.find("input", {"name": "axes__a__pilotes"}) is None
    cell = page.find("input", {"name": "budget__x__cout"})
    assert (cell["value"], cell["aria-invalid"]) == ("1e9", "true")
    beneath = [b["value"] for b in page.select("button[name=_ajouter-axes]") if not b.find_parent("template")]
    assert beneath == ["objectif:a", "axe"]


@pytest.mark.parametrize(
    ("button", "value", "expected"),
    [
        ("_ajouter-axes", "action:a", "__intitule"),
        ("_monter-axes", "b", "_descendre-axes"),
        ("_descendre-axes", "a", "_monter-axes"),
        ("_retirer-axes", "b", "_ajouter-axes"),
        ("_chercher-perimetre", "1", "perimetre__recherche"),
        ("autre", "", None),
    ],
)
def test_after_a_button_one_is_back_where_one_was(button, value, expected):
    rows = {"axes__lignes": "a,b", "axes__a__niveau": "axe", "axes__a__intitule": "A", "axes__b__niveau": "axe"}
    page = screen({}, data=posted(rows | {"axes__b__intitule": "B", button: value}))
    focused = [tag for tag in page.select("[autofocus]") if not tag.find_parent("template")]
    assert [tag["name"][-len(expected or "") :] for tag in focused] == ([expected] if expected else [])
    if button == "_ajouter-axes":
        # The new row's, which is none of those sent.
        assert not focused[0]["name"].startswith(("axes__a__", "axes__b__"))


def test_a_field_of_pieces_is_shown_by_whoever_holds_pieces():
    form = make_form(every_kind(), only={"pdf"})
    html = render_to_string(
        "dossiers/fields/_lines.html", {"form": form, "piece_template": "dossiers/fields/explanation.html"}
    )
    assert 'class="fr-upload"' not in html
    assert 'id="champ-pdf"' in html


def test_a_large_table_is_shown_in_a_bounded_number_of_queries_and_characters(django_assert_num_queries):
    rows = [{"id": f"r{n}", "level": "action", "intitule": f"Action {n}", "pilotes": "P"} for n in range(100)]
    with django_assert_num_queries(1):  # The list of the perimeter.
        make = make_form(every_kind(), values={"axes": rows})
        html = render_to_string("dossiers/fields/_lines.html", {"form": make})
    assert len(html) < 600_000
    assert 'value="Action 99"' in html
