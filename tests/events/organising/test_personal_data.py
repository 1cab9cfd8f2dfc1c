"""What is held of somebody registered: given to them, taken out at their request."""

from __future__ import annotations

import pytest

from events.models import EventMail, Registration, Seating
from events.organising.retention import erase_person, export_person
from events.registration.services import refuse
from tests.factories import make_user

from ..factories import a_date, day_in, make_event, make_registration

pytestmark = pytest.mark.django_db


def test_their_own_alone_is_given(landes_space):
    me = make_user(email="moi@exemple.fr")
    occurrence = make_event(landes_space, registration="internal", title="Un atelier").occurrences.get()
    make_registration(occurrence, email="moi@exemple.fr", needs="LSF")
    make_registration(occurrence, name="Une autre")
    [record] = export_person(me)
    assert (record["Événement"], record["Besoin particulier"]) == ("Un atelier", "LSF")


def test_erased_their_seat_goes_on_and_nothing_of_them_stays(landes_space):
    me = make_user(email="moi@exemple.fr")
    coming = make_event(landes_space, registration="internal", capacity=1).occurrences.get()
    past = make_event(landes_space, a_date(day_in(-9)), registration="internal").occurrences.get()
    for occurrence in (coming, past):
        make_registration(occurrence, email="Moi@exemple.fr", name="Moi", user=me)
    waiting = make_registration(coming, "waiting")
    erase_person(me)
    assert not Registration.objects.filter(email__icontains="moi").exists()
    assert not Registration.objects.filter(name="Moi").exists()
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    assert Registration.objects.filter(occurrence=past, state="confirmed").count() == 1
    assert Seating.objects.get(pk=coming.pk).taken == 1


def test_what_was_written_to_them_is_emptied_too(landes_space):
    me = make_user(email="moi@exemple.fr")
    occurrence = make_event(landes_space, registration="internal").occurrences.get()
    refuse(registration=make_registration(occurrence, "pending", user=me), actor=None, reason="Camille est déjà venue.")
    assert EventMail.objects.get().context
    erase_person(me)
    assert EventMail.objects.get().context == {}
