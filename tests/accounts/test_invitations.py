"""Invitations: who may make one, what its link does, and everything that makes it worthless."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.accounts.enums import InvitationState, Role
from portal.accounts.invitations.services import (
    InvitationError,
    accept,
    forget_old_invitations,
    invite,
    invite_once,
    resend,
    revoke,
    send_due_invitations,
)
from portal.accounts.invitations.tokens import invitation_token
from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.services import disable_user, revoke_membership
from portal.notifications.models import Notice
from portal.territories.models import Territory
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "invitee@exemple.fr"


@pytest.fixture
def editor(landes):
    return make_member(Role.EDITOR, landes, first_name="Édith", last_name="Landes")


@pytest.fixture
def invitation(editor, landes):
    return invite(actor=editor, email=ADDRESS, role=Role.CONTRIBUTOR, territory=landes, message="À bientôt")


def link(invitation):
    return reverse("invitation", args=[invitation_token(invitation)])


def expire(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))


# --- Making one ------------------------------------------------------------------------------------------------------
def test_the_mail_says_who_invites_to_what_and_carries_the_link(editor, landes, mailoutbox, commit):
    with commit():
        made = invite(
            actor=editor, email=" Invitee@Exemple.FR ", role=Role.EDITOR, territory=landes, message="<b>Oui</b>"
        )
    send_due_invitations()
    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    [(html, _)] = mail.alternatives
    for text in (mail.body, html):
        assert "Édith Landes" in text
        assert "Landes (département)" in text
        assert link(made) in text
    assert "<b>Oui</b>" in mail.body
    assert "&lt;b&gt;Oui" in html
    made.refresh_from_db()
    assert made.sent_count == 1
    assert made.sent_at
    assert timezone.now() + dt.timedelta(days=13) < made.expires_at < timezone.now() + dt.timedelta(days=15)
    entry = ModelLogEntry.objects.get(action="accounts.invitation.send", object_id=str(made.pk))
    assert entry.user == editor
    assert ADDRESS not in f"{entry.label}{entry.data}"


@pytest.mark.parametrize(
    ("role", "granted", "where", "allowed"),
    [
        (Role.EDITOR, Role.CONTRIBUTOR, "departement-40", True),
        (Role.EDITOR, Role.EDITOR, "epci-244000808", True),
        (Role.EDITOR, Role.CONTRIBUTOR, "departement-47", False),
        (Role.EDITOR, Role.EDITOR, "region-75", False),
        (Role.EDITOR, Role.SENDER, "departement-40", False),
        (Role.EDITOR, Role.ADMIN_NATIONAL, "nation-FR", False),
        (Role.INSTRUCTOR, Role.INSTRUCTOR, "departement-40", True),
        (Role.INSTRUCTOR, Role.EDITOR, "departement-40", False),
        (Role.CONTRIBUTOR, Role.CONTRIBUTOR, "departement-40", False),
        (Role.SENDER, Role.SENDER, "departement-40", False),
        (Role.EDITOR, "empereur", "departement-40", False),
        (Role.EDITOR, Role.DEPOSITOR, "departement-40", False),
    ],
)
def test_nobody_invites_above_themselves_or_outside_their_reach(landes, role, granted, where, allowed):
    actor = make_member(role, landes)
    level, code = where.split("-", 1)
    territory = Territory.objects.get(level=level, code=code)
    if allowed:
        assert invite(actor=actor, email=ADDRESS, role=granted, territory=territory).territory == territory
        return
    with pytest.raises(InvitationError):
        invite(actor=actor, email=ADDRESS, role=granted, territory=territory)
    assert not Invitation.objects.exists()


def test_a_depositor_invites_to_their_own_organisation_alone(landes):
    own = Organisation.objects.create(name="La nôtre", kind="association", territory=landes)
    other = Organisation.objects.create(name="La leur", kind="association", territory=landes)
    actor = make_user()
    Membership.objects.create(user=actor, role=Role.DEPOSITOR, organisation=own)
    assert invite(actor=actor, email=ADDRESS, role=Role.READER, organisation=own).where == "La nôtre"
    with pytest.raises(InvitationError):
        invite(actor=actor, email=ADDRESS, role=Role.READER, organisation=other)


def test_one_waits_at_a_time_and_an_expired_one_is_renewed(editor, landes, invitation, commit, mailoutbox):
    with pytest.raises(InvitationError, match="attend déjà"):
        invite(actor=editor, email=ADDRESS.upper(), role=Role.CONTRIBUTOR, territory=landes)
    assert invite_once(actor=editor, email=ADDRESS, role=Role.CONTRIBUTOR, territory=landes) == invitation
    expire(invitation)
    again = invite(actor=editor, email=ADDRESS, role=Role.CONTRIBUTOR, territory=landes)
    assert again.pk == invitation.pk
    assert again.state == InvitationState.WAITING
    # Another role for the same person is another invitation.
    invite(actor=editor, email=ADDRESS, role=Role.EDITOR, territory=landes)
    assert Invitation.objects.count() == 2


def test_what_makes_no_sense_is_refused(editor, landes):
    holder = make_member(Role.CONTRIBUTOR, landes, email="deja@exemple.fr")
    make_user(email="desactivee@exemple.fr", is_active=False)
    for email, message in [
        (holder.email, "tient déjà"),
        ("desactivee@exemple.fr", "désactivé"),
        ("pas une adresse", "adresse e-mail valide"),
        ("a@exemple.fr\nBcc: b@exemple.fr", "adresse e-mail valide"),
    ]:
        with pytest.raises(InvitationError, match=message):
            invite(actor=editor, email=email, role=Role.CONTRIBUTOR, territory=landes)
    Territory.objects.filter(pk=landes.pk).update(ended_on=dt.date(2020, 1, 1))
    landes.refresh_from_db()
    with pytest.raises(InvitationError, match="n’existe plus"):
        invite(actor=editor, email=ADDRESS, role=Role.CONTRIBUTOR, territory=landes)


# --- Accepting -------------------------------------------------------------------------------------------------------
def test_looking_changes_nothing_and_a_newcomer_makes_an_account(client, invitation, editor, landes):
    address = link(invitation)
    html = client.get(address).content.decode()
    assert "Édith Landes" in html
    assert "Landes (département)" in html
    invitation.refresh_from_db()
    assert invitation.is_open
    response = client.post(address, {"first_name": "Inès", "last_name": "Venue", "terms": "on"})
    assert response.url == reverse("account")
    person = User.objects.get(email=ADDRESS)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    held = person.memberships.get()
    assert (held.role, held.territory, held.granted_by) == (Role.CONTRIBUTOR, landes, editor)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.accepted_by) == (InvitationState.ACCEPTED, person)
    assert Notice.objects.get(kind="network.invitation_accepted").recipient == editor
    # Used twice.
    client.logout()
    again = client.post(address, {"first_name": "Autre", "last_name": "Venue", "terms": "on"})
    assert again.status_code == 410
    assert "a déjà servi" in again.content.decode()
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_an_invited_editor_lands_in_the_admin_of_their_space(client, landes_space, landes, editor):
    made = invite(actor=editor, email=ADDRESS, role=Role.EDITOR, territory=landes)
    data = {"first_name": "Inès", "last_name": "Venue", "terms": "on"}
    password = "trois mots suffisent"
    response = client.post(link(made), data | {"password1": password, "password2": password})
    assert response.url == reverse("wagtailadmin_explore", args=[landes_space.page_id])
    assert client.get(response.url).status_code == 200
    assert User.objects.get(email=ADDRESS).check_password(password)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"first_name": ""}, "Renseignez ce champ."),
        ({"terms": ""}, "acceptez les conditions"),
        ({"password1": "court", "password2": "court"}, "trop court"),
        ({"password1": "trois mots suffisent", "password2": "autre"}, "ne sont pas les mêmes"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(client, invitation, typed, message):
    html = client.post(link(invitation), {"first_name": "Inès", "last_name": "Venue", "terms": "on"} | typed)
    assert message in html.content.decode()
    assert "Venue" in html.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()


def test_an_account_signs_in_then_accepts(client, invitation, landes):
    person = make_user(email=ADDRESS)
    address = link(invitation)
    html = client.get(address).content.decode()
    assert f"/compte/login/?next={address.replace(':', '%3A')}" in html
    # Not signed in, nothing is accepted.
    client.post(address, {"first_name": "X", "last_name": "Y", "terms": "on"})
    assert not person.memberships.exists()
    client.force_login(person)
    assert client.post(address).url == reverse("account")
    assert person.memberships.get().territory == landes


def test_another_address_is_refused_with_a_way_out(client, invitation):
    other = make_user(email="autre@exemple.fr")
    client.force_login(other)
    html = client.get(link(invitation)).content.decode()
    assert "autre adresse" in html
    assert re.search(r'action="/compte/logout/".*name="next" value="/compte/invitation/', html, re.S)
    assert client.post(link(invitation)).status_code == 403
    assert not other.memberships.exists()
    with pytest.raises(InvitationError):
        accept(user=other, invitation=invitation)


def lose_rights(invitation):
    revoke_membership(actor=None, membership=invitation.invited_by.memberships.get())


def lapse(invitation):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=invitation.invited_by).update(expires_on=yesterday)


def disable_inviter(invitation):
    User.objects.filter(pk=invitation.invited_by.pk).update(is_active=False)


def delete_inviter(invitation):
    invitation.invited_by.delete()


def cancel(invitation):
    revoke(actor=invitation.invited_by, invitation=invitation)


@pytest.mark.parametrize(
    ("happens", "message"),
    [
        (expire, "a expiré"),
        (cancel, "a été annulée"),
        (lose_rights, "ne peut plus donner ce rôle"),
        (lapse, "ne peut plus donner ce rôle"),
        (disable_inviter, "ne peut plus donner ce rôle"),
        (delete_inviter, "ne peut plus donner ce rôle"),
    ],
)
def test_what_makes_it_worthless(client, invitation, happens, message):
    happens(invitation)
    for response in (
        client.get(link(invitation)),
        client.post(link(invitation), {"first_name": "Inès", "last_name": "Venue", "terms": "on"}),
    ):
        assert response.status_code == 410
        assert message in response.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()
    person = make_user(email=ADDRESS)
    with pytest.raises(InvitationError, match=message):
        accept(user=person, invitation=invitation)
    assert not person.memberships.exists()


def test_a_disabled_account_accepts_nothing(client, invitation, nation):
    person = make_user(email=ADDRESS)
    disable_user(actor=make_member(Role.ADMIN_NATIONAL, nation), user=person)
    assert client.post(link(invitation)).status_code == 410
    assert not person.memberships.exists()


@pytest.mark.parametrize("token", ["x", "é", "a:b:c", "{token}x", "x{token}", "[]:1:2"])
def test_a_forged_link_is_worthless(client, invitation, token):
    response = client.post(reverse("invitation", args=[token.format(token=invitation_token(invitation))]))
    assert response.status_code == 410
    invitation.refresh_from_db()
    assert invitation.is_open


def test_a_link_is_bound_to_what_it_offered(client, invitation):
    address = link(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(role=Role.EDITOR)
    assert client.get(address).status_code == 410


# --- Sending again, revoking, forgetting -----------------------------------------------------------------------------
def test_it_is_sent_again_after_a_while_and_lives_as_long_anew(editor, invitation, mailoutbox):
    send_due_invitations()
    with pytest.raises(InvitationError, match="vient d’être envoyée"):
        resend(actor=editor, invitation=invitation)
    expire(invitation)
    resend(actor=editor, invitation=invitation)
    send_due_invitations()
    assert len(mailoutbox) == 2
    invitation.refresh_from_db()
    assert invitation.sent_count == 2
    assert invitation.state == InvitationState.WAITING
    assert send_due_invitations() == 0


def test_a_relay_that_is_away_loses_nothing(invitation, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send_due_invitations() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due_invitations() == 0  # Not at once: later.
    assert send_due_invitations(timezone.now() + dt.timedelta(minutes=6)) == 1
    assert len(mailoutbox) == 1


def test_what_no_longer_serves_is_not_sent(editor, invitation, mailoutbox):
    revoke(actor=editor, invitation=invitation)
    assert send_due_invitations() == 0
    with pytest.raises(InvitationError):
        resend(actor=editor, invitation=invitation)
    assert mailoutbox == []


def test_an_accepted_one_is_not_revoked(editor, invitation):
    accept(user=make_user(email=ADDRESS), invitation=invitation)
    with pytest.raises(InvitationError, match="retirez le rôle"):
        revoke(actor=editor, invitation=invitation)


def test_old_ones_are_forgotten(invitation):
    assert forget_old_invitations() == 0
    assert forget_old_invitations(timezone.now() + dt.timedelta(days=400)) == 1


# --- Mon équipe ------------------------------------------------------------------------------------------------------
def test_an_editor_invites_from_the_screen(client, editor, landes):
    client.force_login(editor)
    form = client.get(reverse("team-invite")).content.decode()
    assert 'value="contributor"' in form
    assert 'value="sender"' not in form
    asked = {"email": ADDRESS, "role": "contributor", "territory": "departement-40", "message": ""}
    forged = client.post(reverse("team-invite"), asked | {"role": "admin_national"})
    assert "Vous ne pouvez pas donner ce rôle." in forged.content.decode()
    outside = client.post(reverse("team-invite"), asked | {"territory": "departement-47"})
    assert "Vous ne pouvez pas donner ce rôle ici." in outside.content.decode()
    assert ADDRESS in outside.content.decode()
    assert not Invitation.objects.exists()
    assert client.post(reverse("team-invite"), asked).url == reverse("team")
    assert ADDRESS in client.get(reverse("team")).content.decode()


def test_the_list_stays_within_its_readers_reach(client, invitation, landes, nouvelle_aquitaine):
    gers = Territory.objects.get(level="departement", code="32")
    for reader, sees in [
        (make_member(Role.EDITOR, nouvelle_aquitaine), True),
        (make_member(Role.EDITOR, landes), True),
        (make_member(Role.EDITOR, gers), False),
        (make_member(Role.INSTRUCTOR, landes), False),
    ]:
        client.cookies.clear()
        client.force_login(reader)
        assert (ADDRESS in client.get(reverse("team")).content.decode()) is sees
        for name in ("invitation-revoke", "invitation-resend"):
            response = client.post(reverse(name, args=[invitation.pk]))
            assert response.status_code == (302 if sees else 404)
        invitation.refresh_from_db()
        assert (invitation.revoked_at is not None) is sees
        Invitation.objects.update(revoked_at=None, revoked_by=None)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SENDER, None])
def test_who_gives_no_role_has_no_team(client, landes, role, invitation):
    client.force_login(make_member(role, landes) if role else make_user())
    for name in ("team", "team-invite"):
        assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse("invitation-revoke", args=[invitation.pk])).status_code == 403


def test_the_list_costs_the_same_whatever_its_length(client, editor, landes, invitation, django_assert_num_queries):
    client.force_login(editor)
    client.get(reverse("team"))
    with django_assert_num_queries(11):
        client.get(reverse("team"))
    for number in range(3):
        invite(actor=editor, email=f"autre{number}@exemple.fr", role=Role.EDITOR, territory=landes)
    with django_assert_num_queries(11):
        client.get(reverse("team"))


# --- Opening a space -------------------------------------------------------------------------------------------------
def test_a_space_opens_with_an_account_and_an_invited_address(client, nation, mailoutbox):
    admin = make_member(Role.ADMIN_NATIONAL, nation)
    known = make_user(email="connue@exemple.fr")
    client.force_login(admin)
    asked = {"territory": "epci-244000808", "editors": f"connue@exemple.fr\n{ADDRESS}"}
    address = reverse("spaces_admin_open")
    preview = client.post(address, asked).content.decode()
    assert "Recevront une invitation" in preview
    hidden = re.search(r'name="editors" value="([^"]*)"', preview)[1]
    for _ in range(2):  # Twice is once.
        client.post(address, asked | {"editors": hidden, "confirm": "1"})
    assert known.memberships.get().role == Role.EDITOR
    made = Invitation.objects.get()
    assert (made.email, made.role, made.territory.code, made.invited_by) == (ADDRESS, Role.EDITOR, "244000808", admin)
    assert send_due_invitations() == 1
    [mail] = mailoutbox
    assert mail.to == [ADDRESS]


def test_each_wrong_line_is_named(client, nation):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    make_user(email="partie@exemple.fr", is_active=False)
    lines = "bonne@exemple.fr\nfausse\npartie@exemple.fr"
    html = client.post(reverse("spaces_admin_open"), {"territory": "40", "editors": lines, "confirm": "1"})
    assert "« fausse » n’est pas une adresse e-mail." in html.content.decode()
    assert "Le compte « partie@exemple.fr » est désactivé." in html.content.decode()
    assert not Invitation.objects.exists()
