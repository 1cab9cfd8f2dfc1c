"""Whom each event is told to, once, and what the notice says."""

import datetime as dt

import pytest
from django.utils import timezone

from dossiers.enums import Action, InvitationRight, State
from dossiers.exchange import recipients
from dossiers.exchange.kinds import KINDS
from dossiers.exchange.messages import mark_read, post_message, withdraw_message
from dossiers.models import Absence, Dossier, DossierInvitation, Message
from portal.accounts.models import Membership
from portal.notifications.enums import Frequency
from portal.notifications.models import Notice
from portal.notifications.registry import kind_of
from portal.territories.models import Territory
from tests.dossiers.factories import act, decide, make_dossier, make_party, make_type, tomorrow
from tests.factories import make_member, make_user

from .factories import ask_one, confirm, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def party():
    return make_party()


def forget():
    Notice.objects.all().delete()


def everybody_told(kind=None):
    notices = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    return {each.recipient for each in notices.select_related("recipient")}


def test_a_deposit_is_acknowledged_and_told_to_the_service(party):
    make_dossier(party, State.DEPOSITED)
    assert everybody_told("dossier.received") == {party.depositor, party.colleague}
    assert everybody_told("instruction.deposited") == {party.instructor, party.validator}
    assert everybody_told() == {party.depositor, party.colleague, party.instructor, party.validator}


def test_the_acknowledgement_leaves_at_once_whatever_was_chosen(party):
    make_dossier(party, State.DEPOSITED)
    received = Notice.objects.get(recipient=party.depositor)
    assert received.frequency == Frequency.INSTANT
    assert not kind_of("dossier.received").can_be_muted


def test_what_needs_an_act_is_instant_and_the_rest_daily(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    items = [{"field": "nom", "question": "Précisez.", "mandatory": True}]
    act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(15), items=items)
    frequencies = dict(Notice.objects.filter(recipient=party.colleague).values_list("kind", "frequency"))
    assert frequencies["dossier.taken"] == Frequency.DAILY
    assert frequencies["dossier.requested"] == Frequency.INSTANT


