"""The thread with the organisation and the notes of instruction: who writes, who reads, what is taken back."""

import datetime as dt
import uuid

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dossiers.access import get_dossier
from dossiers.enums import EventKind, InvitationRight, Side, State
from dossiers.exchange.messages import WITHDRAWAL, post_message, with_unread, withdraw_message
from dossiers.exchange.panels import thread_panel
from dossiers.journal import faults
from dossiers.models import Dossier, DossierInvitation, Message
from dossiers.rules import DossierRefused
from portal.accounts.models import Membership
from tests.dossiers.factories import make_dossier, make_party
from tests.factories import make_user
from tests.files.samples import upload

from .factories import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def party():
    return make_party()


@pytest.fixture
def dossier(party):
    return make_dossier(party, State.INSTRUCTION)


def thread_url(dossier, name="thread"):
    return reverse(f"dossiers:{name}", args=[dossier.pk])


def typed(body, **more):
    return {"body": body, "key": uuid.uuid4().hex} | more


def status(user, file):
    """What the file's address answers to ``user``."""
    answer = client_of(user).get(file.get_absolute_url())
    answer.close()
    return answer.status_code


def guest_with(dossier, party, right):
    guest = make_user()
    DossierInvitation.objects.create(
        dossier=dossier,
        email=guest.email,
        user=guest,
        right=right,
        invited_by=party.depositor,
        accepted_at=timezone.now(),
        expires_at=timezone.now() + dt.timedelta(days=3),
    )
    return guest


def test_both_sides_talk(party, dossier):
    answer = client_of(party.depositor).post(thread_url(dossier), typed("Bonjour, voir https://exemple.fr/suite"))
    assert answer.status_code == 302
    desk = client_of(party.instructor)
    page = desk.get(thread_url(dossier, "desk-thread")).content.decode()
    assert '<a href="https://exemple.fr/suite" rel="nofollow">' in page
    assert "1 message non lu" in page
    desk.post(thread_url(dossier, "desk-thread"), typed("Bien reçu."))
    assert "Bien reçu." in client_of(party.colleague).get(thread_url(dossier)).content.decode()
    assert [each.kind for each in dossier.events.filter(kind=EventKind.MESSAGE)] == [EventKind.MESSAGE] * 2
    assert not list(faults(Dossier.objects.get(pk=dossier.pk)))


def test_text_is_plain(party, dossier):
    post_message(dossier=dossier, actor=party.depositor, body="<script>alert(1)</script> a\u202eb\x00c\r\nfin")
    assert Message.objects.get().body == "<script>alert(1)</script> abc\nfin"
    page = client_of(party.instructor).get(thread_url(dossier, "desk-thread")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("body", "told"),
    [("   ", "Écrivez un message"), ("a" * 10_001, "10\xa0000"), ("\u202e\u200b", "Écrivez un message")],
)
def test_what_is_not_a_message_is_refused_and_kept(party, dossier, body, told):
    answer = client_of(party.depositor).post(thread_url(dossier), typed(body))
    assert answer.status_code == 422
    assert not Message.objects.exists()
    if len(body) > 100:
        assert body in answer.content.decode()
    else:
        assert told in answer.content.decode()


def test_sent_twice_is_one_message(party, dossier):
    form = typed("Une fois")
    client = client_of(party.depositor)
    for _ in range(2):
        assert client.post(thread_url(dossier), form).status_code == 302
    assert Message.objects.count() == 1
    assert dossier.events.filter(kind=EventKind.MESSAGE).count() == 1


def test_the_key_of_somebody_else_makes_no_message_of_theirs(party, dossier):
    form = typed("De l’un")
    client_of(party.depositor).post(thread_url(dossier), form)
    client_of(party.colleague).post(thread_url(dossier), form | {"body": "De l’autre"})
    assert set(Message.objects.values_list("author", flat=True)) == {party.depositor.pk, party.colleague.pk}


