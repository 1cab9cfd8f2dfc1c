"""Choosing one's territory: without an account, with one, and what is refused."""

from __future__ import annotations

import pytest

from pages.services import close_territory_space, open_territory_space
from portal.territories.models import Space, Territory
from portal.territories.selectors import nearest_spaces
from portal.territories.services import choose_own_territory
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CHOOSE = "/territoires/choisir/"
FORGET = "/territoires/oublier/"


def page(response) -> str:
    return response.content.decode()


def test_search_shows_what_was_typed_and_the_answers(client):
    html = page(client.get(CHOOSE, {"q": "mont de marsan"}))
    assert 'value="mont de marsan"' in html
    assert 'value="commune-40192"' in html
    assert "31\u202f592 habitants" in html
    assert 'value="commune-40088"' not in html


def test_searching_changes_nothing(client):
    response = client.get(CHOOSE, {"q": "dax", "territoire": "commune-40088"})
    assert "territoire" not in response.cookies


def test_no_answer_says_what_to_do(client):
    html = page(client.get(CHOOSE, {"q": "Xyzzy <b>"}))
    assert "Aucun territoire ne correspond" in html
    assert "Xyzzy &lt;b&gt;" in html
    assert "<b>" not in html


def test_a_choice_is_kept_a_year_in_a_cookie_and_shown(client):
    response = client.post(CHOOSE, {"territoire": "commune-40192"})
    assert (response.status_code, response["Location"]) == (302, "/")
    cookie = response.cookies["territoire"]
    assert cookie.value == "commune-40192"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert cookie["samesite"] == "Lax"
    assert cookie["httponly"]
    assert "Votre territoire&nbsp;: Mont-de-Marsan (40)" in page(client.get(CHOOSE))


@pytest.mark.parametrize(
    ("next_address", "goes_to"),
    [
        ("/actualites/?theme=x", "/actualites/?theme=x"),
        ("http://testserver/agenda/", "http://testserver/agenda/"),
        ("https://ailleurs.invalid/", "/"),
        ("//ailleurs.invalid/", "/"),
        ("/\\ailleurs.invalid", "/"),
        ("javascript:alert(1)", "/"),
        ("http:///ailleurs.invalid", "/"),
        ("/" + "a" * 600, "/"),
        ("", "/"),
    ],
)
@pytest.mark.parametrize("address", [CHOOSE, FORGET])
def test_it_goes_on_to_an_address_of_this_host_only(client, address, next_address, goes_to):
    response = client.post(address, {"territoire": "departement-40", "next": next_address})
    assert response["Location"] == goes_to


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "Sélectionnez un territoire"),
        ("commune-99999", "n’existe pas ou plus"),
        ("departement-40 OR 1=1", "n’existe pas ou plus"),
        ("canton-40", "n’existe pas ou plus"),
        ("\x00", "n’existe pas ou plus"),
        ("x" * 400, "n’existe pas ou plus"),
    ],
)
def test_a_bad_choice_is_said_and_what_was_typed_is_kept(client, key, message):
    response = client.post(CHOOSE, {"territoire": key, "q": "mont de marsan", "next": "/agenda/"})
    html = page(response)
    assert response.status_code == 422
    assert message in html
    assert 'value="mont de marsan"' in html
    assert 'name="next" value="/agenda/"' in html
    assert "territoire" not in response.cookies


def test_an_ended_territory_is_refused_and_an_old_cookie_is_ignored(client, landes):
    client.post(CHOOSE, {"territoire": landes.key})
    Territory.objects.filter(pk=landes.pk).update(ended_on="2027-01-01")
    assert "n’existe pas ou plus" in page(client.post(CHOOSE, {"territoire": landes.key}))
    assert "Votre territoire" not in page(client.get(CHOOSE))


def test_forgetting(client):
    client.post(CHOOSE, {"territoire": "commune-40192"})
    response = client.post(FORGET)
    assert response["Location"] == "/"
    assert response.cookies["territoire"]["max-age"] == 0
    assert "Oublier mon territoire" not in page(client.get(CHOOSE))


def test_forgetting_by_a_link_is_refused(client):
    assert client.get(FORGET).status_code == 405


