"""J-7, J-2, J+1, then the end of the delay: at the territory's hours, each once, whoever runs it and however often."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from dossiers.enums import Action, EventKind, RequestState, State
from dossiers.exchange import notices, reminders
from dossiers.models import ComplementRequest, Dossier, Reminder
from dossiers.rules import DossierRefused
from portal.notifications.models import Notice
from portal.territories.models import Territory
from tests.dossiers.factories import act, make_dossier, make_organisation, make_party, make_type, tomorrow

from .factories import ask_one, confirm, told

pytestmark = pytest.mark.django_db
ITEMS = [{"field": "nom", "question": "Précisez.", "mandatory": True}]


@pytest.fixture
def party():
    return make_party()


def asked(party, days=20, **options):
    """A dossier to be completed within ``days``."""
    dossier = make_dossier(party, State.INSTRUCTION, make_type(**options))
    act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(days), items=ITEMS)
    Notice.objects.all().delete()
    return ComplementRequest.objects.get(dossier=dossier)


def at(request, days, hour=9, zone="Europe/Paris"):
    """A moment, in days from the due day."""
    return dt.datetime.combine(request.due_on + dt.timedelta(days=days), dt.time(hour), ZoneInfo(zone))


def test_each_reminder_leaves_once_on_its_day(party):
    request = asked(party)
    for days, kinds in [
        (-8, []),
        (-7, ["J-7"]),
        (-6, ["J-7"]),
        (-2, ["J-7", "J-2"]),
        (0, ["J-7", "J-2"]),
        (1, ["J-7", "J-2", "J+1"]),
    ]:
        for _ in range(2):
            reminders.remind(at(request, days))
        assert sorted(Reminder.objects.values_list("kind", flat=True)) == sorted(kinds)
    assert told(party.depositor) == ["dossier.reminder", "dossier.reminder", "dossier.overdue"]
    assert told(party.colleague) == told(party.depositor)
    assert told(party.reader) == told(party.instructor) == []


def test_not_before_eight_in_the_morning_there(party):
    request = asked(party)
    assert reminders.remind(at(request, -7, hour=7)) == 0
    assert reminders.remind(at(request, -7, hour=8)) == 1


def test_the_hour_is_the_territory_s(party):
    party.territory = Territory.objects.get(level="departement", code="974")
    party.organisation = make_organisation(party.territory)
    for user in (party.depositor, party.colleague, party.reader):
        user.memberships.update(organisation=party.organisation)
    for user in (party.instructor, party.validator):
        user.memberships.update(territory=party.territory)
    request = asked(party)
    assert request.due_at == dt.datetime.combine(request.due_on, dt.time(23, 59, 59), ZoneInfo("Indian/Reunion"))
    assert reminders.remind(at(request, -7, hour=7, zone="Indian/Reunion")) == 0
    assert reminders.remind(at(request, -7, hour=8, zone="Indian/Reunion")) == 1
    assert "heure de La Réunion" in Notice.objects.filter(recipient=party.depositor).get().text


def test_a_short_delay_is_not_reminded_of_days_before_it_began(party):
    request = asked(party, days=3)
    reminders.remind(at(request, -2))
    assert list(Reminder.objects.values_list("kind", flat=True)) == ["J-2"]


def test_after_an_outage_the_last_alone_is_sent(party):
    request = asked(party)
    assert reminders.remind(at(request, 2)) == 1
    assert list(Reminder.objects.values_list("kind", flat=True)) == ["J+1"]
    assert told(party.depositor) == ["dossier.overdue"]


def test_the_evening_before_the_end_is_not_reminded_as_past(party):
    request = asked(party)
    reminders.remind(at(request, 0, hour=23))
    assert list(Reminder.objects.values_list("kind", flat=True)) == ["J-2"]


def test_a_reminder_rolled_back_is_sent_later(party, monkeypatch):
    request = asked(party)

    def fails(*args):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(notices, "tell_reminder", fails)
        assert reminders.remind(at(request, -7)) == 0
    assert not Reminder.objects.exists()
    assert reminders.remind(at(request, -7)) == 1


def test_one_that_fails_holds_up_no_other(party, monkeypatch):
    first, second = asked(party), asked(party)
    tell = notices.tell_reminder

    def fails(request, kind):
        if request.pk == first.pk:
            raise RuntimeError
        tell(request, kind)

    monkeypatch.setattr(notices, "tell_reminder", fails)
    assert reminders.remind(at(first, -7)) == 1
    assert list(Reminder.objects.values_list("subject", flat=True)) == [second.pk]


def test_two_processes_write_one_row(party):
    """The second finds the row of the first; its transaction goes on."""
    request = asked(party)
    with transaction.atomic():
        Reminder.objects.create(subject=request.pk, kind="J-7")
    assert reminders._remind([request], reminders.REMINDERS, notices.tell_reminder, at(request, -7)) == 0
    assert not Notice.objects.exists()


def test_what_is_answered_is_not_reminded(party):
    request = asked(party)
    ComplementRequest.objects.filter(pk=request.pk).update(state=RequestState.ANSWERED)
    assert reminders.remind(at(request, -2)) == 0


def test_as_many_queries_for_requests_already_reminded(party, django_assert_num_queries):
    for _ in range(3):
        request = asked(party)
        reminders.remind(at(request, -7))
        with django_assert_num_queries(2):
            reminders.remind(at(request, -7))


def due_ago(request, ago, reminded=None):
    """Move the due moment (and the last reminder) into the past: the service of transitions reads the clock."""
    due_at = timezone.now() - ago
    ComplementRequest.objects.filter(pk=request.pk).update(
        due_at=due_at, due_on=due_at.date(), asked_at=due_at - dt.timedelta(days=20)
    )
    if reminded is not None:
        Reminder.objects.update_or_create(subject=request.pk, kind="J+1", defaults={"at": timezone.now() - reminded})


@pytest.mark.parametrize(("drops", "state"), [(False, State.INSTRUCTION), (True, State.DROPPED)])
def test_past_the_grace_the_delay_ends(party, drops, state):
    request = asked(party, grace_days=3, drop_when_overdue=drops)
    due_ago(request, dt.timedelta(days=2, hours=23), reminded=dt.timedelta(days=2))
    assert reminders.expire() == 0
    due_ago(request, dt.timedelta(days=3, minutes=1), reminded=dt.timedelta(days=2))
    assert [reminders.expire() for _ in range(2)] == [1, 0]
    dossier = Dossier.objects.get()
    assert dossier.state == state
    assert ComplementRequest.objects.get().state == RequestState.EXPIRED
    assert dossier.events.filter(kind=EventKind.EXPIRED).count() == 1
    assert told(party.depositor)[-1] == "dossier.expired"
    assert told(party.instructor) == ["instruction.lapsed"]


def test_nobody_is_late_who_was_not_reminded_a_day_before(party):
    request = asked(party, grace_days=0)
    due_ago(request, dt.timedelta(days=7))
    # The portal wakes up a week after the date: it reminds first.
    assert reminders.run() == {"reminded": 1, "opinions": 0, "expired": 0}
    assert reminders.run() == {"reminded": 0, "opinions": 0, "expired": 0}
    due_ago(request, dt.timedelta(days=7), reminded=dt.timedelta(hours=23))
    assert reminders.expire() == 0
    due_ago(request, dt.timedelta(days=7), reminded=dt.timedelta(hours=25))
    assert reminders.expire() == 1


def test_one_that_was_answered_meanwhile_is_left(party, monkeypatch):
    first, second = asked(party, grace_days=0), asked(party, grace_days=0)
    for each in (first, second):
        due_ago(each, dt.timedelta(days=7), reminded=dt.timedelta(days=2))
    perform = reminders.perform

    def late(action, *, dossier, **given):
        if dossier == first.dossier_id:
            raise DossierRefused("due", "L’échéance n’est pas passée.")
        return perform(action, dossier=dossier, **given)

    monkeypatch.setattr(reminders, "perform", late)
    assert reminders.expire() == 1


def test_advisors_are_reminded_too(party):
    confirm(party.advisor)
    dossier = make_dossier(party, State.INSTRUCTION)
    opinion = ask_one(dossier, party, party.advisor.email)
    for days in (-7, -2, -1, 1, 2):
        for _ in range(2):
            reminders.remind_advisors(at(opinion, days))
    assert told(party.advisor) == ["opinion.asked", "opinion.reminder", "opinion.reminder"]
    assert sorted(Reminder.objects.values_list("kind", flat=True)) == ["J+1", "J-2"]
