"""Avis: who is asked, what they see and what nobody else does, reminders and the end."""

import datetime as dt
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from dossiers.enums import EventKind, InvitationRight, OpinionState, OpinionView, State
from dossiers.exchange import mails, opinions
from dossiers.exchange.dashboard import opinions_card
from dossiers.exchange.messages import post_message
from dossiers.models import Dossier, DossierInvitation, Opinion
from dossiers.rules import DossierConflict, DossierRefused
from portal.accounts.models import Membership
from tests.dossiers.factories import decide, make_dossier, make_party
from tests.factories import make_user
from tests.files.samples import upload

from .factories import ask_one, client_of, confirm, in_days, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def party():
    made = make_party()
    confirm(made.advisor)
    return made


@pytest.fixture
def dossier(party):
    return make_dossier(party, State.INSTRUCTION)


def desk(dossier):
    return reverse("dossiers:desk-opinions", args=[dossier.pk])


def screen(opinion):
    return reverse("dossiers:opinion", args=[opinion.pk])


def asking(dossier, emails, **more):
    form = {"emails": emails, "question": "Qu’en pensez-vous ?", "due_on": in_days(dossier).isoformat()}
    return form | {"confidential": "on", "key": uuid.uuid4().hex} | more


def giving(**more):
    return {"view": "favorable", "text": "Un bon projet.", "key": uuid.uuid4().hex} | more


def test_several_people_are_asked_at_once(party, dossier):
    answer = client_of(party.instructor).post(
        desk(dossier), asking(dossier, f"{party.advisor.email}\nHUB@exemple.fr; x@exemple.fr")
    )
    assert answer.status_code == 302
    asked = {each.email: each.advisor_id for each in Opinion.objects.all()}
    assert asked == {party.advisor.email: party.advisor.pk, "hub@exemple.fr": None, "x@exemple.fr": None}
    assert dossier.events.filter(kind=EventKind.OPINION_ASKED).count() == 3
    assert told(party.advisor) == ["opinion.asked"]


def test_who_has_an_account_but_no_role_answers(party, dossier):
    opinion = ask_one(dossier, party, party.advisor.email)
    client = client_of(party.advisor)
    assert dossier.label in client.get(reverse("dossiers:my-opinions")).content.decode()
    page = client.get(screen(opinion)).content.decode()
    assert "Qu’en pensez-vous" in page
    assert "Un projet" in page
    assert client.post(screen(opinion), giving(attached=[upload("etude.pdf")])).status_code == 302
    opinion.refresh_from_db()
    assert (opinion.state, opinion.view, opinion.text) == (OpinionState.GIVEN, OpinionView.FAVOURABLE, "Un bon projet.")
    assert [each.file.name for each in opinion.attachments.all()] == ["etude.pdf"]
    page = client_of(party.validator).get(desk(dossier)).content.decode()
    assert "Un bon projet." in page
    assert "etude.pdf" in page


def test_given_it_is_not_changed(party, dossier):
    opinion = ask_one(dossier, party, party.advisor.email)
    client = client_of(party.advisor)
    client.post(screen(opinion), giving())
    # The same again (a double click) is no fault; another is refused, and what was typed is shown.
    assert client.post(screen(opinion), giving()).status_code == 302
    answer = client.post(screen(opinion), giving(text="Finalement non.", view="defavorable"))
    assert answer.status_code == 409
    assert "Finalement non." in answer.content.decode()
    opinion.refresh_from_db()
    assert opinion.text == "Un bon projet."
    assert dossier.events.filter(kind=EventKind.OPINION_GIVEN).count() == 1


