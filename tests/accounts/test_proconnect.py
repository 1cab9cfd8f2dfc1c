"""ProConnect: signing in, joining an account, signing out, and everything that must be refused."""

import json
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import caches
from django.core.checks import run_checks
from django.test import Client

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.proconnect.selectors import proposed_organisation
from tests.factories import PASSWORD, make_user

from .oidc import _OTHER_KEY, CLIENT_ID, CLIENT_SECRET, PERSON, ProConnectLike, running
from .proofs import add_totp, code_of, confirmed, link_in, prove, sign_in, signed_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("oidc"),
    # The server of the tests, not the portal, uses what its own dependencies give up.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:oidc_provider_mock"),
]
HERE = "/compte/proconnect/"


@pytest.fixture(scope="module")
def server():
    with running() as like:
        yield like


@pytest.fixture
def like(server, settings) -> ProConnectLike:
    """ProConnect as it must be; a test spoils what it wants."""
    fresh = ProConnectLike()
    for name in ("claims", "id_token", "info", "key", "algorithm", "plain_info", "replace", "seen"):
        setattr(server, name, getattr(fresh, name))
    settings.PROCONNECT_ISSUER = server.issuer
    settings.PROCONNECT_CLIENT_ID = CLIENT_ID
    settings.PROCONNECT_CLIENT_SECRET = CLIENT_SECRET
    return server


def path_of(address):
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == "http://testserver"
    return f"{parts.path}?{parts.query}"


def go(client, like, **data):
    """Through ProConnect and back. Returns the portal's answer at the return."""
    start = client.post(f"{HERE}connexion/", data)
    assert start.status_code == 302, start.content.decode()
    return client.get(path_of(like.consent(start.url)))


def linked(user, **fields):
    """``user`` joined to the person that the server names."""
    return SocialAccount.objects.create(user=user, provider="proconnect", uid="idp-a:agent-1", extra_data={}, **fields)


def sign_up(client, **changes):
    form = {"first_name": "Camille", "last_name": "Exemple", "email": "camille@exemple.fr", "terms": "on"} | changes
    return client.post(f"{HERE}signup/", form)


# --- What is asked ---------------------------------------------------------------------------------------------------
def test_the_request_is_what_proconnect_documents(client, like):
    html = client.get("/compte/login/?next=/compte/").content.decode()
    assert "S’identifier avec" in html
    assert 'class="fr-connect' in html
    assert like.seen == [], "Showing the button asks nothing."
    # Nothing of it is taken from the address.
    start = client.post(f"{HERE}connexion/?scope=chorus&auth_params=acr_values%3Deidas0", {"next": "/compte/"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.url).query).items()}
    assert start.url.startswith(f"{like.issuer}/oauth2/authorize?")
    assert asked["acr_values"] == "eidas1"
    assert set(asked["scope"].split()) == {"openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id"}
    assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
    assert asked["redirect_uri"] == "http://testserver/compte/proconnect/retour/"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["state"] != asked["nonce"]


def test_a_get_only_shows_the_button(client, like):
    assert "S’identifier avec" in client.get(f"{HERE}connexion/").content.decode()
    assert like.seen == []


def test_without_configuration_it_is_absent(client):
    assert "ProConnect" not in client.get("/compte/login/").content.decode()
    for path in ("connexion/", "retour/", "deconnexion/"):
        assert client.get(HERE + path).status_code == 404
    assert client.post(f"{HERE}connexion/").status_code == 404


# --- Signing in ------------------------------------------------------------------------------------------------------
def test_a_new_person_accepts_the_conditions_and_confirms_the_address(client, like, mailoutbox):
    response = go(client, like)
    assert response.url == f"{HERE}signup/"
    html = client.get(response.url).content.decode()
    for value in ("Camille", "Exemple", "camille@exemple.fr"):
        assert f'value="{value}"' in html
    assert "acceptez les conditions" in sign_up(client, terms="").content.decode()
    assert not User.objects.exists()
    sign_up(client)
    user = User.objects.get()
    assert (user.get_full_name(), user.email) == ("Camille Exemple", "camille@exemple.fr")
    assert not user.has_usable_password()
    assert user.terms_accepted_at is not None
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("proconnect", "idp-a:agent-1")
    assert account.extra_data == {"idp_id": "idp-a", "siret": "13002526500013"}
    assert signed_in(client) is None, "The address is what the identity provider says: it is confirmed first."
    assert not EmailAddress.objects.get().verified
    client.post(link_in(mailoutbox[0]))
    assert go(Client(), like).status_code == 302
    other = Client()
    go(other, like)
    assert signed_in(other) == str(user.pk)


