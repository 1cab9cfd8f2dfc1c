"""Asking again who one is: by which means, for how long, and what becomes of a form."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts import stepup
from tests.factories import PASSWORD, make_user

from .proofs import add_totp, code_of, confirmed, prove, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.stepup_urls")]
SCREEN = "/export-de-test/"


@pytest.fixture
def user(client):
    user = confirmed(make_user())
    client.force_login(user)
    return user


def test_a_stranger_is_led_to_the_sign_in(client):
    assert client.get(SCREEN).url == "/compte/login/?next=/export-de-test/"


def test_a_get_leads_to_the_password_then_back_with_its_query(client, user):
    response = client.get(f"{SCREEN}?q=1")
    assert response.url == "/compte/reauthenticate/?next=%2Fexport-de-test%2F%3Fq%3D1"
    html = client.get(response.url).content.decode()
    target = re.search(r'name="next" value="([^"]+)"', html)[1]
    refused = client.post("/compte/reauthenticate/", {"password": "faux", "next": target}).content.decode()
    assert "Ce n’est pas votre mot de passe." in refused
    response = client.post("/compte/reauthenticate/", {"password": PASSWORD, "next": target})
    assert response.url == f"{SCREEN}?q=1"
    assert client.get(response.url).content == b"GET 1 "


def test_a_sign_in_of_the_last_minutes_is_a_proof_until_it_is_old(client, settings):
    user = confirmed(make_user())
    sign_in(client, user)
    assert client.get(SCREEN).status_code == 200
    prove(client, user, age=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT - 5)
    assert client.get(SCREEN).status_code == 200
    prove(client, user, age=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    assert client.get(SCREEN).status_code == 302
    prove(client, user, age=-60)  # A clock that went back is no proof.
    assert client.get(SCREEN).status_code == 302


def test_the_proof_of_somebody_else_is_none(client, user):
    prove(client, make_user())
    assert client.get(SCREEN).status_code == 302


def test_a_form_is_done_after_the_confirmation(client, user):
    response = client.post(f"{SCREEN}?q=2", {"reason": "Une enquête « été »"})
    assert response.url == "/compte/reauthenticate/?next=%2Fexport-de-test%2F"
    response = client.post("/compte/reauthenticate/", {"password": PASSWORD, "next": SCREEN})
    assert response.content.decode() == "POST 2 Une enquête « été »"
    # It is done once: nothing is left of it.
    assert client.get(SCREEN).content == b"GET  "
    assert stepup.STATE_SESSION_KEY not in client.session


@pytest.mark.parametrize(
    "body", [{"f": SimpleUploadedFile("a.txt", b"x")}, {"reason": "x" * 100_001}], ids=["file", "long"]
)
def test_what_cannot_be_kept_is_said(client, user, body):
    client.post(SCREEN, body)
    assert stepup.STATE_SESSION_KEY not in client.session
    html = client.get("/compte/reauthenticate/?next=/export-de-test/").content.decode()
    assert "n’a pas pu être gardé" in html
    response = client.post("/compte/reauthenticate/", {"password": PASSWORD, "next": SCREEN})
    assert response.url == SCREEN


def test_a_form_of_somebody_else_is_not_played(client, user):
    client.post(SCREEN, {"reason": "la première personne"})
    client.logout()
    other = confirmed(make_user())
    sign_in(client, other)
    assert stepup.STATE_SESSION_KEY not in client.session


def test_the_application_comes_first_and_the_password_is_offered(client):
    user = confirmed(make_user())
    secret = add_totp(user)
    client.force_login(user)
    response = client.get(SCREEN)
    assert response.url.startswith("/compte/double-authentification/reauthenticate/?next=")
    html = client.get(response.url).content.decode()
    assert "Utiliser mon mot de passe" in html
    response = client.post(response.url, {"code": code_of(secret), "next": SCREEN})
    assert response.url == SCREEN
    assert client.get(SCREEN).status_code == 200


def test_attempts_are_limited(client, user):
    for _ in range(11):
        response = client.post("/compte/reauthenticate/", {"password": "faux", "next": SCREEN})
    assert response.status_code == 429
    assert "Trop d’essais" in response.content.decode()


# --- Accounts with neither password nor second factor ----------------------------------------------------------------
@pytest.fixture
def bare(client):
    user = confirmed(make_user())
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return user


def ask_for_code(client, mailoutbox):
    address = client.get(SCREEN).url
    assert address.startswith("/compte/confirmer/code/?next=")
    assert mailoutbox == []
    assert "Recevoir un code" in client.get(address).content.decode()
    assert mailoutbox == [], "A GET sends nothing."
    client.post(address, {"action": "send", "next": SCREEN})
    [mail] = mailoutbox
    return address, re.search(r"^\d{8}$", mail.body, re.M)[0]


def test_a_code_by_mail_confirms(client, bare, mailoutbox):
    address, code = ask_for_code(client, mailoutbox)
    assert mailoutbox[0].to == [bare.email]
    assert code not in str(dict(client.session.items()))
    html = client.post(address, {"code": "00000000", "next": SCREEN}).content.decode()
    assert "Ce code n’est pas le bon." in html
    assert client.get(SCREEN).status_code == 302
    assert client.post(address, {"code": f" {code[:4]} {code[4:]} ", "next": SCREEN}).url == SCREEN
    assert client.get(SCREEN).status_code == 200


def test_a_code_by_mail_has_five_tries_and_ten_minutes(client, bare, mailoutbox):
    address, code = ask_for_code(client, mailoutbox)
    for _ in range(5):
        client.post(address, {"code": "00000000", "next": SCREEN})
    assert "a expiré" in client.post(address, {"code": code, "next": SCREEN}).content.decode()
    client.post(address, {"action": "send", "next": SCREEN})
    code = re.search(r"^\d{8}$", mailoutbox[-1].body, re.M)[0]
    session = client.session
    session["step_up_code"] |= {"at": session["step_up_code"]["at"] - 601}
    session.save()
    assert "a expiré" in client.post(address, {"code": code, "next": SCREEN}).content.decode()
    assert client.get(SCREEN).status_code == 302


def test_such_an_account_confirms_before_it_adds_a_second_factor(client, bare):
    """allauth would let whoever holds the session add one."""
    assert client.get("/compte/double-authentification/totp/activate/").url.startswith("/compte/confirmer/code/")
    prove(client, bare)
    assert client.get("/compte/double-authentification/totp/activate/").status_code == 200


def test_such_an_account_confirms_before_it_gets_a_password(client, bare):
    body = {"password1": "une phrase de voleur", "password2": "une phrase de voleur"}
    assert client.post("/compte/password/set/", body).url.startswith("/compte/confirmer/code/")
    bare.refresh_from_db()
    assert not bare.has_usable_password()
    prove(client, bare)
    client.post("/compte/password/set/", body)
    bare.refresh_from_db()
    assert bare.has_usable_password()


def test_another_address_is_given_after_a_proof_with_a_second_factor_too(client, user, mailoutbox):
    secret = add_totp(user)
    response = client.post("/compte/email/", {"email": "nouvelle@exemple.fr", "action_add": ""})
    assert response.url.startswith("/compte/double-authentification/reauthenticate/")
    assert mailoutbox == []
    client.post(response.url, {"code": code_of(secret), "next": "/compte/email/"})
    assert [mail.to for mail in mailoutbox] == [["nouvelle@exemple.fr"]]


def test_who_has_a_password_gets_no_code_by_mail(client, user, mailoutbox):
    client.post("/compte/confirmer/code/", {"action": "send"})
    assert mailoutbox == []
