"""Accounts made in the admin by the national administration."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.services import GrantError, create_person
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "accounts_user_modeladmin_create"
NEW = {"email": "Nouvelle@Exemple.fr", "first_name": "Camille", "last_name": "Exemple"}


@pytest.fixture
def admin(client, nation):
    user = make_member(Role.ADMIN_NATIONAL, nation)
    client.force_login(user)
    return user


def test_a_person_is_written_to_and_chooses_a_password(client, admin, mailoutbox, commit):
    with commit():
        response = client.post(reverse(ADDRESS), NEW | {"is_superuser": "on", "is_staff": "on", "groups": "1"})
    assert response.status_code == 302
    person = User.objects.get(email="nouvelle@exemple.fr")
    assert (person.first_name, person.last_name, person.is_superuser, person.is_staff) == (
        "Camille",
        "Exemple",
        False,
        False,
    )
    assert not person.memberships.exists()
    assert not person.has_usable_password()
    assert ModelLogEntry.objects.filter(action="accounts.create", object_id=str(person.pk), user=admin).count() == 1

    [mail] = mailoutbox
    assert mail.to == ["nouvelle@exemple.fr"]
    client.logout()
    form = client.get(re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "trois mots suffisent", "password2": "trois mots suffisent"})
    client.logout()
    client.post("/compte/login/", {"login": person.email, "password": "trois mots suffisent"})
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"email": "CONNUE@exemple.fr"}, "Cette adresse a déjà un compte."),
        ({"email": "en-attente@exemple.fr"}, "Cette adresse a déjà un compte."),
        ({"email": "pas une adresse"}, "adresse"),
        ({"email": ""}, "requis"),
    ],
)
def test_what_cannot_be_is_said_and_kept(client, admin, mailoutbox, commit, typed, message):
    known = make_user(email="connue@exemple.fr")
    EmailAddress.objects.create(user=known, email="en-attente@exemple.fr", verified=False, primary=False)
    count = User.objects.count()
    with commit():
        html = client.post(reverse(ADDRESS), NEW | typed).content.decode()
    assert message in re.search(r'class="error-message".*?</p>', html, re.S)[0]
    assert 'value="Camille"' in html
    assert User.objects.count() == count
    assert mailoutbox == []


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SENDER, Role.INSTRUCTOR, Role.CONTRIBUTOR, None])
def test_nobody_else_may(client, landes, mailoutbox, role):
    actor = make_member(role, landes) if role else make_user()
    with pytest.raises(GrantError):
        create_person(actor=actor, email="nouvelle@exemple.fr")
    client.force_login(actor)
    assert client.post(reverse(ADDRESS), NEW).status_code in (302, 403)
    assert not User.objects.filter(email="nouvelle@exemple.fr").exists()
    assert mailoutbox == []