def test_a_signed_in_person_keeps_it_in_the_profile(client, landes):
    user = make_user()
    client.force_login(user)
    client.post(CHOOSE, {"territoire": landes.key})
    user.refresh_from_db()
    assert user.territory == landes
    client.post(FORGET)
    user.refresh_from_db()
    assert user.territory is None


def test_a_visitor_changes_nobody(client, landes):
    user = make_user(territory=landes)
    client.post(CHOOSE, {"territoire": "commune-40088"})
    user.refresh_from_db()
    assert user.territory == landes


def test_the_service_refuses_an_ended_territory(landes):
    landes.ended_on = "2027-01-01"
    with pytest.raises(ValueError):
        choose_own_territory(actor=make_user(), territory=landes)


def test_the_forms_carry_a_token_and_are_never_cached():
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    first = client.get(CHOOSE, {"q": "dax"})
    assert "no-store" in first["Cache-Control"]
    assert "csrfmiddlewaretoken" in page(first)
    # Another visitor, with a token of their own, gets their own form.
    assert "X-Cache" not in client.get(CHOOSE, {"q": "dax"})
    assert client.post(CHOOSE, {"territoire": "commune-40088"}).status_code == 403


def test_a_proposed_territory_is_confirmed_by_a_post(client):
    html = page(client.get(CHOOSE, {"territoire": "commune-40088"}))
    assert "Ce territoire est-il le vôtre" in html
    assert 'value="commune-40088" checked' in html


def test_the_answers_alone_for_the_enhancement(client):
    html = page(client.get(CHOOSE, {"q": "dax"}, headers={"HX-Request": "true"}))
    assert 'value="commune-40088"' in html
    assert "<html" not in html


def test_suggestions(client):
    response = client.get("/territoires/suggestions/", {"q": "dax"})
    assert response.json()["results"][0] == {
        "key": "commune-40088",
        "label": "Dax (40)",
        "context": "Commune · Landes · 22\u202f109 habitants",
        "via": "",
    }
    assert "private" in response["Cache-Control"]
    assert client.get("/territoires/suggestions/").json() == {"results": [], "more": False}


def test_suggestions_of_the_levels_that_a_field_takes(client):
    def levels(asked: str) -> set[str]:
        found = client.get("/territoires/suggestions/", {"q": "landes", "niveaux": asked}).json()["results"]
        return {each["key"].partition("-")[0] for each in found}

    assert levels("departement,region") == {"departement"}
    assert levels("commune") == set()
    assert levels("x,") == levels("") >= {"departement"}


@pytest.mark.parametrize("q", ["\x00", "%" * 9000, "é" * 200, "'", "\\", "2a", "51300"])
@pytest.mark.parametrize("address", [CHOOSE, "/territoires/suggestions/"])
def test_any_query_is_answered(client, address, q):
    assert client.get(address, {"q": q, "next": q, "territoire": q, "page": q}).status_code == 200


# --- What is near -----------------------------------------------------------------------------------------------------
def near(level: str, code: str) -> list[str]:
    return [space.territory.name for space in nearest_spaces(Territory.objects.get(level=level, code=code))]


def test_a_commune_without_a_space_is_led_outwards(landes_space):
    assert near("commune", "40192") == ["Landes", "Nouvelle-Aquitaine", "France"]
    assert near("commune", "84007") == ["France"]


def test_the_own_space_comes_first_and_a_closed_one_not_at_all(landes_space):
    dax = open_territory_space(territory=Territory.objects.get(level="commune", code="40088"))
    assert near("commune", "40088")[0] == "Dax"
    close_territory_space(space=dax)
    assert near("commune", "40088") == ["Landes", "Nouvelle-Aquitaine", "France"]


def test_over_two_departements_the_principal_one_comes_first(landes_space):
    open_territory_space(territory=Territory.objects.get(level="departement", code="32"))
    # By name the Gers would come first.
    assert near("epci", "200030435") == ["Landes", "Gers", "Nouvelle-Aquitaine", "France"]
    assert near("commune", "32027") == ["Gers", "France"]


def test_near_is_one_query(landes_space, django_assert_num_queries):
    mont = Territory.objects.get(level="commune", code="40192")
    with django_assert_num_queries(1):
        assert [(space.page.title, space.territory.name) for space in nearest_spaces(mont)][-1][1] == "France"
    assert Space.objects.count() == 3