@pytest.mark.parametrize(("field", "value"), [("view", ""), ("view", "bof"), ("text", "  "), ("text", "a" * 10_001)])
def test_an_avis_says_something(party, dossier, field, value):
    opinion = ask_one(dossier, party, party.advisor.email)
    answer = client_of(party.advisor).post(screen(opinion), giving(**{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.ASKED


def test_an_advisor_sees_the_form_and_nothing_of_the_exchanges(party, dossier):
    post_message(dossier=dossier, actor=party.depositor, body="Ornithorynque")
    post_message(dossier=dossier, actor=party.instructor, body="Zébulon", internal=True)
    opinion = ask_one(dossier, party, party.advisor.email)
    client = client_of(party.advisor)
    page = client.get(screen(opinion)).content.decode()
    assert "Ornithorynque" not in page
    assert "Zébulon" not in page
    for name in ("thread", "desk-thread", "desk-notes", "desk-opinions"):
        assert client.get(reverse(f"dossiers:{name}", args=[dossier.pk])).status_code == 404


def test_an_advisor_reaches_no_other_dossier(party, dossier):
    ask_one(dossier, party, party.advisor.email)
    other = make_dossier(party, State.INSTRUCTION)
    elsewhere = confirm(make_user())
    foreign = ask_one(other, party, elsewhere.email)
    client = client_of(party.advisor)
    assert client.get(screen(foreign)).status_code == 404
    assert client.post(screen(foreign), giving()).status_code == 404
    assert list(Dossier.objects.visible_to(party.advisor)) == [dossier]
    foreign.refresh_from_db()
    assert foreign.state == OpinionState.ASKED


@pytest.mark.parametrize("confidential", [True, False])
def test_others_read_it_only_where_it_is_not_confidential(party, dossier, confidential, settings):
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = "", True
    first = ask_one(dossier, party, party.advisor.email, confidential=confidential)
    second_person = confirm(make_user())
    second = ask_one(dossier, party, second_person.email)
    second_client = client_of(second_person)
    # Not before it is given, in any case.
    assert party.advisor.email not in second_client.get(screen(second)).content.decode()
    client_of(party.advisor).post(screen(first), giving(text="Ornithorynque", attached=[upload("zebulon.pdf")]))
    file = first.attachments.get().file
    page = second_client.get(screen(second)).content.decode()
    assert ("Ornithorynque" in page) is not confidential
    assert ("zebulon" in page) is not confidential
    given = second_client.get(file.get_absolute_url())
    given.close()
    assert given.status_code == (404 if confidential else 200)


@pytest.mark.parametrize("confidential", [True, False])
def test_the_organisation_reads_none(party, dossier, confidential, settings):
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = "", True
    opinion = ask_one(dossier, party, party.advisor.email, confidential=confidential, question="Ornithorynque ?")
    client_of(party.advisor).post(screen(opinion), giving(attached=[upload("zebulon.pdf")]))
    file = opinion.attachments.get().file
    for user in (party.depositor, party.reader, party.stranger, party.elsewhere):
        client = client_of(user)
        assert client.get(screen(opinion)).status_code == 404
        assert client.get(desk(dossier)).status_code == 404
        assert client.get(file.get_absolute_url()).status_code == 404
    page = client_of(party.depositor).get(reverse("dossiers:thread", args=[dossier.pk])).content.decode()
    assert "Ornithorynque" not in page


def test_an_advisor_who_joins_the_organisation_reads_no_other_avis(party, dossier):
    first = ask_one(dossier, party, party.advisor.email)
    second_person = confirm(make_user())
    second = ask_one(dossier, party, second_person.email, confidential=False)
    client_of(second_person).post(screen(second), giving(text="Ornithorynque"))
    client = client_of(party.advisor)
    assert "Ornithorynque" in client.get(screen(first)).content.decode()
    Membership.objects.create(user=party.advisor, role="reader", organisation=party.organisation)
    assert "Ornithorynque" not in client.get(screen(first)).content.decode()


def test_nobody_of_the_organisation_is_asked(party, dossier):
    guest = confirm(make_user())
    DossierInvitation.objects.create(
        dossier=dossier,
        email="invitee@exemple.fr",
        right=InvitationRight.VIEW,
        invited_by=party.depositor,
        expires_at=timezone.now() + dt.timedelta(days=3),
    )
    DossierInvitation.objects.create(
        dossier=dossier,
        email="autre@exemple.fr",
        user=guest,
        right=InvitationRight.VIEW,
        invited_by=party.depositor,
        accepted_at=timezone.now(),
        expires_at=timezone.now() + dt.timedelta(days=3),
    )
    for address in (party.reader.email, party.depositor.email, guest.email, "INVITEE@exemple.fr"):
        with pytest.raises(DossierRefused, match="du côté de l’organisation"):
            ask_one(dossier, party, address)
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"emails": ""}, "emails"),
        ({"emails": "pas une adresse"}, "emails"),
        ({"emails": "\n".join(f"p{number}@exemple.fr" for number in range(21))}, "emails"),
        ({"question": " \n "}, "question"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": "hier"}, "due_on"),
        ({"due_on": "2999-01-01"}, "due_on"),
    ],
)
def test_a_bad_question_is_shown_again(party, dossier, given, field):
    answer = client_of(party.instructor).post(desk(dossier), asking(dossier, "hub@exemple.fr") | given)
    assert answer.status_code == 422
    assert answer.context["panel"]["form"].errors[field]
    assert not Opinion.objects.exists()
    if field != "emails":
        assert "hub@exemple.fr" in answer.content.decode()