def test_who_is_linked_is_signed_in_where_they_were_going(client, like):
    user = confirmed(make_user())
    linked(user)
    assert go(client, like, next="/compte/").url == "/compte/"
    assert signed_in(client) == str(user.pk)
    assert SocialAccount.objects.get().extra_data["siret"] == "13002526500013"
    client.post("/compte/logout/")
    assert go(client, like, next="https://malveillant.example/").url == "/compte/bienvenue/"


def test_the_second_factor_is_asked_all_the_same(client, like):
    user = confirmed(make_user())
    linked(user)
    secret = add_totp(user)
    assert go(client, like).url == "/compte/double-authentification/authenticate/"
    assert signed_in(client) is None
    client.post("/compte/double-authentification/authenticate/", {"code": code_of(secret)})
    assert signed_in(client) == str(user.pk)


def test_the_same_subject_of_another_identity_provider_is_somebody_else(client, like):
    linked(confirmed(make_user()))
    like.claims |= {"idp_id": "idp-b", "email": "autre@exemple.fr"}
    assert go(client, like).url == f"{HERE}signup/"
    assert signed_in(client) is None


def test_a_disabled_person_does_not_come_in(client, like):
    linked(confirmed(make_user(is_active=False)))
    go(client, like)
    assert signed_in(client) is None


def test_an_address_that_proconnect_does_not_give_is_asked(client, like):
    like.claims["email"] = None
    assert go(client, like).url == f"{HERE}signup/"
    assert "Renseignez ce champ." in sign_up(client, email="").content.decode()
    sign_up(client, email="camille@ailleurs.fr")
    assert User.objects.get().email == "camille@ailleurs.fr"
    assert signed_in(client) is None


# --- Joining an account ----------------------------------------------------------------------------------------------
def test_the_address_of_an_account_does_not_open_it(client, like, mailoutbox):
    """An identity provider can assert any address."""
    victim = confirmed(make_user(email="camille@exemple.fr"))
    assert go(client, like).url == f"{HERE}signup/"
    known = sign_up(client, email="camille@exemple.fr")
    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([victim.email], "Vous avez déjà un compte")]
    # Nothing tells that there was one.
    other = Client()
    like.claims |= {"sub": "agent-2"}
    go(other, like)
    unknown = sign_up(other, email="inconnue@exemple.fr")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_an_account_is_joined_by_who_is_signed_in_to_it(client, like, mailoutbox):
    user = confirmed(make_user(email="camille@exemple.fr"))
    sign_in(client, user)
    response = go(client, like, process="connect")
    assert response.url == HERE
    assert SocialAccount.objects.get().user == user
    assert "Votre compte est relié à ProConnect." in client.get(HERE).content.decode()
    assert mailoutbox[-1].subject == "Votre compte est relié à ProConnect"
    fresh = Client()
    go(fresh, like)
    assert signed_in(fresh) == str(user.pk)


def test_joining_asks_for_a_recent_proof(client, like):
    user = confirmed(make_user())
    client.force_login(user)
    response = go(client, like, process="connect")
    assert response.url.startswith("/compte/reauthenticate/")
    assert not SocialAccount.objects.exists()
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == user


def test_an_identity_joins_one_account(client, like):
    first, second = confirmed(make_user()), confirmed(make_user())
    linked(first)
    sign_in(client, second)
    response = go(client, like, process="connect")
    assert "déjà reliée à un autre compte" in client.get(response.url).content.decode()
    assert SocialAccount.objects.get().user == first


def test_unlinking_needs_another_way_in(client, like):
    user = confirmed(make_user())
    account = linked(user)
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    prove(client, user)
    assert "Choisissez d’abord un mot de passe" in client.post(HERE, {"account": account.pk}).content.decode()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    prove(client, user)
    stranger = SocialAccount.objects.create(user=make_user(), provider="proconnect", uid="idp-a:x", extra_data={})
    client.post(HERE, {"account": stranger.pk})
    assert SocialAccount.objects.filter(pk=stranger.pk).exists()
    client.post(HERE, {"account": account.pk})
    assert not SocialAccount.objects.filter(pk=account.pk).exists()


def test_an_identity_put_on_somebody_elses_address_falls_when_its_owner_comes(client, like, mailoutbox):
    """Who made an account with an address that is not theirs does not keep a door in it."""
    go(client, like)
    sign_up(client, email="victime@exemple.fr")
    owner = Client()
    owner.post("/compte/lien/", {"email": "victime@exemple.fr"})
    owner.post(link_in(mailoutbox[-1]))
    assert signed_in(owner) == str(User.objects.get().pk)
    assert not SocialAccount.objects.exists()