def test_the_assignee_alone_is_told_and_nobody_of_what_they_did(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    forget()
    post_message(dossier=dossier, actor=party.depositor, body="Bonjour")
    assert everybody_told() == {party.instructor}
    forget()
    post_message(dossier=dossier, actor=party.instructor, body="Bonjour")
    assert everybody_told() == {party.depositor, party.colleague}


def test_an_assignee_who_instructs_no_more_leaves_it_to_the_service(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    Membership.objects.filter(user=party.instructor).delete()
    forget()
    post_message(dossier=dossier, actor=party.depositor, body="Bonjour")
    assert everybody_told() == {party.validator}


def test_without_anybody_there_the_nearest_above_is_told_and_the_nation_last(party):
    dossier = make_dossier(party, State.DEPOSITED)
    Membership.objects.filter(user__in=[party.instructor, party.validator]).delete()
    assert recipients.service(dossier) == [party.national]
    region = make_member("instructor", Territory.objects.get(level="region", code="75"))
    assert recipients.service(dossier) == [region]
    make_member("instructor", Territory.objects.get(level="region", code="76"))
    assert recipients.service(dossier) == [region]


def test_at_the_nation_its_instructors_come_before_the_administration(party):
    type_ = make_type(circuit="nation")
    dossier = make_dossier(party, State.DEPOSITED, type_)
    assert recipients.service(dossier) == [party.national]
    anct = make_member("instructor", Territory.objects.nation())
    assert recipients.service(dossier) == [anct]


def test_who_deposits_for_the_organisation_is_not_told_as_instructor(party):
    Membership.objects.create(user=party.colleague, role="instructor", territory=party.territory)
    make_dossier(party, State.DEPOSITED)
    assert told(party.colleague) == ["dossier.received"]


def test_an_absent_instructor_s_go_to_the_substitute(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    today = timezone.localdate()
    third = make_member("instructor", party.territory)
    Absence.objects.create(user=party.instructor, substitute=party.validator, starts_on=today, ends_on=today)
    assert recipients.instructors(dossier) == [party.validator]
    # Absent too: who stands in for them; round in a circle, somebody is told all the same.
    Absence.objects.create(user=party.validator, substitute=third, starts_on=today, ends_on=today)
    assert recipients.instructors(dossier) == [third]
    Absence.objects.create(user=third, substitute=party.instructor, starts_on=today, ends_on=today)
    assert len(recipients.instructors(dossier)) == 1


@pytest.mark.parametrize(("starts", "ends"), [(1, 3), (-3, -1)])
def test_an_absence_counts_on_its_days_alone(party, starts, ends):
    dossier = make_dossier(party, State.INSTRUCTION)
    today = timezone.localdate()
    Absence.objects.create(
        user=party.instructor,
        substitute=party.validator,
        starts_on=today + dt.timedelta(days=starts),
        ends_on=today + dt.timedelta(days=ends),
    )
    assert recipients.instructors(dossier) == [party.instructor]


def test_a_substitute_who_does_not_instruct_there_is_told_nothing(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    today = timezone.localdate()
    Absence.objects.create(user=party.instructor, substitute=party.elsewhere, starts_on=today, ends_on=today)
    assert recipients.instructors(dossier) == [party.instructor]


def test_guests_are_told_what_they_may_see(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    guests = {}
    for right in InvitationRight:
        guests[right] = make_user()
        DossierInvitation.objects.create(
            dossier=dossier,
            email=guests[right].email,
            user=guests[right],
            right=right,
            invited_by=party.depositor,
            accepted_at=timezone.now(),
            expires_at=timezone.now() + dt.timedelta(days=3),
        )
    forget()
    items = [{"field": "nom", "question": "Précisez.", "mandatory": True}]
    act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(15), items=items)
    assert everybody_told() == {party.depositor, party.colleague, guests[InvitationRight.EDIT]}
    forget()
    post_message(dossier=dossier, actor=party.instructor, body="Bonjour")
    assert everybody_told() == {party.depositor, party.colleague, *guests.values()}


def test_one_event_is_one_notice_a_person(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    DossierInvitation.objects.create(
        dossier=dossier,
        email=party.colleague.email,
        user=party.colleague,
        right=InvitationRight.EDIT,
        invited_by=party.depositor,
        accepted_at=timezone.now(),
        expires_at=timezone.now() + dt.timedelta(days=3),
    )
    forget()
    post_message(dossier=dossier, actor=party.instructor, body="Bonjour")
    assert told(party.colleague) == ["dossier.message"]


def test_a_notice_leads_there_and_says_nothing_of_what_is_in_it(party):
    confirm(party.advisor)
    dossier = make_dossier(party, State.INSTRUCTION)
    post_message(dossier=dossier, actor=party.instructor, body="Ornithorynque")
    post_message(dossier=dossier, actor=party.validator, body="Ornithorynque", internal=True)
    ask_one(dossier, party, party.advisor.email, question="Ornithorynque ?")
    decide(dossier, party, State.REFUSED, reason="Ornithorynque", waive_opinions=True)
    assert Notice.objects.count() > 8
    for each in Notice.objects.all():
        assert "Ornithorynque" not in each.subject + each.text + str(each.context)
        assert "refus" not in (each.subject + each.text).lower()
        assert "« Un projet »" in each.subject


def test_the_type_s_own_text_is_added(party):
    type_ = make_type(mail_texts={"received": "Écrivez-nous à subventions@exemple.fr."})
    make_dossier(party, State.DEPOSITED, type_)
    assert Notice.objects.get(recipient=party.depositor).text.endswith("\n\nÉcrivez-nous à subventions@exemple.fr.")
    assert "subventions" not in Notice.objects.get(recipient=party.instructor).text


def test_a_proposal_is_told_to_who_may_sign_it(party):
    dossier = make_dossier(party, State.INSTRUCTION, make_type(second_person=True))
    forget()
    act(Action.PROPOSE, dossier, party.instructor, outcome=State.ACCEPTED)
    assert everybody_told() == {party.validator}
    forget()
    act(Action.SEND_BACK, dossier, party.validator, reason="À revoir.")
    assert everybody_told() == {party.instructor}
    assert told(party.instructor) == ["instruction.sent_back"]


def test_a_note_is_told_to_instruction_alone(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    forget()
    post_message(dossier=dossier, actor=party.validator, body="À voir", internal=True)
    assert everybody_told() == {party.instructor}
    forget()
    # Who wrote before follows the notes.
    post_message(dossier=dossier, actor=party.instructor, body="Vu", internal=True)
    assert everybody_told() == {party.validator}
    forget()
    withdraw_message(message=Message.objects.filter(internal=True).order_by("-at")[0], actor=party.instructor)
    assert everybody_told() == set()


def relevant(user, kind):
    notice = Notice.objects.get(recipient=user, kind=kind)
    return kind_of(kind).still_relevant(user, notice.context)


def test_what_is_over_is_not_mailed_any_more(party):
    dossier = make_dossier(party, State.DEPOSITED)
    assert relevant(party.validator, "instruction.deposited")
    act(Action.TAKE, dossier, party.instructor)
    assert not relevant(party.validator, "instruction.deposited")
    items = [{"field": "nom", "question": "Précisez.", "mandatory": True}]
    act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(15), items=items)
    assert relevant(party.colleague, "dossier.requested")
    act(Action.WITHDRAW, dossier, party.depositor, reason="Abandon.")
    assert not relevant(party.colleague, "dossier.requested")


def test_who_lost_the_right_is_mailed_nothing(party):
    make_dossier(party, State.INSTRUCTION)
    assert relevant(party.colleague, "dossier.taken")
    Membership.objects.filter(user=party.colleague).delete()
    assert not relevant(party.colleague, "dossier.taken")


def test_a_message_read_or_taken_back_is_not_mailed(party):
    dossier = make_dossier(party, State.INSTRUCTION)
    sent = post_message(dossier=dossier, actor=party.instructor, body="Bonjour")
    assert relevant(party.depositor, "dossier.message")
    mark_read(dossier=dossier, actor=party.depositor, until=sent.at)
    assert not relevant(party.depositor, "dossier.message")
    assert relevant(party.colleague, "dossier.message")
    withdraw_message(message=sent, actor=party.instructor)
    assert not relevant(party.colleague, "dossier.message")


def test_an_avis_given_or_taken_back_is_not_asked_for_any_more(party):
    confirm(party.advisor)
    dossier = make_dossier(party, State.INSTRUCTION)
    opinion = ask_one(dossier, party, party.advisor.email)
    assert relevant(party.advisor, "opinion.asked")
    opinion.state = "annule"
    opinion.save()
    assert not relevant(party.advisor, "opinion.asked")


def test_a_dossier_in_the_bin_is_told_of_no_more(party):
    dossier = make_dossier(party, State.DEPOSITED)
    Dossier.objects.filter(pk=dossier.pk).update(binned_at=timezone.now())
    assert not relevant(party.validator, "instruction.deposited")


def test_every_kind_reads_well_whatever_its_context():
    for each in KINDS:
        kind = kind_of(each.kind)
        assert kind.subject({"name": "X"}).endswith(" : X")
        assert "{" not in kind.text({})
        assert kind.still_relevant(None, {}) is (each.kind == "opinion.revoked")