def test_asked_twice_by_the_same_form_is_asked_once(party, dossier):
    client, form = client_of(party.instructor), asking(dossier, "hub@exemple.fr")
    for _ in range(2):
        assert client.post(desk(dossier), form).status_code == 302
    assert Opinion.objects.count() == 1
    # By another form, the waiting one is named.
    answer = client.post(desk(dossier), asking(dossier, "hub@exemple.fr"))
    assert answer.status_code == 422
    assert "déjà demandé" in answer.content.decode()


def test_a_disabled_account_is_not_asked(party, dossier):
    gone = confirm(make_user(is_active=False))
    with pytest.raises(DossierRefused, match="désactivé"):
        ask_one(dossier, party, gone.email)


def test_an_address_without_an_account_gets_a_mail_with_a_link_alone(party, dossier, commit):
    with commit():
        opinion = ask_one(dossier, party, "hub@exemple.fr", question="Ornithorynque ?")
    assert mails.send_due_mails() == 0  # The task did.
    (sent,) = mail.outbox
    assert sent.to == ["hub@exemple.fr"]
    assert screen(opinion) in sent.body
    assert "Ornithorynque" not in sent.body + sent.alternatives[0][0]
    assert not sent.attachments


def test_who_confirms_the_address_becomes_the_advisor(party, dossier):
    opinion = ask_one(dossier, party, "Hub@Exemple.fr")
    person = make_user(email="hub@exemple.fr")
    client = client_of(person)
    # Not confirmed yet: anybody may type an address at the sign-up.
    address = EmailAddress.objects.create(user=person, email="Hub@exemple.fr", verified=False, primary=True)
    assert client.get(screen(opinion)).status_code == 404
    address.verified = True
    address.save()
    assert client.get(screen(opinion)).status_code == 200
    opinion.refresh_from_db()
    assert (opinion.advisor, opinion.mail_due_at) == (person, None)
    assert mails.send_due_mails() == 0


def test_an_unconfirmed_address_is_not_made_an_advisor_when_asked(party, dossier):
    person = make_user(email="hub@exemple.fr")
    EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)
    opinion = ask_one(dossier, party, person.email)
    assert opinion.advisor is None
    assert client_of(person).get(screen(opinion)).status_code == 404


def test_a_failing_relay_leaves_the_mail_for_later(party, dossier, monkeypatch):
    ask_one(dossier, party, "hub@exemple.fr")

    def away(self, *args, **kwargs):
        raise ConnectionRefusedError

    now = timezone.now()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", away)
        assert mails.send_due_mails(now) == 0
    assert mails.send_due_mails(now) == 0
    assert mails.send_due_mails(now + dt.timedelta(hours=1)) == 1


def test_revoked_the_dossier_is_gone(party, dossier):
    opinion = ask_one(dossier, party, party.advisor.email)
    address = reverse("dossiers:opinion-revoke", args=[dossier.pk, opinion.pk])
    assert client_of(party.elsewhere).post(address).status_code == 404
    client = client_of(party.instructor)
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert dossier.events.filter(kind=EventKind.OPINION_REVOKED).count() == 1
    advisor = client_of(party.advisor)
    assert advisor.get(screen(opinion)).status_code == 404
    assert advisor.post(screen(opinion), giving()).status_code == 404
    assert dossier.label not in advisor.get(reverse("dossiers:my-opinions")).content.decode()
    assert not Dossier.objects.visible_to(party.advisor).exists()
    # Asked again, they are.
    assert advisor.get(screen(ask_one(dossier, party, party.advisor.email))).status_code == 200


