"""A link by mail: it signs in once, within fifteen minutes, after a click; it tells nothing of who has an account."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.utils import timezone

from portal.accounts.models import SignInLink
from portal.accounts.services import forget_sign_in_links
from portal.accounts.tokens import SIGN_IN_SALT, sign_in_token
from tests.factories import make_user

from .proofs import add_totp, code_of, confirmed, link_in, sign_in, signed_in

pytestmark = pytest.mark.django_db


def ask(client, address, **extra):
    return client.post("/compte/lien/", {"email": address} | extra)


@pytest.fixture
def user():
    return confirmed(make_user(email="camille@exemple.fr"))


def test_a_link_signs_in_after_a_click_and_once(client, user, mailoutbox):
    assert ask(client, " Camille@Exemple.fr ").url == "/compte/lien/envoye/"
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["camille@exemple.fr"], "Votre lien de connexion")
    for _ in range(3):  # Software that reads mail opens links.
        page = client.get(link_in(mail)).content.decode()
        assert "camille@exemple.fr" in page
        assert signed_in(client) is None
    assert client.post(link_in(mail)).url == "/compte/bienvenue/"
    assert signed_in(client) == str(user.pk)
    client.post("/compte/logout/")
    for response in (client.get(link_in(mail)), client.post(link_in(mail))):
        assert response.status_code == 410
        assert "Ce lien ne sert plus" in response.content.decode()
    assert signed_in(client) is None


def test_it_leads_where_one_was_going_and_nowhere_else(client, user, mailoutbox):
    assert 'name="next" value="/compte/"' in client.get("/compte/lien/?next=/compte/").content.decode()
    ask(client, user.email, next="/compte/")
    assert client.post(link_in(mailoutbox[-1])).url == "/compte/"
    client.post("/compte/logout/")
    ask(client, user.email, next="https://malveillant.example/")
    assert client.post(link_in(mailoutbox[-1])).url == "/compte/bienvenue/"


def test_it_does_not_stand_for_the_second_factor(client, user, mailoutbox):
    secret = add_totp(user)
    ask(client, user.email)
    assert client.post(link_in(mailoutbox[0])).url == "/compte/double-authentification/authenticate/"
    assert signed_in(client) is None
    client.post("/compte/double-authentification/authenticate/", {"code": code_of(secret)})
    assert signed_in(client) == str(user.pk)


def test_an_unknown_or_disabled_address_gets_the_same_answer_and_no_mail(client, user, mailoutbox):
    make_user(email="partie@exemple.fr", is_active=False)
    answers = {
        (response.status_code, response.url)
        for response in (ask(client, each) for each in (user.email, "inconnue@exemple.fr", "partie@exemple.fr"))
    }
    assert len(answers) == 1
    assert [mail.to for mail in mailoutbox] == [[user.email]]


def bad_links(user):
    fresh = SignInLink.objects.create(user=user)
    good = sign_in_token(fresh)
    yield "altered", good[:-2] + ("aa" if good[-2:] != "aa" else "bb")
    yield "another purpose", signing.dumps([fresh.pk, "x"], salt="newsletters.confirm")
    yield "not ours", "n’importe quoi"
    yield "no stamp", signing.dumps([fresh.pk, ""], salt=SIGN_IN_SALT)
    yield "wrong shape", signing.dumps({"a": 1}, salt=SIGN_IN_SALT)
    yield "no row", signing.dumps([fresh.pk + 1000, "x"], salt=SIGN_IN_SALT)


def test_bad_links_sign_nobody_in(client, user):
    for why, token in bad_links(user):
        for method in (client.get, client.post):
            assert method(f"/compte/lien/{token}/").status_code == 410, why
        assert signed_in(client) is None, why


def test_a_link_is_void_after_fifteen_minutes(client, user, mailoutbox, monkeypatch):
    ask(client, user.email)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 15 * 60 + 2)
    assert client.post(link_in(mailoutbox[0])).status_code == 410


@pytest.mark.parametrize("change", ["password", "address", "disabled"])
def test_a_link_is_void_once_the_account_has_changed(client, user, mailoutbox, change):
    ask(client, user.email)
    if change == "password":
        user.set_password("une autre phrase")
    elif change == "address":
        user.email = "autre@exemple.fr"
    else:
        user.is_active = False
    user.save()
    assert client.post(link_in(mailoutbox[0])).status_code == 410
    assert signed_in(client) is None


def test_the_password_of_an_account_nobody_confirmed_is_taken_away(client, mailoutbox):
    """Somebody else may have made it with this address, and wait."""
    user = make_user(email="camille@exemple.fr")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    ask(client, user.email)
    client.post(link_in(mailoutbox[-1]))
    assert signed_in(client) == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified
    client.post("/compte/logout/")
    sign_in(client, user)
    assert signed_in(client) is None


def test_it_signs_out_whoever_else_was_signed_in(client, user, mailoutbox):
    client.force_login(make_user())
    ask(client, user.email)
    client.post(link_in(mailoutbox[0]))
    assert signed_in(client) == str(user.pk)


def test_bad_input_is_said_beside_the_field(client):
    html = ask(client, "camille").content.decode()
    assert "adresse e-mail valide" in html
    assert 'value="camille"' in html
    assert "Renseignez ce champ." in ask(client, "").content.decode()


def test_requests_are_limited_by_address_known_or_not(client, user, mailoutbox):
    for address in (user.email, "inconnue@exemple.fr"):
        for _ in range(5):
            assert ask(client, address).status_code == 302
        assert "Trop d’essais" in ask(client, address).content.decode()
    assert len(mailoutbox) == 5


def test_old_links_are_forgotten(user):
    old = SignInLink.objects.create(user=user, created_at=timezone.now() - timedelta(days=2))
    new = SignInLink.objects.create(user=user)
    assert forget_sign_in_links() == 1
    assert list(SignInLink.objects.order_by("pk")) == [new]
    assert old.pk != new.pk
