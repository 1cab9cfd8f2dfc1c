"""People invited on one dossier: by mail, for one address, with one right, until a day."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.enums import Action, EventKind, InvitationRight, State
from dossiers.journal import faults
from dossiers.models import Dossier, DossierInvitation
from dossiers.rules import DossierRefused
from dossiers.services import sharing
from dossiers.services.transitions import perform
from dossiers.sharing.mails import send_due_mails
from portal.accounts.models import User
from portal.notifications.models import Notice
from tests.dossiers.factories import Party, make_dossier, make_draft, make_party
from tests.factories import make_user

ADDRESS = "colline@exemple.fr"


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


@pytest.fixture
def guest() -> User:
    return guest_of(ADDRESS)


def guest_of(address: str) -> User:
    user = make_user(email=address, first_name="Colline", last_name="Invitée")
    EmailAddress.objects.get_or_create(user=user, email=address, defaults={"verified": True, "primary": True})
    EmailAddress.objects.filter(user=user).update(verified=True)
    return user


def invite(party: Party, dossier: Dossier, right: str = InvitationRight.COMMENT, **given: Any) -> DossierInvitation:
    until = timezone.localdate() + timedelta(days=10)
    return sharing.invite(
        **{"dossier": dossier, "actor": party.depositor, "email": ADDRESS, "right": right, "until": until} | given
    )


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def people(dossier: Dossier) -> str:
    return reverse("dossiers:people", args=[dossier.pk])


def link(invitation: DossierInvitation) -> str:
    return reverse("dossiers:invitation", args=[invitation.pk])


def typed(**more: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=10)
    return {"email": ADDRESS, "right": "commenter", "until": f"{day:%Y-%m-%d}", "key": uuid.uuid4().hex} | more


def test_from_the_form_to_the_thread(party: Party, guest: User, commit: Any) -> None:
    dossier = make_dossier(party)
    given = typed(message="Merci de relire <b>l’axe 2</b>.")
    with commit():
        for _ in range(2):
            assert as_(party.depositor).post(people(dossier), given).status_code == 302
    made = DossierInvitation.objects.get()
    assert dossier.events.filter(kind=EventKind.INVITED).count() == 1
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    assert "l’axe 2" in letter.body
    assert "<b>" not in letter.alternatives[0].content
    address = re.search(r"https?://\S+/dossiers/invitations/\S+/", letter.body).group()
    client = as_(guest)
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 404
    page = client.get(urlsplit(address).path).content.decode()
    assert dossier.label in page
    assert "écrire dans ses messages" in page
    made.refresh_from_db()
    assert made.accepted_at is None, "looking accepts nothing"
    with commit():
        answer = client.post(link(made))
        assert answer["Location"] == f"/dossiers/{dossier.pk}/"
        assert client.post(link(made)).status_code == 302
    assert dossier.events.filter(kind=EventKind.JOINED).count() == 1
    assert Notice.objects.get(kind="dossier.joined").recipient == party.depositor
    assert "Vous êtes invité sur ce dossier" in client.get(f"/dossiers/{dossier.pk}/").content.decode()
    assert dossier.label in client.get("/dossiers/").content.decode()
    assert ADDRESS in as_(party.depositor).get(people(dossier)).content.decode()
    assert not list(faults(Dossier.objects.get(pk=dossier.pk)))
    assert ADDRESS not in str([each.data for each in dossier.events.all()]), "the log cannot be erased"


@pytest.mark.parametrize(
    ("right", "writes", "edits"), [("lire", False, False), ("commenter", True, False), ("modifier", True, True)]
)
def test_each_right_opens_what_it_says(party: Party, guest: User, right: str, writes: bool, edits: bool) -> None:
    draft, sent = make_draft(party), make_dossier(party)
    for dossier in (draft, sent):
        sharing.accept(invitation=invite(party, dossier, right), actor=guest)
    client = as_(guest)
    assert client.get(f"/dossiers/{draft.pk}/").status_code == 200
    answer = client.post(f"/dossiers/{sent.pk}/messages/", {"body": "Bonjour", "key": uuid.uuid4().hex})
    assert (answer.status_code != 404) == writes
    assert sent.messages.filter(author=guest).exists() == writes
    saved = client.post(f"/dossiers/{draft.pk}/formulaire/", {"_version": draft.version, "nom": "Changé"})
    assert (saved.status_code == 302) == edits
    draft.refresh_from_db()
    assert (draft.values["nom"] == "Changé") == edits
    for action, dossier in ((Action.DEPOSIT, draft), (Action.WITHDRAW, sent)):
        with pytest.raises(Http404):
            perform(action, dossier=dossier, actor=guest, version=dossier.version, reason="x")
    assert client.get(people(sent)).status_code == 404
    assert "Inviter des personnes" not in client.get(f"/dossiers/{sent.pk}/").content.decode()


def test_an_end_ends_everything(party: Party, guest: User) -> None:
    dossier = make_dossier(party)
    made = sharing.accept(invitation=invite(party, dossier), actor=guest)
    client = as_(guest)
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 200
    DossierInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 404
    assert dossier.label not in client.get("/dossiers/").content.decode()
    DossierInvitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    for _ in range(2):
        url = reverse("dossiers:invitation-revoke", args=[made.pk])
        assert as_(party.depositor).post(url).status_code == 302
    assert dossier.events.filter(kind=EventKind.UNINVITED).count() == 1
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 404
    assert "annulée" in client.post(link(made)).content.decode()
    # Invited again, they are let in again.
    sharing.accept(invitation=invite(party, dossier), actor=guest)
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 200


def test_the_person_leaves_by_themselves(party: Party, guest: User) -> None:
    dossier = make_dossier(party)
    made = sharing.accept(invitation=invite(party, dossier), actor=guest)
    client = as_(guest)
    answer = client.post(reverse("dossiers:invitation-revoke", args=[made.pk]), follow=True)
    assert "Vous avez quitté ce dossier" in answer.content.decode()
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 404


def test_nobody_else_opens_or_accepts_it(party: Party, guest: User) -> None:
    dossier = make_dossier(party)
    made = invite(party, dossier, message="Un mot pour Colline")
    EmailAddress.objects.create(user=party.stranger, email=ADDRESS.upper(), verified=False)
    for user in (party.stranger, party.instructor, party.elsewhere):
        page = as_(user).get(link(made))
        assert (page.status_code, dossier.label in page.content.decode()) == (200, False)
        assert "Colline" not in page.content.decode()
        assert as_(user).post(link(made)).status_code == 403
        with pytest.raises(Http404):
            sharing.accept(invitation=made, actor=user)
    for user in (party.reader, party.stranger, party.instructor, party.elsewhere, guest):
        assert as_(user).get(people(dossier)).status_code == 404
        assert as_(user).post(people(dossier), typed(email="x@exemple.fr")).status_code == 404
        for name in ("resend", "revoke"):
            assert as_(user).post(reverse(f"dossiers:invitation-{name}", args=[made.pk])).status_code == 404
    assert Client().get(link(made)).status_code == 302
    made.refresh_from_db()
    assert (made.user, made.revoked_at, DossierInvitation.objects.count()) == (None, None, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": ""}, "Indiquez une adresse e-mail"),
        ({"email": "colline"}, "Indiquez une adresse e-mail"),
        ({"email": "a@b.fr\x00"}, "Le caractère nul"),
        ({"right": "tout"}, "n’en fait pas partie|choix valide|Sélectionnez"),
        ({"until": "2020-01-01"}, "Cette date est passée"),
        ({"until": "2999-01-01"}, "un an au plus"),
        ({"until": "demain"}, "Indiquez une date"),
        ({"message": "x" * 1001}, "1000"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(party: Party, given: dict[str, str], said: str) -> None:
    dossier = make_dossier(party)
    answer = as_(party.depositor).post(people(dossier), typed(message="Un mot que l’on garde") | given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(said, page)
    assert "message" in given or "Un mot que l’on garde" in page
    assert not DossierInvitation.objects.exists()


def test_members_and_guests_are_not_invited_twice(party: Party) -> None:
    dossier = make_dossier(party)
    with pytest.raises(DossierRefused, match="déjà de votre organisation"):
        invite(party, dossier, email=party.reader.email)
    made = invite(party, dossier)
    with pytest.raises(DossierRefused, match="déjà invitée"):
        invite(party, dossier, email=ADDRESS.upper())
    DossierInvitation.objects.update(expires_at=timezone.now())
    again = invite(party, dossier)
    assert again.pk != made.pk
    assert DossierInvitation.objects.filter(revoked_at=None).get() == again


def test_mails_leave_once_and_again_when_asked(party: Party, guest: User, monkeypatch: Any) -> None:
    dossier = make_dossier(party)
    made = invite(party, dossier)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", broken)
        assert send_due_mails() == 0
    assert send_due_mails() == 0, "its lease is not over"
    assert send_due_mails(timezone.now() + timedelta(minutes=6)) == 1
    assert send_due_mails(timezone.now() + timedelta(minutes=12)) == 0
    sharing.resend(invitation=made, actor=party.depositor)
    with pytest.raises(DossierRefused, match="vient d’être renvoyée"):
        sharing.resend(invitation=made, actor=party.depositor)
    assert send_due_mails() == 1
    sharing.accept(invitation=made, actor=guest)
    with pytest.raises(DossierRefused, match="acceptée"):
        sharing.resend(invitation=made, actor=party.depositor)


def test_a_closed_dossier_is_still_shared(party: Party, guest: User) -> None:
    dossier = make_dossier(party, State.ACCEPTED)
    sharing.accept(invitation=invite(party, dossier, InvitationRight.EDIT), actor=guest)
    assert as_(guest).get(f"/dossiers/{dossier.pk}/").status_code == 200


def test_a_list_of_people_costs_the_same(party: Party, django_assert_num_queries: Any) -> None:
    dossier, client = make_dossier(party), as_(party.depositor)
    invite(party, dossier)
    client.get(people(dossier))
    with django_assert_num_queries(12):
        client.get(people(dossier))
    for number in range(3):
        invite(party, dossier, email=f"p{number}@exemple.fr")
    with django_assert_num_queries(12):
        client.get(people(dossier))
