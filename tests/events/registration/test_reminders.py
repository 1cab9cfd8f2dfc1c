"""Reminders: the right hour, the right people, once; late, moved, cancelled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from events.enums import EventMailKind
from events.models import EventMail, Registration
from events.registration import mailing, services
from events.registration.reminders import moment_of, plan_reminders, remind

from ..factories import a_date, make_event, make_registration, publish, reload

pytestmark = pytest.mark.django_db
ALL = {"remind_week": True, "remind_day": True, "remind_hour": True, "follow_up": True}
DAY = date(2027, 6, 10)


def an_occurrence(space, day=DAY, zone="", **fields):
    page = make_event(space, a_date(day, time(14), time(16)), registration="internal", time_zone=zone, **(ALL | fields))
    return page.occurrences.get()


def registered(occurrence, *args, **fields):
    """Somebody registered long before."""
    made = make_registration(occurrence, *args, **fields)
    Registration.objects.filter(pk=made.pk).update(changed_at=datetime(2027, 1, 1, tzinfo=ZoneInfo("UTC")))
    return made


def there(zone: str, day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Tahiti", "Indian/Reunion", "America/Miquelon"])
def test_each_at_its_hour_where_the_event_is(landes_space, zone):
    occurrence = an_occurrence(landes_space, zone=zone)
    registered(occurrence)
    expected = [
        (there(zone, DAY - timedelta(days=7), 9), "j7"),
        (there(zone, DAY - timedelta(days=1), 9), "j1"),
        (there(zone, DAY, 13), "h1"),
        (there(zone, DAY + timedelta(days=1), 10), "after"),
    ]
    for moment, kind in expected:
        assert remind(now=moment - timedelta(minutes=1)) == 0
        assert remind(now=moment) == 1
        assert EventMail.objects.order_by("pk").last().kind == kind
        assert remind(now=moment + timedelta(minutes=5)) == 0
    assert [letter.subject.split(" :")[0] for letter in mail.outbox] == [
        "Dans une semaine",
        "Demain",
        "Dans une heure",
        "Merci d’être venu",
    ]


def test_clocks_that_change_in_between_do_not_move_the_morning(landes_space):
    # 28 March 2027: summer time begins in Paris.
    occurrence = an_occurrence(landes_space, day=date(2027, 3, 28))
    assert moment_of(EventMailKind.DAY_BEFORE, occurrence) == there("Europe/Paris", date(2027, 3, 27), 9)
    assert moment_of(EventMailKind.WEEK_BEFORE, occurrence) == there("Europe/Paris", date(2027, 3, 21), 9)


def test_three_days_late_only_what_still_makes_sense(landes_space):
    occurrence = an_occurrence(landes_space)
    registered(occurrence)
    # The timer was away from the week's reminder to the eve: one letter, the eve's.
    assert remind(now=there("Europe/Paris", DAY - timedelta(days=1), 12)) == 1
    assert list(EventMail.objects.values_list("kind", flat=True)) == ["j1"]
    # Away again, past the start: no reminder of what began, the word of thanks is two days late.
    assert remind(now=there("Europe/Paris", DAY + timedelta(days=3), 12)) == 1
    assert EventMail.objects.order_by("pk").last().kind == "after"
    assert remind(now=there("Europe/Paris", DAY + timedelta(days=12), 12)) == 0


def test_nobody_who_is_not_confirmed(landes_space):
    occurrence = an_occurrence(landes_space)
    for state in ("pending", "waiting", "offered", "cancelled", "refused", "expired"):
        registered(occurrence, state)
    absent = registered(occurrence, attended=False)
    eve = there("Europe/Paris", DAY - timedelta(days=1), 9)
    assert remind(now=eve) == 1
    assert mail.outbox[0].to == [absent.email]
    assert remind(now=there("Europe/Paris", DAY + timedelta(days=1), 10)) == 0, "absent: no thanks"


def test_what_was_planned_is_asked_again_when_it_leaves(landes_space):
    occurrence = an_occurrence(landes_space)
    gone = registered(occurrence)
    eve = there("Europe/Paris", DAY - timedelta(days=1), 9)
    assert plan_reminders(now=eve) == 1
    services.withdraw(registration=gone, actor=None, now=eve)
    remind(now=eve)
    assert EventMail.objects.get(kind="j1").state == "skipped"


@pytest.mark.parametrize("status", ["annule", "reporte"])
def test_none_for_what_will_not_take_place(landes_space, status):
    occurrence = an_occurrence(landes_space)
    registered(occurrence)
    page = reload(occurrence.page)
    page.status, page.status_reason = status, "Salle fermée."
    publish(page)
    assert plan_reminders(now=there("Europe/Paris", DAY - timedelta(days=1), 9)) == 0


def test_a_moved_date_is_reminded_of_anew(landes_space):
    occurrence = an_occurrence(landes_space)
    registered(occurrence)
    eve = there("Europe/Paris", DAY - timedelta(days=1), 9)
    assert remind(now=eve) == 1
    page = reload(occurrence.page)
    entered = page.dates.get()
    entered.start_date = DAY + timedelta(days=30)
    page.dates = [entered]
    publish(page)
    assert plan_reminders(now=eve + timedelta(minutes=5)) == 0
    assert remind(now=eve + timedelta(days=30)) >= 1
    assert list(EventMail.objects.filter(kind="j1").values_list("state", flat=True)) == ["sent", "sent"]


def test_who_registers_after_the_reminder_has_the_confirmation_alone(landes_space):
    occurrence = an_occurrence(landes_space)
    late = make_registration(occurrence)
    eve = there("Europe/Paris", DAY - timedelta(days=1), 9)
    Registration.objects.filter(pk=late.pk).update(changed_at=eve + timedelta(hours=1))
    assert plan_reminders(now=eve + timedelta(hours=2)) == 0


def test_the_follow_up_has_the_replay(landes_space):
    occurrence = an_occurrence(landes_space, replay_url="https://video.exemple.fr/replay")
    registered(occurrence)
    remind(now=there("Europe/Paris", DAY + timedelta(days=1), 10))
    assert "https://video.exemple.fr/replay" in mail.outbox[0].body


@pytest.mark.parametrize("count", [1, 3])
def test_planning_takes_as_many_queries_for_three_as_for_one(landes_space, django_assert_num_queries, count):
    for _ in range(count):
        occurrence = an_occurrence(landes_space)
        for _ in range(count):
            registered(occurrence)
    with django_assert_num_queries(4):
        plan_reminders(now=there("Europe/Paris", DAY - timedelta(days=1), 9))


def test_a_relay_that_is_away_loses_nothing(landes_space, settings):
    registered(an_occurrence(landes_space))
    settings.EMAIL_BACKEND = "tests.events.registration.relays.Away"
    eve = there("Europe/Paris", DAY - timedelta(days=1), 9)
    assert remind(now=eve) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind(now=eve + timedelta(seconds=30)) == 0, "later and later"
    assert remind(now=eve + timedelta(minutes=2)) == 1


def test_many_mails_of_one_transaction_wake_the_sender_once(landes_space, django_capture_on_commit_callbacks):
    occurrence = an_occurrence(landes_space)
    for _ in range(4):
        registered(occurrence)
    page = reload(occurrence.page)
    page.status, page.status_reason = "annule", "Salle fermée."
    with django_capture_on_commit_callbacks() as callbacks:
        publish(page)
    assert EventMail.objects.filter(kind="called_off").count() == 4
    assert callbacks.count(mailing._enqueue) == 1
