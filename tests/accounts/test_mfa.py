"""The second factor: setting it up, signing in with it, who must have it, losing it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.checks import run_checks
from wagtail.models import ModelLogEntry, PageViewRestriction

from portal.accounts.enums import Role
from portal.accounts.models import Membership, User
from portal.accounts.services import GrantError, reset_second_factor
from portal.demo.accounts import ACCOUNTS
from portal.settings import dev
from tests.factories import make_member, make_user

from .proofs import add_totp, code_of, confirmed, prove, sign_in, signed_in

pytestmark = pytest.mark.django_db
HERE = "/compte/double-authentification/"


@pytest.fixture
def obliged(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def enrol(client, user):
    """Set an application up on the screens, as somebody would. Returns its secret and the response."""
    prove(client, user)
    page = client.get(f"{HERE}totp/activate/").content.decode()
    secret = re.search(r'<code class="portal-secret">(\w+)</code>', page)[1]
    return secret, client.post(f"{HERE}totp/activate/", {"code": code_of(secret)})


def actions(user):
    return list(ModelLogEntry.objects.for_instance(user).order_by("pk").values_list("action", flat=True))


# --- Setting up and signing in ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_an_application_is_added_then_asked_for_at_sign_in(client, mailoutbox):
    user = confirmed(make_user())
    client.force_login(user)
    secret, response = enrol(client, user)
    assert response.url == f"{HERE}recovery-codes/"
    codes = re.findall(r"<li><code>(\d{8})</code>", client.get(response.url).content.decode())
    assert len(codes) == 10
    assert [mail.subject for mail in mailoutbox] == ["Application d’authentification ajoutée"]
    assert actions(user) == ["accounts.second_factor.add"]
    client.logout()
    assert sign_in(client, user).url == f"{HERE}authenticate/"
    assert signed_in(client) is None
    html = client.post(f"{HERE}authenticate/", {"code": "000000"}).content.decode()
    assert "Ce code n’est pas le bon, ou il a déjà servi." in html
    assert signed_in(client) is None
    client.post(f"{HERE}authenticate/", {"code": code_of(secret)})
    assert signed_in(client) == str(user.pk)


def test_a_code_serves_once(client):
    user = confirmed(make_user())
    secret = add_totp(user)
    sign_in(client, user)
    code = code_of(secret)
    client.post(f"{HERE}authenticate/", {"code": code})
    client.post("/compte/logout/")
    sign_in(client, user)
    client.post(f"{HERE}authenticate/", {"code": code})
    assert signed_in(client) is None


def test_a_recovery_code_signs_in_once_and_is_logged(client):
    user = confirmed(make_user())
    add_totp(user)
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[3]
    for expected in (str(user.pk), None):
        sign_in(client, user)
        client.post(f"{HERE}authenticate/", {"code": code})
        assert signed_in(client) == expected
        client.post("/compte/logout/")
    assert "accounts.second_factor.code_used" in actions(user)


def test_guessing_codes_is_stopped(client):
    user = confirmed(make_user())
    secret = add_totp(user)
    sign_in(client, user)
    for _ in range(6):
        html = client.post(f"{HERE}authenticate/", {"code": "111111"}).content.decode()
    assert "Trop d’essais" in html

    good = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post(f"{HERE}authenticate/", {"code": good})
    assert signed_in(client) is None


def test_secrets_are_not_in_clear_in_the_database_and_survive_a_new_secret_key(client, settings):
    user = confirmed(make_user())
    secret = add_totp(user)
    assert secret not in str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    sign_in(client, user)
    client.post(f"{HERE}authenticate/", {"code": code_of(secret)})
    assert signed_in(client) == str(user.pk)


def test_the_set_up_asks_again_who_one_is(client):
    user = make_user()
    client.force_login(user)
    response = client.get(f"{HERE}totp/activate/")
    assert response.url == f"/compte/reauthenticate/?next={HERE.replace('/', '%2F')}totp%2Factivate%2F"
    assert client.get(f"{HERE}webauthn/add/").status_code == 302
    assert client.post(f"{HERE}totp/activate/", {"code": "000000"}).status_code == 302
    assert not Authenticator.objects.exists()


def test_reading_the_recovery_codes_writes_nothing_and_needs_a_proof(client):
    user = make_user()
    add_totp(user)
    before = list(Authenticator.objects.order_by("pk").values())
    client.force_login(user)
    for path in ("recovery-codes/", "recovery-codes/download/"):
        assert client.get(f"{HERE}{path}").status_code == 302
    prove(client, user)
    text = client.get(f"{HERE}recovery-codes/download/").content.decode()
    assert len(re.findall(r"^\d{8}$", text, re.M)) == 10
    client.get(f"{HERE}recovery-codes/")
    assert list(Authenticator.objects.order_by("pk").values()) == before


# --- Who must have one -----------------------------------------------------------------------------------------------
PRIVATE = ("/compte/", "/admin/", "/admin/pages/", "/compte/sessions/", "/compte/password/change/", "/admin/reports/")


@pytest.mark.parametrize("who", [Role.ADMIN_NATIONAL, Role.SENDER, "superuser"])
def test_the_privileged_set_it_up_before_anything_private(client, obliged, landes_space, nation, who):
    if who == "superuser":
        user = User.objects.create_superuser("root@exemple.fr", "une phrase de passe")
    else:
        user = make_member(who, nation if who == Role.ADMIN_NATIONAL else landes_space.territory)
    client.force_login(user)
    for path in PRIVATE:
        response = client.get(path)
        assert response.status_code == 302, path
        assert response.url.startswith(f"{HERE}?next="), path
    for path in ("/", landes_space.page.url, "/recherche/", "/territoires/choisir/", "/plan-du-site/", "/sante/"):
        assert HERE not in client.get(path).get("Location", ""), path
    page = client.get("/admin/reports/", follow=True).content.decode()
    assert "Mettez en place un second facteur pour continuer" in page
    _, response = enrol(client, user)
    assert 'href="/admin/reports/"' in client.get(response.url).content.decode()
    assert client.get("/compte/").status_code == 200


@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.CONTRIBUTOR, Role.INSTRUCTOR])
def test_the_others_may_do_without(client, obliged, landes, role):
    client.force_login(make_member(role, landes) if role else make_user())
    assert client.get("/compte/").status_code == 200


def test_a_role_given_in_the_middle_of_a_session_obliges_at_once(client, obliged, nation):
    user = make_user()
    client.force_login(user)
    assert client.get("/compte/").status_code == 200
    Membership.objects.create(user=user, role=Role.ADMIN_NATIONAL, territory=nation)
    assert client.get("/compte/").status_code == 302
    assert client.post("/compte/", {"first_name": "Sans", "last_name": "Facteur"}).url == f"{HERE}?next=%2F"
    user.refresh_from_db()
    assert user.first_name == ""


def test_a_private_page_waits_for_the_second_factor_too(client, obliged, landes_space, nation):
    PageViewRestriction.objects.create(page_id=landes_space.page_id, restriction_type="login")
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    assert client.get(landes_space.page.url).url.startswith(HERE)


def test_leaving_is_always_possible(client, obliged, nation):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    client.post("/compte/logout/")
    assert signed_in(client) is None


def test_the_last_factor_of_the_privileged_is_not_removed(client, obliged, nation):
    user = make_member(Role.ADMIN_NATIONAL, nation)
    add_totp(user)
    client.force_login(user)
    prove(client, user)
    assert "ajoutez un autre moyen" in client.get(f"{HERE}totp/deactivate/").content.decode()
    client.post(f"{HERE}totp/deactivate/")
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Clé", "credential": {}})
    Authenticator.objects.filter(type="totp").delete()
    client.post(f"{HERE}webauthn/keys/{key.pk}/remove/")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_only_the_demonstration_exempts_and_only_with_debug(client, obliged, nation, settings):
    assert set(dev.SECOND_FACTOR_EXEMPT) <= {account.email for account in ACCOUNTS}
    user = make_member(Role.ADMIN_NATIONAL, nation, email="admin@exemple.fr")
    settings.SECOND_FACTOR_EXEMPT = dev.SECOND_FACTOR_EXEMPT
    client.force_login(user)
    assert client.get("/compte/").status_code == 302
    settings.DEBUG = True
    assert client.get("/compte/").status_code == 200


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        ({"SECOND_FACTOR_REQUIRED": False}, {"accounts.E001"}),
        ({"SECOND_FACTOR_EXEMPT": ("admin@exemple.fr",)}, {"accounts.E002"}),
    ],
)
def test_the_deployment_check_refuses_exemptions(obliged, settings, change, expected):
    for name, value in change.items():
        setattr(settings, name, value)
    found = {message.id for message in run_checks(include_deployment_checks=True)}
    assert {each for each in found if each.startswith("accounts.")} == expected


# --- Losing it -------------------------------------------------------------------------------------------------------
def test_a_national_administrator_resets_a_lost_factor(client, nation, mailoutbox, commit):
    admin, person = make_member(Role.ADMIN_NATIONAL, nation), confirmed(make_user())
    secret = add_totp(person)
    sign_in(client, person)
    client.post(f"{HERE}authenticate/", {"code": code_of(secret)})
    with commit():
        reset_second_factor(actor=admin, person=person)
    assert not Authenticator.objects.filter(user=person).exists()
    assert client.get("/compte/").status_code == 302
    assert mailoutbox[-1].to == [person.email]
    entry = ModelLogEntry.objects.for_instance(person).get(action="accounts.second_factor.reset")
    assert entry.user == admin


@pytest.mark.parametrize("actor", ["self", "editor", "nobody"])
def test_nobody_else_resets_it_and_never_ones_own(landes, nation, mailoutbox, actor):
    person = make_member(Role.ADMIN_NATIONAL, nation)
    add_totp(person)
    by = {"self": lambda: person, "editor": lambda: make_member(Role.EDITOR, landes), "nobody": make_user}[actor]()
    with pytest.raises(GrantError):
        reset_second_factor(actor=by, person=person)
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert mailoutbox == []


def test_nothing_to_reset_is_said(nation):
    with pytest.raises(GrantError, match="pas de double authentification"):
        reset_second_factor(actor=make_member(Role.ADMIN_NATIONAL, nation), person=make_user())


def test_a_superusers_is_reset_by_another_superuser_only(nation):
    root = User.objects.create_superuser("root@exemple.fr", "une phrase de passe")
    add_totp(root)
    with pytest.raises(GrantError, match="administre le serveur"):
        reset_second_factor(actor=make_member(Role.ADMIN_NATIONAL, nation), person=root)
    reset_second_factor(actor=User.objects.create_superuser("autre@exemple.fr", "une phrase"), person=root)
    assert not Authenticator.objects.exists()


def test_the_reset_is_a_screen_that_asks_who_one_is(client, nation):
    admin, person = make_member(Role.ADMIN_NATIONAL, nation), make_user()
    add_totp(person)
    add_totp(admin)
    client.force_login(admin)
    listed = client.get("/admin/accounts/user/").content.decode()
    address = f"/admin/personnes/{person.pk}/double-authentification/"
    assert address in listed
    assert f"/admin/personnes/{admin.pk}/" not in listed
    assert client.post(address).url.startswith(f"{HERE}reauthenticate/?next=")
    assert Authenticator.objects.filter(user=person).exists()
    prove(client, admin)
    page = client.get(address).content.decode()
    assert person.email in page
    assert Authenticator.objects.filter(user=person).exists(), "A GET changes nothing."
    response = client.post(address, follow=True)
    assert "double authentification réinitialisée" in response.content.decode()
    assert not Authenticator.objects.filter(user=person).exists()
    assert "n’a pas de double authentification" in client.get(address).content.decode()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SENDER])
def test_the_reset_is_nowhere_for_the_others(client, landes, role):
    person = make_user()
    add_totp(person)
    client.force_login(make_member(role, landes))
    for method in (client.get, client.post):
        assert method(f"/admin/personnes/{person.pk}/double-authentification/").status_code == 404
    assert Authenticator.objects.filter(user=person).exists()
