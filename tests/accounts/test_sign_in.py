"""Sign-up, sign-in, passwords, addresses, and the way into the admin."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.models import Profile, User
from tests.factories import PASSWORD, make_member, make_user

pytestmark = pytest.mark.django_db
NEW = {
    "first_name": "Camille",
    "last_name": "Exemple",
    "email": "Camille@exemple.fr",
    "password1": "trois mots suffisent",
    "password2": "trois mots suffisent",
    "terms": "on",
    "telephone": "",
}


def confirmed(user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def link(mail):
    return re.search(r"https?://testserver(\S+)", mail.body)[1]


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post("/compte/login/", {"login": user.email, "password": password} | extra)


def field_error(html, name):
    """The error beside a field, found the way assistive technology does: through aria-describedby."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)[0]
    assert 'aria-invalid="true"' in tag
    described = re.search(r'aria-describedby="([^"]+)"', tag)[1].split()
    error = next(ref for ref in described if ref.endswith("_error"))
    assert "-group--error" in html
    found = re.search(rf'id="{error}"[^>]*>(.*?)</div>', html, re.S)[1]
    return re.sub(r"<[^>]+>", "", found).strip()


# --- Sign-up ---------------------------------------------------------------------------------------------------------
def test_a_new_account_confirms_its_address_and_has_no_role(client, mailoutbox):
    response = client.post("/compte/signup/", NEW, follow=True)
    assert "Confirmez votre adresse" in response.content.decode()
    user = User.objects.get(email="camille@exemple.fr")
    assert (user.first_name, user.last_name) == ("Camille", "Exemple")
    assert user.terms_accepted_at is not None
    assert not user.memberships.exists()
    assert not user.groups.exists()
    assert not user.is_staff
    [mail] = mailoutbox
    assert mail.subject == "Confirmez votre adresse e-mail pour ouvrir votre compte"
    assert "Bienvenue" in mail.body
    sign_in(client, user, "trois mots suffisent")
    assert "_auth_user_id" not in client.session
    page = client.get(link(mail)).content.decode()
    assert "Confirmer mon adresse" in page
    client.post(link(mail))
    sign_in(client, user, "trois mots suffisent")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"terms": ""}, "terms", "acceptez les conditions"),
        ({"email": "camille"}, "email", "adresse e-mail valide"),
        ({"password1": "court", "password2": "court"}, "password1", "12 caractères"),
        ({"password1": "123456789012", "password2": "123456789012"}, "password1", "entièrement numérique"),
        ({"password2": "autre chose ici"}, "password2", "même mot de passe"),
        ({"first_name": ""}, "first_name", "Renseignez ce champ."),
        ({"last_name": "x" * 81}, "last_name", "80"),
    ],
)
def test_a_bad_field_is_said_in_french_beside_it_and_the_rest_is_kept(client, change, field, message):
    html = client.post("/compte/signup/", NEW | change).content.decode()
    assert message in field_error(html, field)
    kept = "Exemple" if field != "last_name" else "Camille"
    assert f'value="{kept}"' in html
    assert not User.objects.filter(last_name="Exemple").exists()


def test_a_machine_that_fills_the_honeypot_sees_success_and_gets_nothing(client, mailoutbox):
    response = client.post("/compte/signup/", NEW | {"telephone": "0600000000"}, follow=True)
    assert "Confirmez votre adresse" in response.content.decode()
    assert not User.objects.exists()
    assert mailoutbox == []


def test_an_address_already_taken_is_not_told_to_who_asks_but_to_its_owner(client, mailoutbox):
    confirmed(make_user(email="camille@exemple.fr"))
    response = client.post("/compte/signup/", NEW, follow=True)
    assert "Confirmez votre adresse" in response.content.decode()
    assert User.objects.count() == 1
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["camille@exemple.fr"], "Vous avez déjà un compte")


def test_no_style_or_script_inline_in_the_forms(client):
    for name in ("account_login", "account_signup", "account_reset_password"):
        html = client.get(reverse(name)).content.decode()
        assert " style=" not in html
        assert "placeholder" not in re.sub(r'placeholder="Rechercher"', "", html)


# --- Sign-in ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, known):
    user = confirmed(make_user(email="connu@exemple.fr"))
    email = user.email if known else "inconnu@exemple.fr"
    html = client.post("/compte/login/", {"login": email, "password": "faux"}).content.decode()
    assert "L’adresse e-mail ou le mot de passe n’est pas le bon." in html
    assert f'value="{email}"' in html
    assert "_auth_user_id" not in client.session


def test_sign_in_leads_home_and_to_the_admin_only_when_asked(client, landes):
    editor = confirmed(make_member(Role.EDITOR, landes))
    Profile.objects.create(user=editor, welcomed_at=timezone.now())
    assert sign_in(client, editor).url == "/"
    client.logout()
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302), ("/compte/login/?next=/admin/", 302)]
    assert 'name="next" value="/admin/"' in response.content.decode()
    assert sign_in(client, editor, next="/admin/").url == "/admin/"


@pytest.mark.parametrize("target", ["https://malveillant.example/", "//malveillant.example/", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(client, landes, target):
    editor = confirmed(make_member(Role.EDITOR, landes))
    Profile.objects.create(user=editor, welcomed_at=timezone.now())
    assert sign_in(client, editor, next=target).url == "/"
    assert client.get("/admin/login/", {"next": target}).url == "/admin/"


def test_a_disabled_account_does_not_sign_in(client):
    user = confirmed(make_user(is_active=False))
    sign_in(client, user)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", [None, Role.CONTRIBUTOR, Role.INSTRUCTOR, Role.ADVISOR])
def test_who_has_no_access_to_the_admin_is_told_so_without_a_loop(client, landes, role):
    user = make_member(role, landes) if role else make_user()
    client.force_login(user)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert user.email in response.content.decode()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SENDER])
