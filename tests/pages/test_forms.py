"""A form page: answered, refused, trapped, exported."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from wagtail.contrib.forms.models import FormSubmission

from pages.form_pages import HONEYPOT
from pages.models import FormField, FormPage, HomePage
from portal.accounts.models import User
from tests.factories import add_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def form_page(db: None) -> FormPage:
    page = FormPage(title="Questionnaire du réseau", slug="questionnaire", thank_you_text="Merci à vous !")
    page.form_fields = [
        FormField(label="Votre besoin", field_type="singleline", required=True, help_text="En quelques mots."),
        FormField(label="Fréquence", field_type="radio", choices="chaque mois\ntous les deux mois", required=True),
        FormField(label="Outils", field_type="checkboxes", choices="lettre\nforum", required=False),
        FormField(label="Courriel", field_type="email", required=False),
        FormField(label="Précisions", field_type="multiline", required=False),
    ]
    return add_page(HomePage.objects.get(), page)


ANSWER = {"votre_besoin": "Former", "frequence": "chaque mois", "outils": ["lettre", "forum"]}


def test_each_question_is_tied_to_its_label_and_help(client, form_page):
    html = client.get(form_page.url).content.decode()
    assert '<label class="fr-label" for="question-votre_besoin">Votre besoin' in html
    assert 'aria-describedby="question-votre_besoin-aide"' in html
    assert (
        '<legend class="fr-fieldset__legend fr-fieldset__legend--regular" id="question-frequence-legende">Fréquence'
        in html
    )


def test_an_answer_is_kept_and_a_reload_sends_nothing_twice(client, form_page):
    response = client.post(form_page.url, ANSWER)
    assert response.status_code == 302
    assert response.url == f"{form_page.url}?envoye=1"
    assert "Merci à vous !" in client.get(response.url).content.decode()
    assert FormSubmission.objects.get().form_data["outils"] == ["lettre", "forum"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("votre_besoin", "", "requis"),
        ("votre_besoin", "x" * 256, "au plus 255 caractères"),
        ("votre_besoin", "a\x00b", "Le caractère nul"),
        ("frequence", "jamais", "Sélectionnez un choix valide."),
        ("courriel", "pas une adresse", "adresse"),
        ("precisions", "x" * 5001, "au plus 5000 caractères"),
    ],
)
def test_a_bad_answer_is_said_beside_its_field_and_the_rest_is_kept(client, form_page, field, value, message):
    html = client.post(form_page.url, ANSWER | {"precisions": "À garder"} | {field: value}).content.decode()
    assert message in html.split(f'id="question-{field}-erreur"')[1].split("</div>")[0]
    assert "Le formulaire n’est pas envoyé" in html
    if field != "precisions":
        assert "À garder" in html
    assert not FormSubmission.objects.exists()


def test_a_robot_believes_it_was_heard(client, form_page):
    response = client.post(form_page.url, ANSWER | {HONEYPOT: "https://spam.example"})
    assert response.status_code == 302
    assert not FormSubmission.objects.exists()


def test_a_form_is_never_cached(client, form_page):
    response = client.get(form_page.url)
    assert "no-store" in response["Cache-Control"]
    assert client.get(form_page.url).get("X-Cache") is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_an_export_holds_no_formula(client, form_page, start):
    client.post(form_page.url, ANSWER | {"votre_besoin": f"x{start}1", "precisions": f"{start}HYPERLINK(1)"})
    FormSubmission.objects.update(
        form_data={"votre_besoin": f"{start}cmd|' /C calc'!A0", "frequence": "chaque mois", "outils": ["lettre"]}
    )
    client.force_login(User.objects.create_superuser("admin@exemple.fr", "une phrase de passe"))
    address = f"/admin/forms/submissions/{form_page.pk}/"
    text = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][1].startswith(f"'{start}")
    assert rows[1][3] == "lettre"
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(address, {"export": "xlsx"}).streaming_content)))
    cell = book.active.cell(row=2, column=2)
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
