"""What organisers write to the registered of a date."""

from __future__ import annotations

import uuid

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import PageLogEntry

from events.models import EventMail, Registration
from events.organising.certificates import code_of
from events.registration.mailing import send_due
from portal.accounts.enums import Role
from tests.factories import make_member

from ..factories import make_event, make_registration
from ..test_leaks import everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def occurrence(client, landes_space):
    client.force_login(make_member(Role.EDITOR, landes_space.territory))
    return make_event(landes_space, registration="internal").occurrences.get()


def body(**fields):
    return {
        "audience": "confirmed",
        "subject": "La salle",
        "text": "Salle 2.\n\nÀ <demain>.",
        "key": uuid.uuid4(),
    } | fields


def test_read_again_then_sent_once_to_those_it_concerns(client, occurrence):
    here, waiting = make_registration(occurrence), make_registration(occurrence, "waiting")
    make_registration(occurrence, "cancelled")
    address, said = reverse("organising_letter", args=[occurrence.uid]), body()
    shown = client.post(address, said).content.decode()
    assert "<strong>1</strong> personne" in shown
    assert "À &lt;demain&gt;." in shown
    assert not EventMail.objects.exists()
    for _ in range(2):
        client.post(address, said | {"envoyer": "1"})
    send_due()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([here.email], "La salle")
    assert "Salle 2.\n\nÀ <demain>." in letter.body
    assert PageLogEntry.objects.filter(action="events.message").count() == 1
    client.post(address, body(audience="active", envoyer="1"))
    Registration.objects.filter(pk=here.pk).update(state="cancelled")
    send_due()
    assert [letter.to for letter in mail.outbox[1:]] == [[waiting.email]]


def test_what_lacks_is_said_and_what_was_typed_is_kept(client, occurrence):
    make_registration(occurrence)
    answer = client.post(reverse("organising_letter", args=[occurrence.uid]), body(subject="", envoyer="1"))
    assert answer.status_code == 422
    assert "Salle 2." in answer.content.decode()
    assert not EventMail.objects.exists()


def test_a_certificate_ends_with_the_data_of_its_person(client, occurrence):
    from django.utils import timezone

    from events.organising.retention import empty

    one = make_registration(occurrence, attended=True)
    occurrence.page.certificates = True
    occurrence.page.save()
    type(occurrence).objects.filter(pk=occurrence.pk).update(starts_at=timezone.now())
    address = reverse("certificate", args=[code_of(one)])
    assert client.get(address).status_code == 200
    empty(Registration.objects.all(), timezone.now())
    assert client.get(address).status_code == 404


def test_who_is_registered_is_on_no_public_page(client, occurrence):
    make_registration(
        occurrence, name="Secret Personne", email="secret@exemple.fr", organisation="Secret", needs="Secret"
    )
    client.logout()
    text = everywhere(client) + client.get(occurrence.page.url).content.decode()
    assert occurrence.page.title in text
    assert "secret" not in text.lower()