def test_who_has_access_to_the_admin_enters_it(client, landes, role):
    client.force_login(make_member(role, landes))
    assert client.get("/admin/login/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_header_says_who_is_signed_in_and_offers_what_they_may(client, landes):
    assert 'href="/compte/login/"' in client.get("/").content.decode()
    client.force_login(make_member(Role.EDITOR, landes, first_name="Camille"))
    html = client.get("/").content.decode()
    assert "Camille" in html
    assert 'href="/admin/"' in html
    assert 'action="/compte/logout/"' in html
    client.force_login(make_member(Role.CONTRIBUTOR, landes, first_name="Dominique"))
    html = client.get("/").content.decode()
    assert "Dominique" in html
    assert 'href="/admin/"' not in html


def test_signing_out_takes_a_post(client):
    client.force_login(make_user())
    assert "Voulez-vous vous déconnecter" in client.get("/compte/logout/").content.decode()
    assert "_auth_user_id" in client.session
    client.post("/compte/logout/")
    assert "_auth_user_id" not in client.session


# --- Password and address --------------------------------------------------------------------------------------------
def test_a_forgotten_password_is_chosen_again_once(client, mailoutbox):
    user = confirmed(make_user())
    done = client.post("/compte/password/reset/", {"email": user.email}, follow=True).content.decode()
    assert "Si un compte existe à cette adresse" in done
    [mail] = mailoutbox
    assert mail.subject == "Choisir un nouveau mot de passe"
    address = link(mail)
    form = client.get(address, follow=True)
    action = form.request["PATH_INFO"]
    html = client.post(action, {"password1": "court", "password2": "court"}).content.decode()
    assert "12 caractères" in field_error(html, "password1")
    client.post(action, {"password1": "un autre secret", "password2": "un autre secret"})
    user.refresh_from_db()
    assert user.check_password("un autre secret")
    assert "n’est plus valable" in client.get(address, follow=True).content.decode()
    assert mailoutbox[-1].subject == "Votre mot de passe a changé"


def test_a_reset_for_an_unknown_address_answers_the_same_and_writes_to_nobody(client, mailoutbox):
    done = client.post("/compte/password/reset/", {"email": "inconnu@exemple.fr"}, follow=True).content.decode()
    assert "Si un compte existe à cette adresse" in done
    assert mailoutbox == []


def test_changing_the_password_asks_for_the_present_one(client):
    user = confirmed(make_user())
    client.force_login(user)
    new = {"password1": "un autre secret", "password2": "un autre secret"}
    html = client.post("/compte/password/change/", new | {"oldpassword": "faux"}).content.decode()
    assert "pas votre mot de passe actuel" in field_error(html, "oldpassword")
    client.post("/compte/password/change/", new | {"oldpassword": PASSWORD})
    user.refresh_from_db()
    assert user.check_password("un autre secret")


def test_a_new_address_counts_once_confirmed(client, mailoutbox):
    user = confirmed(make_user(email="avant@exemple.fr"))
    sign_in(client, user)
    html = client.post("/compte/email/", {"email": "apres@exemple.fr", "action_add": ""}, follow=True).content.decode()
    assert "attend d’être confirmée" in html
    user.refresh_from_db()
    assert user.email == "avant@exemple.fr"
    mail = next(mail for mail in mailoutbox if mail.to == ["apres@exemple.fr"])
    client.post(link(mail))
    user.refresh_from_db()
    assert user.email == "apres@exemple.fr"


# --- Mon compte ------------------------------------------------------------------------------------------------------
def test_my_account_needs_a_sign_in(client):
    assert client.get("/compte/").url == "/compte/login/?next=/compte/"


def test_my_account_shows_roles_and_changes_the_name(client, landes):
    user = make_member(Role.EDITOR, landes, first_name="Camille")
    client.force_login(user)
    html = client.get("/compte/").content.decode()
    assert "Édition" in html
    assert "Landes (département)" in html
    form = "/compte/profil/identite/"
    client.post(form, {"first_name": "Dominique", "last_name": "Exemple", "email": "x@exemple.fr", "is_superuser": "1"})
    user.refresh_from_db()
    assert user.get_full_name() == "Dominique Exemple"
    assert not user.is_superuser
    html = client.post(form, {"first_name": "x" * 81, "last_name": ""}).content.decode()
    assert "80" in field_error(html, "first_name")
    user.refresh_from_db()
    assert user.first_name == "Dominique"


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done",
     "account_email_verification_sent", "account_inactive"],
)  # fmt: skip
def test_every_screen_is_titled_labelled_and_kept_out_of_search_engines(client, name):
    html = client.get(reverse(name)).content.decode()
    [heading] = re.findall(r"<h1>(.*?)</h1>", html)
    assert f"<title>{heading}" in html
    assert '<meta name="robots" content="noindex">' in html
    main = html[html.index("<main") : html.index("</main>")]
    for field in re.findall(r"<input[^>]*>", main):
        if 'type="hidden"' not in field:
            assert f'for="{re.search(r"id=.([^ >]+).", field)[1].strip(chr(34))}"' in main