# --- The organisation ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("siret", ["13002526500013", "130 025 265 00013"])
def test_the_siret_proposes_an_organisation_and_gives_nothing(client, like, landes, siret):
    organisation = Organisation.objects.create(
        name="Direction du numérique", kind=OrganisationKind.values[0], siret="13002526500013", territory=landes
    )
    like.claims["siret"] = siret
    user = confirmed(make_user())
    linked(user)
    go(client, like)
    assert proposed_organisation(user) == organisation
    assert "Direction du numérique" in client.get(HERE).content.decode()
    assert not Membership.objects.exists()


@pytest.mark.parametrize("siret", [None, "", "13002526500099", "1", "x" * 5000, 13002526500013, "١٣٠٠٢٥٢٦٥٠٠٠١٣"])
def test_another_siret_proposes_nothing(client, like, landes, siret):
    Organisation.objects.create(name="O", kind=OrganisationKind.values[0], siret="13002526500013", territory=landes)
    like.claims["siret"] = siret
    user = confirmed(make_user())
    linked(user)
    go(client, like)
    assert signed_in(client) == str(user.pk)
    assert proposed_organisation(user) is None


# --- Refusals --------------------------------------------------------------------------------------------------------
def spoil(like, what):
    now = int(time.time())
    html = (200, "text/html", b"<h1>Maintenance</h1>")
    changes = {
        "wrong nonce": lambda: like.id_token.update(nonce="x" * 43),
        "no nonce": lambda: like.id_token.update(nonce=None),
        "wrong audience": lambda: like.id_token.update(aud="another-portal"),
        "wrong issuer": lambda: like.id_token.update(iss="https://malveillant.example"),
        "expired": lambda: like.id_token.update(iat=now - 7200, exp=now - 3600),
        "no expiry": lambda: like.id_token.update(exp=None),
        "of the future": lambda: like.id_token.update(nbf=now + 3600),
        "signed by another key": lambda: setattr(like, "key", _OTHER_KEY),
        "signed by a shared secret": lambda: setattr(like, "algorithm", "HS256"),
        "not signed": lambda: setattr(like, "algorithm", "none"),
        "of another audience": lambda: like.info.update(aud="another-portal"),
        "of another issuer": lambda: like.info.update(iss="https://malveillant.example"),
        "of somebody else": lambda: like.info.update(sub="agent-2"),
        "expired information": lambda: like.info.update(exp=now - 3600),
        "no identity provider": lambda: like.claims.update(idp_id=None),
        "identity provider no text": lambda: like.claims.update(idp_id=[1]),
        "information not signed": lambda: setattr(like, "plain_info", True),
        "no key": lambda: like.replace.update({"/jwks": (200, "application/json", b'{"keys": []}')}),
        "keys no JSON": lambda: like.replace.update({"/jwks": html}),
        "keys no object": lambda: like.replace.update({"/jwks": (200, "application/json", b"[]")}),
        "token no JSON": lambda: like.replace.update({"/oauth2/token": html}),
        "token of no shape": lambda: like.replace.update(
            {"/oauth2/token": (200, "application/json", b'["access_token"]')}
        ),
        "no identity token": lambda: like.replace.update(
            {"/oauth2/token": (200, "application/json", b'{"access_token": "x", "token_type": "Bearer"}')}
        ),
        "token refused": lambda: like.replace.update({"/oauth2/token": (400, "application/json", b'{"error": "x"}')}),
        "token failing": lambda: like.replace.update({"/oauth2/token": (500, "text/plain", b"")}),
        "token redirected": lambda: like.replace.update({"/oauth2/token": (307, "text/plain", b"")}),
        "information redirected": lambda: like.replace.update({"/userinfo": (302, "text/plain", b"")}),
        "information endless": lambda: like.replace.update({"/userinfo": (200, "application/jwt", b"x" * 600_000)}),
        "information garbled": lambda: like.replace.update({"/userinfo": (200, "application/jwt", b"\xff\x00.b.c")}),
    }
    if what is not None:
        changes[what]()
    return changes


@pytest.mark.parametrize("what", spoil(ProConnectLike(), None))
def test_an_answer_that_is_wrong_is_refused_in_french(client, like, what):
    linked(confirmed(make_user()))
    spoil(like, what)
    response = go(client, like)
    assert "La connexion avec ProConnect n’a pas abouti" in response.content.decode()
    assert response.status_code < 500
    assert signed_in(client) is None
    assert ("GET", "/elsewhere") not in like.seen