def test_several_files_come_with_a_message_and_survive_an_error(party, dossier):
    client = client_of(party.depositor)
    files = [upload("devis.pdf"), upload("plan.pdf")]
    answer = client.post(thread_url(dossier), typed("a" * 10_001, attached=files))
    assert answer.status_code == 422
    kept = [each.pk for each in answer.context["panel"]["form"].fields["attached"].found]
    assert len(kept) == 2
    client.post(thread_url(dossier), typed("Voici", **{"attached-kept": kept}))
    message = Message.objects.get()
    assert sorted(each.file.name for each in message.attachments.all()) == ["devis.pdf", "plan.pdf"]


def test_a_bad_file_is_said_and_the_good_one_kept(party, dossier):
    files = [upload("devis.pdf"), upload("programme.exe")]
    answer = client_of(party.depositor).post(thread_url(dossier), typed("Voici", attached=files))
    assert answer.status_code == 422
    assert not Message.objects.exists()
    page = answer.content.decode()
    assert "programme.exe" in page
    assert "devis.pdf" in page


def test_files_are_read_by_both_sides_and_nobody_else(party, dossier, settings):
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = "", True
    client_of(party.depositor).post(thread_url(dossier), typed("Voici", attached=[upload("devis.pdf")]))
    file = Message.objects.get().attachments.get().file
    for user in (party.depositor, party.colleague, party.reader, party.instructor, party.validator, party.national):
        assert status(user, file) == 200, user
    for user in (party.elsewhere, party.stranger, party.advisor):
        assert status(user, file) == 404, user


def test_files_of_a_note_are_read_by_instruction_alone(party, dossier, settings):
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = "", True
    desk = client_of(party.instructor)
    desk.post(thread_url(dossier, "desk-notes"), typed("Note", attached=[upload("analyse.pdf")]))
    file = Message.objects.get(internal=True).attachments.get().file
    assert status(party.validator, file) == 200
    for user in (party.depositor, party.reader, party.elsewhere, party.advisor):
        assert status(user, file) == 404, user


def test_notes_are_on_no_screen_of_the_organisation(party, dossier):
    client_of(party.instructor).post(thread_url(dossier, "desk-notes"), typed("Ornithorynque"))
    assert "Ornithorynque" in client_of(party.validator).get(thread_url(dossier, "desk-thread")).content.decode()
    for user in (party.depositor, party.reader, guest_with(dossier, party, InvitationRight.EDIT)):
        client = client_of(user)
        assert "Ornithorynque" not in client.get(thread_url(dossier)).content.decode()
        assert client.get(thread_url(dossier, "desk-thread")).status_code == 404
        assert client.get(thread_url(dossier, "desk-notes")).status_code == 404
        assert client.post(thread_url(dossier, "desk-notes"), typed("x")).status_code == 404


@pytest.mark.parametrize("right", list(InvitationRight))
def test_guests_read_and_write_as_they_may(party, dossier, right):
    guest = guest_with(dossier, party, right)
    post_message(dossier=dossier, actor=party.instructor, body="Bonjour")
    client = client_of(guest)
    assert "Bonjour" in client.get(thread_url(dossier)).content.decode()
    expected = 404 if right == InvitationRight.VIEW else 302
    assert client.post(thread_url(dossier), typed("Bonsoir")).status_code == expected


def test_a_draft_has_no_thread_yet(party):
    draft = make_dossier(party, State.DRAFT)
    client = client_of(party.depositor)
    assert "s’ouvre une fois le dossier déposé" in client.get(thread_url(draft)).content.decode()
    assert client.post(thread_url(draft), typed("Bonjour")).status_code == 422
    assert not Message.objects.exists()
    assert client_of(party.instructor).get(thread_url(draft, "desk-thread")).status_code == 404


def test_its_author_takes_a_message_back_within_five_minutes(party, dossier):
    sent = post_message(dossier=dossier, actor=party.depositor, body="Une bêtise")
    address = reverse("dossiers:message-withdraw", args=[dossier.pk, sent.pk])
    assert client_of(party.colleague).post(address).status_code == 404
    assert client_of(party.instructor).post(address).status_code == 404
    client_of(party.depositor).post(address)
    page = client_of(party.instructor).get(thread_url(dossier, "desk-thread")).content.decode()
    assert "Une bêtise" not in page
    assert "Message retiré par son auteur" in page
    sent.refresh_from_db()
    assert (sent.body, sent.withdrawn_at is None) == ("", False)
    withdraw_message(message=sent, actor=party.depositor)
    assert dossier.events.filter(kind=EventKind.MESSAGE_WITHDRAWN).count() == 1


