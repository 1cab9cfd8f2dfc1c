"""The profile, step by step, and the welcome that leads through it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.accounts.enums import Role, Shown
from portal.accounts.models import Organisation, Profile
from tests.factories import make_member, make_user

from .proofs import confirmed, sign_in

pytestmark = pytest.mark.django_db
NAMES = {"first_name": "Camille", "last_name": "Exemple"}


@pytest.fixture
def person(client):
    user = make_user(email="camille@exemple.fr")
    client.force_login(user)
    return user


def post(client, step, data, name="profile-step"):
    return client.post(reverse(name, args=[step]), data)


def test_the_first_sign_in_leads_to_the_welcome_until_it_was_seen(client):
    user = confirmed(make_user())
    assert sign_in(client, user).url == reverse("welcome")
    assert client.get(reverse("welcome")).url == reverse("welcome-step", args=["identite"])
    assert not Profile.objects.exists()  # Looking writes nothing.
    client.post(reverse("welcome"), {"action": "later"})
    client.logout()
    assert sign_in(client, user).url == "/"


def test_who_was_going_somewhere_goes_there(client):
    user = confirmed(make_user())
    assert sign_in(client, user, next="/agenda/").url == "/agenda/"


def test_each_step_is_kept_and_the_welcome_resumes_where_it_stopped(client, person, landes):
    first = post(client, "identite", NAMES | {"function": "mediation", "position": "Bus"}, "welcome-step")
    assert first.url == reverse("welcome-step", args=["territoire"])
    assert client.get(reverse("welcome")).url == reverse("welcome-step", args=["territoire"])
    assert post(client, "territoire", {"action": "skip"}, "welcome-step").url == reverse(
        "welcome-step", args=["reseau"]
    )
    answers = {"needs": ["orientation", "actualite"], "would_animate": "oui", "interest_forum": "peu"}
    post(client, "reseau", answers, "welcome-step")
    profile = Profile.objects.get(user=person)
    assert (profile.function, profile.position, profile.needs) == ("mediation", "Bus", ["actualite", "orientation"])
    assert (profile.would_animate, profile.interest_forum, profile.welcomed_at) == (True, "peu", None)
    # Passing over a step that was answered keeps the answer.
    post(client, "reseau", {"action": "skip"}, "welcome-step")
    assert Profile.objects.get(user=person).would_animate is True
    assert post(client, "annuaire", {"action": "skip"}, "welcome-step").url == reverse("account")
    assert Profile.objects.get(user=person).welcomed_at is not None
    assert client.get(reverse("welcome")).url == reverse("profile")


@pytest.mark.parametrize("typed", ["Dax", "40100", "commune-40088"])
def test_a_territory_is_found_as_people_write_it(client, person, typed):
    assert post(client, "territoire", {"territory": typed}).status_code == 302
    person.refresh_from_db()
    assert person.territory.code == "40088"


@pytest.mark.parametrize(
    ("step", "typed", "message"),
    [
        ("identite", {"first_name": ""}, "Renseignez ce champ."),
        ("identite", NAMES | {"phone": "appelez-moi"}, "numéro de téléphone"),
        ("identite", NAMES | {"siret": "123"}, "Un SIRET a 14 chiffres."),
        ("identite", NAMES | {"siret": "12345678901234"}, "indiquez son nom"),
        ("identite", NAMES | {"function": "roi"}, "Sélectionnez un choix valide"),
        ("territoire", {"territory": "Atlantide"}, "Aucun territoire"),
        ("reseau", {"needs": ["gloire"]}, "Sélectionnez un choix valide"),
        ("annuaire", {"show_name": "monde"}, "Sélectionnez un choix valide"),
        ("annuaire", dict.fromkeys(("show_name",), "reseau"), "Indiquez d’abord votre territoire"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(client, person, step, typed, message):
    response = post(client, step, typed)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Profile.objects.exists()


def test_an_unknown_step_is_none(client, person):
    for name in ("profile-step", "welcome-step"):
        assert client.get(reverse(name, args=["vie"])).status_code == 404
        assert post(client, "vie", {"action": "skip"}, name).status_code == 404


def test_an_organisation_is_joined_by_name_or_siret_or_waits_to_be_confirmed(client, person, landes):
    known = Organisation.objects.create(name="Le Bus", kind="association", territory=landes, siret="1" * 14)
    twins = [Organisation.objects.create(name="Jumelle", kind="association", territory=landes) for _ in range(2)]

    def saved(**typed):
        response = post(client, "identite", NAMES | typed)
        profile = Profile.objects.filter(user=person).first()
        return response, (profile and (profile.organisation, profile.organisation_name, profile.organisation_siret))

    assert saved(organisation="le bus")[1] == (known, "", "")
    assert saved(siret="1111 1111 1111 11")[1] == (known, "", "")
    response, _ = saved(organisation="Jumelle")
    assert f"n° {twins[1].pk}" in response.content.decode()
    assert saved(organisation=f"n° {twins[1].pk}")[1] == (twins[1], "", "")
    # Its own form, sent again unchanged, does not complain of the twin.
    assert saved(organisation="Jumelle")[1] == (twins[1], "", "")
    assert saved(organisation="Nouvelle", siret="2" * 14)[1] == (None, "Nouvelle", "2" * 14)
    assert "à confirmer" in client.get(reverse("profile")).content.decode()
    # No right comes of it.
    assert not person.memberships.exists()


def test_a_step_writes_nothing_of_the_others(client, person, landes):
    person.territory = landes
    person.save()
    chosen = dict.fromkeys(("show_name", "show_email"), "reseau")
    hidden = dict.fromkeys(("show_function", "show_organisation", "show_territory", "show_phone"), "personne")
    post(client, "annuaire", chosen | hidden)
    post(client, "identite", NAMES | {"show_phone": "reseau", "is_staff": "on", "email": "x@exemple.fr"})
    profile = Profile.objects.get(user=person)
    assert (profile.show_email, profile.show_phone) == (Shown.NETWORK, Shown.NOBODY)
    person.refresh_from_db()
    assert (person.email, person.is_staff, person.first_name) == ("camille@exemple.fr", False, "Camille")
    # Listed, one does not lose one's territory.
    assert "indiquez-le" in post(client, "territoire", {"territory": ""}).content.decode()


def test_my_account_gathers_what_there_is(client, person, landes):
    html = client.get(reverse("account")).content.decode()
    for name in ("welcome", "profile", "notifications:preferences", "personal-data:data", "usersessions_list"):
        assert reverse(name) in html
    assert reverse("team") not in html
    client.force_login(make_member(Role.EDITOR, landes))
    assert reverse("team") in client.get(reverse("account")).content.decode()


@pytest.mark.parametrize("name", ["account", "profile", "welcome", "directory", "team"])
def test_strangers_sign_in_first(client, name):
    assert client.get(reverse(name)).url.startswith("/compte/login/")
