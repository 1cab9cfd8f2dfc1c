"""The screen of figures and its files: for whom, of what, with how many queries."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from dossiers.enums import State
from dossiers.figures.dashboard import figures
from dossiers.models import Envelope
from portal.accounts.models import User
from tests.dossiers.factories import Party, make_dossier, make_party, make_type
from tests.factories import make_member, make_user

from .factories import everywhere, make_timed, place

SCREEN, FILE = "/instruction/chiffres/", "/instruction/chiffres/telecharger/"
QUERIES = 26


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, query: str = "") -> str:
    response = as_(user).get(f"{SCREEN}?{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def deposited(user: User, query: str = "") -> int:
    return int(as_(user).get(f"{SCREEN}?{query}").context["total"].deposited)


def lines(user: User, query: str) -> list[list[str]]:
    response = as_(user).get(f"{FILE}?{query}")
    assert response.status_code == 200
    return [line.split(";") for line in response.content.decode("utf-8-sig").splitlines()]


def test_for_who_instructs_only(party: Party) -> None:
    for user in (party.depositor, party.reader, party.advisor, make_user()):
        assert as_(user).get(SCREEN).status_code == 404
        assert as_(user).get(FILE).status_code == 404
    for address in (SCREEN, FILE):
        response = Client().get(address)
        assert response.status_code == 302
        assert as_(party.instructor).post(address).status_code == 405
    assert "no-store" in as_(party.instructor).get(SCREEN)["Cache-Control"]


def test_two_départements_do_not_see_each_other(party: Party) -> None:
    type_ = make_type(title="Subvention secrète du Gers")
    gers = place("departement-32")
    for _ in range(3):
        make_timed(everywhere(party), State.ACCEPTED, type_, 77, territory=gers, values={"nom": "Projet zébulon"})
    Envelope.objects.create(type=type_, territory=gers, year=2026, ceiling=654_321)
    make_dossier(party, State.DEPOSITED, make_type(title="Des Landes"))
    for query in ("", "territoire=departement-32", "territoire=region-76", "echelon=epci", "depuis=2020-01-01"):
        shown = page(party.instructor, query)
        for secret in ("77\u00a0jours", "654", "zébulon"):
            assert secret not in shown, query
        assert deposited(party.instructor, query) == (0 if "territoire" in query else 1)
        for name in ("territoires", "types", "mois", "enveloppes"):
            text = str(lines(party.instructor, f"{query}&tableau={name}"))
            assert "Gers" not in text or "territoire=departement-32" in query
            assert "secrète" not in text
            assert "654" not in text
    assert "77\u00a0jours" in page(party.elsewhere)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_are_constant(party: Party, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    gers = place("departement-32")
    for rank in range(number):
        type_ = make_type()
        make_timed(party, State.ACCEPTED, type_, 10)
        make_timed(everywhere(party), State.REFUSED, type_, 10 + rank, territory=gers)
        Envelope.objects.create(type=type_, territory=gers, year=2026, ceiling=10)
    client = as_(make_member("instructor", place("nation-FR")))
    client.get(SCREEN)
    with django_assert_num_queries(QUERIES):
        response = client.get(SCREEN)
    assert response.context["total"].deposited == 2 * number


def test_one_goes_down_by_links_and_up_again(party: Party) -> None:
    mont = place("epci-244000808")
    make_timed(party, State.ACCEPTED, make_type(), 12, territory=mont)
    client = as_(party.national)
    address = SCREEN
    for key in ("region-75", "departement-40", "epci-244000808"):
        response = client.get(address)
        hrefs = [
            f"{SCREEN}?{inside}"
            for row, inside in response.context["rows"]
            if row.territory and row.territory.key == key
        ]
        assert hrefs, key
        assert f'href="{hrefs[0]}"' in response.content.decode()
        address = hrefs[0]
    response = client.get(address)
    assert [label for label, _ in response.context["trail"]] == ["France", "Nouvelle-Aquitaine", "Landes"]
    assert response.context["total"].deposited == 1
    assert response.context["level"] == ""
    assert "Télécharger les territoires" not in response.content.decode()


def test_a_trail_stays_inside_the_desk(party: Party) -> None:
    response = as_(party.instructor).get(f"{SCREEN}?territoire=epci-244000808")
    assert response.context["trail"] == [("Landes", "")]
    assert "<h1>Chiffres des dossiers&nbsp;: CA Mont de Marsan Agglomération</h1>" in response.content.decode()


def test_filters(party: Party) -> None:
    first, second = make_type(title="Premier"), make_type(title="Second")
    make_timed(party, State.ACCEPTED, first, 60)
    make_timed(party, State.DEPOSITED, second)
    user = party.instructor
    assert deposited(user) == 2
    assert deposited(user, f"type={first.code}") == 1
    assert deposited(user, "jusqua=2026-03-02") == 0
    assert deposited(user, "depuis=2026-03-03&jusqua=2026-03-03") == 2
    assert deposited(user, "sur=decision&depuis=2026-05-01&jusqua=2026-05-31") == 1
    assert "Aucun dossier déposé ne répond à ces filtres." in page(user, "jusqua=2026-03-02")


@pytest.mark.parametrize(
    "query",
    [
        "type=x&territoire=%00&echelon=lune&sur=hier",
        "depuis=hier&jusqua=0001-01-01",
        "depuis=9999-12-31&jusqua=9999-12-31",
        "depuis=0001-01-01",
        "territoire=commune-40192&echelon=epci",
        "territoire=epci-000000000",
        "type=&type=&territoire=departement-40'--",
    ],
)
def test_what_is_not_understood_is_said_and_left_out(party: Party, query: str) -> None:
    make_dossier(party)
    assert as_(party.instructor).get(f"{SCREEN}?{query}").status_code == 200
    assert as_(party.instructor).get(f"{FILE}?{query}").status_code in (200, 422)


def test_a_wrong_filter_has_its_message(party: Party) -> None:
    make_dossier(party)
    shown = page(party.instructor, "depuis=hier&type=x")
    assert "Un filtre n’a pas été compris" in shown
    assert "Saisissez une date, par exemple 15/09/2026." in shown
    assert "La fin de la période vient après son début." in page(
        party.instructor, "depuis=2026-02-01&jusqua=2026-01-01"
    )
    refused = as_(party.instructor).get(f"{FILE}?depuis=hier")
    assert refused.status_code == 422
    assert "Saisissez une date" in refused.content.decode()


def test_an_empty_desk_says_so(party: Party) -> None:
    assert "Aucun dossier n’est encore déposé dans votre périmètre." in page(party.instructor)


def test_a_table_beside_every_chart(party: Party) -> None:
    make_timed(party, State.ACCEPTED, make_type(), 3)
    shown = page(make_member("instructor", place("nation-FR")), "depuis=2026-01-01&jusqua=2026-06-30")
    assert shown.count('<svg class="figures-chart"') == 1
    assert '<tr><th scope="row">mars 26</th><td>1</td><td>1</td></tr>' in shown
    assert 'aria-label="Landes (40) : 1 dossier"' in shown
    assert "3\u00a0jours" in shown
    assert "style=" not in shown.split("<main", 1)[1].split("</main", 1)[0]


def test_the_map_of_a_région(party: Party) -> None:
    make_dossier(party)
    region = make_member("instructor", party.territory.region)
    shown = page(region)
    assert 'aria-label="Landes (40) : 1 dossier"' in shown
    assert 'aria-label="Gers' not in shown
    assert "figures-map__0" in shown  # Lot-et-Garonne, where there is nothing.
    assert "carte__dep" not in page(party.instructor)


def test_files(party: Party) -> None:
    type_ = make_type(title="=HYPERLINK()", has_amount=True, uses_envelopes=True)
    Envelope.objects.create(type=type_, territory=party.territory, year=2026, ceiling=900)
    mont = place("epci-244000808")
    dossier = make_timed(party, State.DEPOSITED, type_, territory=mont, amounts=("1234.50", "0"))
    make_timed(party, State.REFUSED, type_, 12.25, due=12)
    user = party.instructor
    head, *rest = lines(user, "tableau=territoires&format=csv")
    assert head[:4] == ["Échelon", "Code", "Territoire", "Déposés"]
    found = {line[2]: dict(zip(head, line, strict=True)) for line in rest}
    assert set(found) == {mont.name, "Au-delà de cet échelon", "Landes"}
    assert found[mont.name] | {"Déposés": "1", "Montant demandé (€)": "1234.5", "Code": "244000808"} == found[mont.name]
    assert (
        found["Landes"]
        | {
            "Échelon": "Total",
            "Déposés": "2",
            "Refusés": "1",
            "Décidés hors délai": "1",
            "Part hors délai (%)": "100.0",
            "Délai total médian (jours)": "12.2",
        }
        == found["Landes"]
    )
    assert lines(user, "tableau=types")[1][:3] == [type_.code, "'=HYPERLINK()", "2"]
    months = lines(user, "tableau=mois&depuis=2026-03-01&jusqua=2026-04-30")
    assert months == [["Mois", "Déposés", "Décidés"], ["2026-03", "2", "1"], ["2026-04", "0", "0"]]
    assert lines(user, "tableau=enveloppes&format=csv&depuis=2026-01-01&jusqua=2026-12-31")[1][2:] == [
        *("Département", "40", "Landes", "900.0", "0.0", "900.0"),
    ]
    response = as_(user).get(f"{FILE}?format=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]][:3] == ["Échelon", "Code", "Territoire"]
    assert response["Content-Disposition"].startswith('attachment; filename="dossiers-territoires-')
    assert dossier.number not in response.content.decode("latin-1")
    for wrong in ("tableau=x", "format=exe", "format=zip", "tableau=../etc"):
        assert as_(user).get(f"{FILE}?{wrong}").status_code == 404


def test_the_card_of_who_follows_several_services(
    party: Party, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    region = make_member("instructor", party.territory.region)
    make_dossier(party, State.ACCEPTED)
    make_dossier(party, State.DEPOSITED)
    make_timed(party, State.ACCEPTED, make_type(), 10)  # Of last spring.
    with django_assert_num_queries(6):
        card = figures(user=User.objects.get(pk=region.pk))
    assert card is not None
    assert [(each.title, each.badge) for each in card.entries[:2]] == [
        ("Déposés depuis 30 jours", "2"),
        ("Clos depuis 30 jours", "1"),
    ]
    assert deposited(region, card.entries[0].url.partition("?")[2]) == 2
    assert deposited(region, card.entries[1].url.partition("?")[2]) == 1
    assert figures(user=party.instructor) is None
    assert figures(user=party.depositor) is None
    assert "Chiffres des dossiers" in as_(region).get("/mon-espace/").content.decode()


def test_the_map_leads_to_its_table(party: Party) -> None:
    make_dossier(party)
    national = make_member("instructor", place("nation-FR"))
    assert 'href="?echelon=departement#territoires"' in page(national)
    assert 'href="#territoires"' in page(national, "echelon=departement")