def test_after_five_minutes_it_stays(party, dossier):
    sent = post_message(dossier=dossier, actor=party.depositor, body="Trop tard")
    Message.objects.filter(pk=sent.pk).update(at=timezone.now() - WITHDRAWAL - dt.timedelta(seconds=1))
    with pytest.raises(DossierRefused, match="cinq minutes"):
        withdraw_message(message=sent, actor=party.depositor)
    sent.refresh_from_db()
    assert sent.body == "Trop tard"


def test_a_note_taken_back_is_no_event_of_the_organisation_s_history(party, dossier):
    note = post_message(dossier=dossier, actor=party.instructor, body="Une note", internal=True)
    withdraw_message(message=note, actor=party.instructor)
    assert not dossier.events.filter(kind=EventKind.MESSAGE_WITHDRAWN).exists()
    assert dossier.events.filter(kind=EventKind.NOTE).count() == 2


def test_files_of_a_message_taken_back_are_nobody_s(party, dossier, settings):
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = "", True
    client_of(party.depositor).post(thread_url(dossier), typed("Voici", attached=[upload("devis.pdf")]))
    sent = Message.objects.get()
    file = sent.attachments.get().file
    withdraw_message(message=sent, actor=party.depositor)
    assert status(party.instructor, file) == 404


def test_unread_is_what_the_other_side_wrote_since(party, dossier):
    def unread(user, side):
        return with_unread(Dossier.objects.filter(pk=dossier.pk), user, side).get().unread

    first = post_message(dossier=dossier, actor=party.depositor, body="Un")
    post_message(dossier=dossier, actor=party.colleague, body="Deux")
    assert unread(party.instructor, "instruction") == 2
    assert unread(party.depositor, "organisation") == 0
    desk = client_of(party.instructor)
    desk.post(thread_url(dossier, "desk-thread-read"), {"until": first.at.isoformat()})
    assert unread(party.instructor, "instruction") == 1
    assert unread(party.validator, "instruction") == 2
    # A mark never goes back, whatever is sent.
    for until in ("2020-01-01T00:00:00+00:00", "hier", "", "2020-13-45T00:00:00+00:00", "2020-01-01T00:00:00"):
        desk.post(thread_url(dossier, "desk-thread-read"), {"until": until})
    assert unread(party.instructor, "instruction") == 1
    # Who answers has read.
    post_message(dossier=dossier, actor=party.instructor, body="Trois")
    assert unread(party.instructor, "instruction") == 0
    assert unread(party.depositor, "organisation") == 1


def test_a_mark_is_set_by_a_script_without_a_reload(party, dossier):
    sent = post_message(dossier=dossier, actor=party.instructor, body="Un")
    client = client_of(party.depositor)
    assert "Marquer comme lu" in client.get(thread_url(dossier)).content.decode()
    answer = client.post(
        thread_url(dossier, "thread-read"), {"until": sent.at.isoformat()}, headers={"X-Requested-With": "fetch"}
    )
    assert answer.status_code == 204
    assert "Marquer comme lu" not in client.get(thread_url(dossier)).content.decode()


def test_who_is_not_concerned_finds_nothing(party, dossier):
    for user in (party.stranger, party.elsewhere, party.advisor, make_user()):
        client = client_of(user)
        for name in ("thread", "desk-thread", "desk-notes"):
            assert client.get(thread_url(dossier, name)).status_code == 404
            assert client.post(thread_url(dossier, name), typed("x")).status_code == 404
        for name in ("thread-read", "desk-thread-read", "desk-notes-read"):
            assert client.post(thread_url(dossier, name), {"until": timezone.now().isoformat()}).status_code == 404
    # Each side has its own addresses.
    assert client_of(party.instructor).get(thread_url(dossier, "thread")).status_code == 404
    assert client_of(party.depositor).post(thread_url(dossier, "desk-thread"), typed("x")).status_code == 404
    assert not Message.objects.exists()


