"""Who covers what of a département; overlaps while picking; the buttons that publish."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from dossiers.access import rights_on
from dossiers.enums import Side, State
from dossiers.fields.forms import make_form
from dossiers.fields.schema import load_schema
from dossiers.models import Dossier, DossierPage
from dossiers.territory.panels import territory_panel
from dossiers.territory.views import panels

from ..factories import decide, make_dossier, make_of_organisation, make_organisation, make_party, make_type
from .factories import at, make_roadmap_type, roadmap

pytestmark = pytest.mark.django_db

MONT_DE_MARSAN, DAX, AIRE = "epci-244000808", "epci-244000675", "epci-200030435"
COVERAGE = "/dossiers/couverture/departement-40/"


@pytest.fixture
def party():
    return make_party()


def read(client, user, address=COVERAGE):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").split())


def test_the_instructor_reads_who_covers_what_and_what_is_left(client, party):
    type_ = make_roadmap_type(title="Feuille de route territoriale")
    other = roadmap(party, type_, DAX, values={"nom": "Grand Dax numérique"}, state=State.INSTRUCTION)
    whole = roadmap(party, type_, "departement-40", values={"nom": "Landes numériques"})
    roadmap(party, type_, AIRE, values={"nom": "Un brouillon"}, state=State.DRAFT)
    text = read(client, party.instructor)
    assert "Feuille de route territoriale" in text
    assert "1 commune sur 3" in text
    assert "Grand Dax numérique" in text
    assert other.number in text
    assert "En instruction" in text
    assert panels.dossier_url(other, Side.INSTRUCTION) in text
    assert "Landes numériques" in text
    assert whole.number in text
    assert "Un brouillon" not in text
    assert "CA Mont de Marsan Agglomération : 1 commune" in text
    assert "Aire-sur-l&#x27;Adour" in text
    # 22 109 of 59 831 inhabitants; the bar says the same in thousandths.
    assert "37,0 %" in text
    assert 'x="0" y="0" width="369"' in text
    assert 'class="portal-coverage__missing" x="369" y="0" width="631"' in text


def test_members_of_the_territory_read_titles_organisations_and_numbers_alone(client, party):
    type_ = make_roadmap_type()
    other = roadmap(party, type_, DAX, values={"nom": "Grand Dax numérique"}, state=State.INSTRUCTION)
    regional = make_of_organisation("reader", make_organisation(at("region-75"), "region"))
    for member in (party.reader, make_of_organisation("depositor", make_organisation(at(AIRE))), regional):
        text = read(client, member)
        assert "Grand Dax numérique" in text
        assert party.organisation.name in text
        assert other.number in text
        assert "En instruction" not in text
        assert str(other.pk) not in text


@pytest.mark.parametrize("who", ["elsewhere", "advisor"])
def test_it_does_not_exist_for_others(client, party, who):
    client.force_login(getattr(party, who))
    assert client.get(COVERAGE).status_code == 404


def test_an_organisation_of_elsewhere_reads_nothing_of_it(client, party):
    client.force_login(make_of_organisation("depositor", make_organisation(at("commune-47001"))))
    assert client.get(COVERAGE).status_code == 404
    client.logout()
    response = client.get(COVERAGE)
    assert response.status_code == 302
    assert "/compte/" in response["Location"]


@pytest.mark.parametrize(
    "key", ["departement-99", "x", "region-75", "epci-244000675", "departement-%00", "commune-40088"]
)
def test_only_departements_have_one(client, party, key):
    client.force_login(party.national)
    assert client.get(f"/dossiers/couverture/{key}/").status_code == 404


def test_each_finds_the_way_to_their_departements(client, party):
    address = "/dossiers/couverture/"

    def listed(user):
        text = read(client, user, address)
        return {key for key in ("40", "32", "47", "84", "974") if f"/dossiers/couverture/departement-{key}/" in text}

    assert listed(party.instructor) == {"40"}
    assert listed(party.reader) == {"40"}
    assert listed(party.elsewhere) == {"32"}
    assert listed(party.national) == {"40", "32", "47", "84", "974"}
    assert listed(make_of_organisation("reader", make_organisation(at("region-75"), "region"))) == {"40", "47"}
    assert listed(make_of_organisation("reader", make_organisation(at(AIRE)))) == {"40", "32"}
    assert listed(party.advisor) == set()
    assert "Aucun département" in read(client, party.advisor, address)
    for key in ("40", "32"):
        read(client, party.national, f"/dossiers/couverture/departement-{key}/")


def test_empty_states(client, party):
    assert "Aucun type de dossier" in read(client, party.instructor)
    make_roadmap_type(title="Feuille A")
    assert "toutes les communes sont libres" in read(client, party.instructor)
    second = make_roadmap_type(title="Feuille B")
    roadmap(party, second, DAX, values={"nom": "De la seconde"})
    assert "De la seconde" not in read(client, party.instructor)
    assert "De la seconde" in read(client, party.instructor, f"{COVERAGE}?type={second.code}")
    assert "De la seconde" not in read(client, party.instructor, f"{COVERAGE}?type=inconnu")


def test_the_same_queries_for_one_and_three(client, party, django_assert_num_queries):
    type_ = make_roadmap_type()
    roadmap(party, type_, DAX)
    client.force_login(party.instructor)
    client.get(COVERAGE)
    with django_assert_num_queries(15):
        client.get(COVERAGE)
    roadmap(party, type_, MONT_DE_MARSAN)
    roadmap(party, type_, "commune-40001")
    with django_assert_num_queries(15):
        text = client.get(COVERAGE).content.decode()
    assert "Tout le département est couvert" in text


# --- While picking ---------------------------------------------------------------------------------------------------
def test_overlaps_are_named_while_picking(client, party):
    type_ = make_roadmap_type()
    other = roadmap(party, type_, DAX, values={"nom": "Grand <b>Dax</b>"})
    draft = roadmap(party, type_, MONT_DE_MARSAN, state=State.DRAFT)
    address = reverse("dossiers:clashes", args=[draft.pk])
    client.force_login(party.depositor)
    text = client.get(address, {"perimetre": [MONT_DE_MARSAN, DAX]}).content.decode()
    assert "le dépôt sera refusé" in text
    assert "Grand &lt;b&gt;Dax&lt;/b&gt;" in text
    assert "Dax (40)" in text
    assert client.get(address, {"perimetre": [MONT_DE_MARSAN]}).content.decode().strip() == ""
    assert client.get(address, {"perimetre": ["x", "departement-%00", ""]}).content.decode().strip() == ""
    (clash,) = client.get(address, {"perimetre": DAX}, headers={"Accept": "application/json"}).json()["clashes"]
    assert clash == {
        "number": other.number,
        "title": "Grand <b>Dax</b>",
        "organisation": party.organisation.name,
        "message": f"« Grand <b>Dax</b> » (n° {other.number}, {party.organisation.name}) couvre déjà une commune de "
        "votre périmètre : Dax (40).",
        "communes": ["commune-40088"],
        "territories": [DAX],
    }
    for stranger in (party.stranger, party.instructor, party.elsewhere):
        client.force_login(stranger)
        assert client.get(address, {"perimetre": DAX}).status_code == 404


def test_the_field_says_where_to_ask(party):
    draft = roadmap(party, make_roadmap_type(), DAX, state=State.DRAFT)
    form = make_form(load_schema(draft.type_version), values=draft.values, dossier=draft)
    assert f'data-clashes="/dossiers/{draft.pk}/chevauchements/"' in render_to_string(
        "dossiers/fields/_lines.html", {"form": form}
    )


# --- Publishing ------------------------------------------------------------------------------------------------------
def post(client, dossier, **data):
    version = Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk)
    return client.post(reverse("dossiers:publication", args=[dossier.pk]), {"version": version, **data})


def test_the_instructor_publishes_and_takes_down(client, party, landes_space):
    dossier = make_dossier(party, State.ACCEPTED, type_=make_type(publishable=True), values={"nom": "À publier"})
    client.force_login(party.instructor)
    assert post(client, dossier, action="publier").status_code == 302
    page = DossierPage.objects.get()
    assert page.live
    dossier.refresh_from_db()
    rights = rights_on(dossier, party.instructor)
    panel = territory_panel(dossier, party.instructor, rights, Side.INSTRUCTION)
    assert (panel["page_url"], panel["may_unpublish"]) == (page.get_url(), True)
    assert post(client, dossier, action="retirer").status_code == 302
    page.refresh_from_db()
    assert not page.live
    assert post(client, dossier, action="x").status_code == 422


def test_refusals_are_said(client, party, landes_space):
    dossier = make_dossier(party, State.INSTRUCTION, type_=make_type(publishable=True))
    client.force_login(party.instructor)
    response = post(client, dossier, action="publier")
    assert response.status_code == 422
    assert "Seul un dossier accepté est publié." in response.content.decode()
    response = post(client, dossier, action="publier", version="1")
    assert response.status_code == 409
    assert "a changé depuis" in response.content.decode()
    for stranger in (party.depositor, party.elsewhere, party.stranger):
        client.force_login(stranger)
        assert post(client, dossier, action="publier").status_code == 404


def test_the_dossiers_screen_has_the_perimeter_the_coverage_and_the_buttons(client, party, landes_space):
    type_ = make_roadmap_type()
    dossier = roadmap(party, type_, DAX, values={"scenario": "plusieurs-infra"}, state=State.INSTRUCTION)
    address = panels.dossier_url(dossier, Side.INSTRUCTION)
    text = read(client, party.instructor, address)
    assert "Ce dossier ne peut pas encore être accepté" in text
    assert "CA du Grand Dax" in text
    assert f'href="{COVERAGE}?type={type_.code}"' in text
    assert "Publier dans l’espace du territoire" not in text
    dossier.values["scenario"] = ""
    dossier.save(update_fields=["values"])
    decide(dossier, party, State.ACCEPTED)
    text = read(client, party.instructor, address)
    assert "Publier dans l’espace du territoire" in text
    post(client, dossier, action="publier")
    text = read(client, party.instructor, address)
    assert DossierPage.objects.get().get_url() in text
    assert "Mettre à jour la page" in text
    assert "Retirer la page" in text


def test_the_panel_of_instruction_says_what_stands_in_the_way(party):
    type_ = make_roadmap_type()
    dossier = roadmap(party, type_, DAX, values={"scenario": "plusieurs-infra"}, state=State.INSTRUCTION)
    rights = rights_on(dossier, party.instructor)
    panel = territory_panel(dossier, party.instructor, rights, Side.INSTRUCTION)
    assert [each.code for each in panel["problems"]] == ["coverage"]
    assert panel["coverage_url"] == f"{COVERAGE}?type={type_.code}"
    assert not panel["may_publish"]
    own = territory_panel(dossier, party.depositor, rights_on(dossier, party.depositor), Side.ORGANISATION)
    assert (own["problems"], own["may_publish"], own["desk"]) == ([], False, False)