def test_a_given_avis_stays(party, dossier):
    opinion = ask_one(dossier, party, party.advisor.email)
    client_of(party.advisor).post(screen(opinion), giving())
    with pytest.raises(DossierConflict):
        opinions.revoke(opinion=opinion, actor=party.instructor)


def test_reminded_by_hand_once_a_day(party, dossier):
    opinion = ask_one(dossier, party, party.advisor.email)
    address = reverse("dossiers:opinion-remind", args=[dossier.pk, opinion.pk])
    client = client_of(party.instructor)
    for _ in range(2):
        client.post(address)
    assert told(party.advisor) == ["opinion.asked", "opinion.reminder"]


def test_who_has_no_account_is_reminded_by_mail(party, dossier):
    opinion = ask_one(dossier, party, "hub@exemple.fr")
    mails.send_due_mails()
    opinions.remind(opinion=opinion, actor=party.instructor)
    assert mails.send_due_mails() == 1
    assert len(mail.outbox) == 2


def test_a_closed_dossier_waits_for_no_avis(party, dossier):
    opinion = ask_one(dossier, party, party.advisor.email)
    ask_one(dossier, party, "hub@exemple.fr")
    decide(dossier, party, State.ACCEPTED, waive_opinions=True)
    assert mails.send_due_mails() == 0
    assert client_of(party.advisor).get(screen(opinion)).status_code == 404
    assert told(party.advisor) == ["opinion.asked", "opinion.revoked"]
    answer = client_of(party.instructor).post(desk(dossier), asking(dossier, "autre@exemple.fr"))
    assert answer.status_code == 409
    assert "autre@exemple.fr" in answer.content.decode()


def test_an_avis_of_another_dossier_is_not_managed_through_one_s_own(party, dossier):
    other = make_dossier(party, State.INSTRUCTION)
    opinion = ask_one(other, party, party.advisor.email)
    for name in ("opinion-revoke", "opinion-remind"):
        address = reverse(f"dossiers:{name}", args=[dossier.pk, opinion.pk])
        assert client_of(party.instructor).post(address).status_code == 404


def test_lists_take_as_many_queries_for_one_as_for_three(party, dossier, django_assert_num_queries):
    client = client_of(party.advisor)
    ask_one(dossier, party, party.advisor.email)
    with django_assert_num_queries(11):
        client.get(reverse("dossiers:my-opinions"))
    for _ in range(2):
        ask_one(make_dossier(party, State.INSTRUCTION), party, party.advisor.email)
    with django_assert_num_queries(11):
        client.get(reverse("dossiers:my-opinions"))
    ask_one(dossier, party, "a@exemple.fr")
    desk_client = client_of(party.instructor)
    with django_assert_num_queries(14):
        desk_client.get(desk(dossier))
    ask_one(dossier, party, "b@exemple.fr")
    with django_assert_num_queries(14):
        desk_client.get(desk(dossier))


def test_the_card_of_one_s_space_says_what_is_to_give(party, dossier):
    client = client_of(party.advisor)
    assert "Avis à rendre" not in client.get(reverse("dashboard")).content.decode()
    opinion = ask_one(dossier, party, party.advisor.email)
    assert screen(opinion) in client.get(reverse("dashboard")).content.decode()
    client.post(screen(opinion), giving())
    page = client.get(reverse("dashboard")).content.decode()
    assert "Aucun avis ne vous est demandé" in page
    assert screen(opinion) not in page


def test_the_card_counts_more_than_it_shows(party):
    for _ in range(6):
        ask_one(make_dossier(party, State.INSTRUCTION), party, party.advisor.email)
    card = opinions_card(user=party.advisor)
    assert (card.count, len(card.entries)) == (6, 5)