def test_a_message_of_another_dossier_is_not_reached_through_one_s_own(party, dossier):
    other = make_dossier(party, State.INSTRUCTION)
    sent = post_message(dossier=other, actor=party.depositor, body="Ailleurs")
    address = reverse("dossiers:message-withdraw", args=[dossier.pk, sent.pk])
    assert client_of(party.depositor).post(address).status_code == 404


def test_visitors_are_led_to_the_sign_in(client, dossier):
    answer = client.get(thread_url(dossier))
    assert answer.status_code == 302
    assert answer.url.startswith("/compte/login/")


def test_who_is_of_both_sides_writes_from_the_one_they_are_on(party, dossier):
    reading = party.reader
    Membership.objects.create(user=reading, role="instructor", territory=party.territory)
    client_of(reading).post(thread_url(dossier, "desk-thread"), typed("Du service"))
    client_of(reading).post(thread_url(dossier), typed("De l’organisation"))
    assert dict(Message.objects.values_list("body", "side")) == {
        "Du service": "instruction",
        "De l’organisation": "organisation",
    }


def test_as_many_queries_for_one_message_as_for_three(party, dossier, django_assert_num_queries):
    client = client_of(party.instructor)
    for number in (1, 2):
        for _ in range(number):
            client_of(party.depositor).post(thread_url(dossier), typed("Voici", attached=[upload("devis.pdf")]))
            client.post(thread_url(dossier, "desk-notes"), typed("Voici", attached=[upload("devis.pdf")]))
        with django_assert_num_queries(20):
            client.get(thread_url(dossier, "desk-thread"))


def test_a_service_refuses_who_may_not(party, dossier):
    with pytest.raises(Http404):
        post_message(dossier=dossier, actor=party.advisor, body="x")
    with pytest.raises(Http404):
        post_message(dossier=dossier, actor=party.depositor, body="x", internal=True)
    with pytest.raises(Http404):
        post_message(dossier=dossier, actor=party.depositor, body="x", side="instruction")


def test_a_long_thread_is_shown_by_its_end_on_the_dossier(party, dossier):
    for number in range(22):
        post_message(dossier=dossier, actor=party.depositor, body=f"Message {number:02}")
    _, rights = get_dossier(party.instructor, dossier.pk, Side.INSTRUCTION)
    panel = thread_panel(dossier, party.instructor, rights, side=Side.INSTRUCTION)
    assert [line["message"].body for line in panel["lines"]] == [f"Message {number:02}" for number in range(2, 22)]
    assert panel["more"]
    page = client_of(party.instructor).get(thread_url(dossier, "desk-thread")).content.decode()
    assert page.index("Message 00") < page.index("Message 21")


def test_too_many_at_once_are_put_off_and_the_text_stays(party, dossier, monkeypatch):
    monkeypatch.setattr("dossiers.screens.ACTS_AN_HOUR", 1)
    client = client_of(party.depositor)
    assert client.post(thread_url(dossier), typed("Un")).status_code == 302
    answer = client.post(thread_url(dossier), typed("Mon deuxième message"))
    assert answer.status_code == 429
    assert "réessayez dans une heure" in answer.content.decode()
    assert "Mon deuxième message" in answer.content.decode()
    assert Message.objects.count() == 1


def test_forms_of_the_dossier_s_screen_come_back_to_it(party, dossier):
    answer = client_of(party.instructor).post(thread_url(dossier, "desk-thread"), typed("Bonjour", back="dossier"))
    assert answer.url == reverse("instruction:detail", args=[dossier.pk]) + "#messages"
    # No other place is led to, whatever the form says.
    answer = client_of(party.instructor).post(thread_url(dossier, "desk-thread"), typed("Bonjour", back="//pirate.fr"))
    assert answer.url == thread_url(dossier, "desk-thread")