def test_a_state_serves_once_in_the_browser_that_began(client, like):
    linked(confirmed(make_user()))
    start = client.post(f"{HERE}connexion/")
    back = path_of(like.consent(start.url))
    stranger = Client()
    assert "n’a pas abouti" in stranger.get(back).content.decode()
    assert signed_in(stranger) is None
    client.get(back)
    assert signed_in(client) is not None
    client.post("/compte/logout/")
    asked = len(like.seen)
    for address in (back, f"{HERE}retour/", f"{HERE}retour/?state=x&code=y", f"{HERE}retour/?code=y"):
        assert "n’a pas abouti" in client.get(address).content.decode()
    assert signed_in(client) is None
    assert len(like.seen) == asked, "Nothing is asked for a state that is not ours."


def test_giving_up_there_is_said(client, like):
    start = client.post(f"{HERE}connexion/")
    state = parse_qs(urlsplit(start.url).query)["state"][0]
    response = client.get(f"{HERE}retour/?error=access_denied&state={state}", follow=True)
    assert "Connexion abandonnée" in response.content.decode()


@pytest.mark.parametrize("how", ["closed", "failing", "html", "another issuer", "another host", "redirect"])
def test_proconnect_down_leaves_the_other_ways(client, like, settings, how):
    path = "/.well-known/openid-configuration"
    if how == "closed":
        settings.PROCONNECT_ISSUER = "http://127.0.0.1:9"
    else:
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        wrong = {"issuer": like.issuer} | dict.fromkeys(names, "https://malveillant.example/x")
        if how == "another issuer":
            wrong["issuer"] = "https://malveillant.example"
        like.replace[path] = {
            "failing": (503, "text/plain", b""),
            "redirect": (302, "text/plain", b""),
            "html": (200, "text/html", b"<h1>"),
        }.get(how, (200, "application/json", json.dumps(wrong).encode()))
    response = client.post(f"{HERE}connexion/")
    assert "ProConnect ne répond pas" in response.content.decode()
    assert response.status_code < 500
    user = confirmed(make_user())
    assert sign_in(client, user).url == "/compte/bienvenue/"
    assert client.post("/compte/logout/").url == "/"


# --- Signing out -----------------------------------------------------------------------------------------------------
def test_signing_out_ends_the_session_there_too(client, like):
    linked(confirmed(make_user()))
    go(client, like)
    response = client.post("/compte/logout/")
    assert signed_in(client) is None
    asked = {name: values[0] for name, values in parse_qs(urlsplit(response.url).query).items()}
    assert response.url.startswith(f"{like.issuer}/oauth2/end_session?")
    assert asked["id_token_hint"].count(".") == 2
    assert asked["post_logout_redirect_uri"] == "http://testserver/compte/proconnect/deconnexion/"
    assert len(asked["state"]) >= 32
    back = path_of(like.sign_out(response.url))
    assert "Vous êtes déconnecté du portail et de ProConnect." in client.get(back, follow=True).content.decode()
    # Once only, and not with another state.
    assert "déconnecté du portail" not in client.get(back, follow=True).content.decode()


def test_a_return_nobody_asked_for_says_nothing(client, like):
    linked(confirmed(make_user()))
    go(client, like)
    client.post("/compte/logout/")
    for address in (f"{HERE}deconnexion/?state=autre", f"{HERE}deconnexion/"):
        response = client.get(address, follow=True)
        assert "déconnecté du portail" not in response.content.decode()


def test_where_proconnect_is_down_the_portals_session_ends_alone(client, like):
    linked(confirmed(make_user()))
    go(client, like)
    caches["default"].clear()
    like.replace["/.well-known/openid-configuration"] = (503, "text/plain", b"")
    assert client.post("/compte/logout/").url == "/"
    assert signed_in(client) is None


def test_who_came_by_a_password_signs_out_here(client, like):
    sign_in(client, confirmed(make_user()))
    assert client.post("/compte/logout/").url == "/"


@pytest.mark.parametrize(
    ("issuer", "secret", "expected"),
    [
        ("https://proconnect.example/api/v2", "s", set()),
        ("http://proconnect.example", "s", {"accounts.E004"}),
        ("https://proconnect.example", "", {"accounts.E003"}),
    ],
)
def test_the_deployment_check_reads_its_configuration(settings, issuer, secret, expected):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.PROCONNECT_ISSUER, settings.PROCONNECT_CLIENT_ID, settings.PROCONNECT_CLIENT_SECRET = issuer, "x", secret
    found = {message.id for message in run_checks(include_deployment_checks=True)}
    assert {each for each in found if each.startswith("accounts.")} == expected


def test_no_name_of_the_person_is_trusted_as_html(client, like):
    like.claims |= {"given_name": "<script>alert(1)</script>", "usual_name": "x" * 500}
    response = go(client, like)
    html = client.get(response.url).content.decode()
    assert "<script>alert" not in html
    assert not re.search("x{81}", html)
    assert PERSON["sub"] not in html
