"""One's sessions: listed, closed one by one or all, ended by a new password; what their rows keep."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from portal.accounts.enums import Role
from portal.accounts.services import forget_ended_sessions
from portal.accounts.sign_in_log import shortened
from portal.accounts.sign_in_views import device
from tests.factories import PASSWORD, make_member, make_user

from .proofs import confirmed, link_in, sign_in, signed_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1"


def visit(user, agent=FIREFOX):
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR="192.0.2.77")
    sign_in(client, user)
    assert signed_in(client) == str(user.pk)
    return client


def test_one_session_is_closed_and_no_other(commit):
    user, other = confirmed(make_user()), confirmed(make_user())
    here, there, third, stranger = visit(user), visit(user, SAFARI), visit(user), visit(other)
    html = here.get("/compte/sessions/").content.decode()
    assert html.count("Fermer cette session") == 2
    assert "Safari sur iPhone" in html
    assert "Cet appareil" in html
    row = UserSession.objects.get(session_key=there.session.session_key)
    here.post("/compte/sessions/", {"session": row.pk})
    assert there.get("/compte/").status_code == 302
    for client in (here, third, stranger):
        assert client.get("/compte/").status_code == 200
    strangers = UserSession.objects.get(user=other)
    for number in (strangers.pk, 999999, "x", "1" * 30):
        here.post("/compte/sessions/", {"session": number})
    assert stranger.get("/compte/").status_code == 200
    here.post("/compte/sessions/")
    assert third.get("/compte/").status_code == 302
    assert here.get("/compte/").status_code == 200
    assert ModelLogEntry.objects.for_instance(user).filter(action="accounts.sessions.end").count() == 2


def test_a_new_password_signs_out_everywhere_else():
    user = confirmed(make_user())
    here, there = visit(user), visit(user)
    new = "une toute autre phrase"
    here.post("/compte/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/compte/").status_code == 200
    assert there.get("/compte/").status_code == 302
    assert UserSession.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_whatever_its_length(count):
    user = confirmed(make_user())
    clients = [visit(user) for _ in range(count)]
    clients[0].get("/compte/sessions/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        html = clients[0].get("/compte/sessions/").content.decode()
    assert html.count("Firefox sur Windows") >= count
    own = [query for query in captured.captured_queries if "usersessions" in query["sql"]]
    assert len(own) == 1


@pytest.mark.parametrize(
    ("address", "kept"),
    [("192.0.2.77", "192.0.2.0"), ("2001:db8:1:2:3::4", "2001:db8:1::"), ("", "0.0.0.0"), ("x", "0.0.0.0")],
)
def test_no_whole_address_is_kept(address, kept):
    assert shortened(address) == kept
    user = confirmed(make_user())
    visit(user)
    assert UserSession.objects.get(user=user).ip == "192.0.2.0"


def test_rows_of_ended_sessions_are_forgotten():
    user = confirmed(make_user())
    here, there = visit(user), visit(user)
    Session.objects.filter(session_key=there.session.session_key).delete()
    assert forget_ended_sessions() == 1
    assert UserSession.objects.get(user=user).session_key == here.session.session_key


def test_signing_in_is_logged_for_the_privileged_only(nation, landes):
    for role, territory, expected in (
        (Role.ADMIN_NATIONAL, nation, 1),
        (Role.EDITOR, landes, 1),
        (Role.CONTRIBUTOR, landes, 0),
    ):
        user = confirmed(make_member(role, territory))
        visit(user)
        sign_in(Client(), user, "faux")
        found = ModelLogEntry.objects.for_instance(user).order_by("pk")
        wanted = [("accounts.sign_in", user.pk), ("accounts.sign_in.failed", None)] * expected
        assert list(found.values_list("action", "user")) == wanted


def test_guessing_does_not_fill_the_log(nation):
    user = confirmed(make_member(Role.ADMIN_NATIONAL, nation))
    for number in range(30):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/compte/login/", {"login": user.email, "password": "faux"})
    assert ModelLogEntry.objects.for_instance(user).count() <= 20


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (SAFARI, "Safari sur iPhone"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_devices_are_told_in_words(agent, said):
    assert device(agent) == said


def test_opening_a_reset_link_writes_nothing(client, mailoutbox):
    user = make_user(email="sansligne@exemple.fr")
    client.post("/compte/password/reset/", {"email": user.email})
    EmailAddress.objects.all().delete()
    page = client.get(link_in(mailoutbox[0]), follow=True).content.decode()
    assert 'name="password1"' in page
    assert not EmailAddress.objects.exists()
