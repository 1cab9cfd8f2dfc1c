"""Working days, reminders, escalation, measures."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from pages.models import ReviewItem
from pages.moderation import services
from pages.moderation.days import after_working_days, easter, holidays
from pages.moderation.delays import measure, quantile
from pages.moderation.jobs import escalate, remind
from portal.notifications.models import Notice
from tests.factories import make_user

from .factories import review

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "day", [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22), (1961, 4, 2)]
)
def test_easter(day):
    assert easter(day[0]) == dt.date(*day)


def test_the_public_holidays_of_2026():
    found = sorted(f"{day:%d/%m}" for day in holidays(2026))
    assert found == sorted(
        ["01/01", "06/04", "01/05", "08/05", "14/05", "25/05", "14/07", "15/08", "01/11", "11/11", "25/12"]
    )


@pytest.mark.parametrize(
    ("start", "zone", "end"),
    [
        ("2026-06-01T10:00+02:00", "Europe/Paris", "2026-06-04T10:00+02:00"),  # Monday.
        ("2026-06-05T18:30+02:00", "Europe/Paris", "2026-06-10T18:30+02:00"),  # Friday evening: over the week-end.
        ("2026-06-06T11:00+02:00", "Europe/Paris", "2026-06-11T00:00+02:00"),  # Saturday counts from Monday.
        ("2026-05-06T09:00+02:00", "Europe/Paris", "2026-05-12T09:00+02:00"),  # Over 8 May and a week-end.
        ("2026-10-23T09:00+02:00", "Europe/Paris", "2026-10-28T09:00+01:00"),  # The clock goes back: same hour there.
        ("2026-06-07T21:00+00:00", "Indian/Reunion", "2026-06-11T01:00+04:00"),  # Sunday in Paris, Monday there.
    ],
)
def test_three_working_days(start, zone, end):
    assert after_working_days(dt.datetime.fromisoformat(start), 3, zone) == dt.datetime.fromisoformat(end)


def kinds(user):
    return sorted(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


def test_a_reminder_after_three_days_is_sent_once(landes_space, editor, colleague, regional):
    item = review(landes_space, editor)
    assert remind(item.due_at - dt.timedelta(minutes=1)) == 0
    assert remind(item.due_at) == 1
    assert remind(item.due_at + dt.timedelta(days=1)) == 0
    assert kinds(colleague) == ["moderation.new", "moderation.reminder"]
    assert kinds(regional) == kinds(editor) == []


def test_the_region_sees_it_after_six_days(client, landes_space, editor, colleague, regional, nouvelle_aquitaine):
    item = review(landes_space, editor, title="Une page oubliée")
    client.force_login(regional)
    queue = reverse("review_queue")
    assert "Une page oubliée" not in client.get(queue).content.decode()
    assert "Une page oubliée" in client.get(queue, {"portee": "all"}).content.decode()
    assert escalate(item.escalates_at - dt.timedelta(minutes=1)) == 0
    assert escalate(item.escalates_at) == 1
    assert escalate(item.escalates_at + dt.timedelta(days=3)) == 0
    item.refresh_from_db()
    assert item.escalated_to == nouvelle_aquitaine
    assert kinds(regional) == ["moderation.escalated"]
    shown = client.get(queue).content.decode()
    assert "Une page oubliée" in shown
    assert "Signalée" in shown
    assert "Relecture (1)" in shown


def test_what_is_decided_is_not_reminded(landes_space, editor, colleague):
    item = review(landes_space, editor)
    services.refuse(item=item, actor=colleague, version=item.version, reason="Non")
    assert remind(item.escalates_at) == escalate(item.escalates_at) == 0


def test_an_assignee_alone_is_reminded_and_one_who_left_is_not(landes_space, editor, colleague, regional):
    item = services.reassign(item=review(landes_space, editor), actor=colleague, assignee=regional)
    regional.memberships.all().delete()
    remind(item.due_at)
    assert kinds(regional) == ["moderation.assigned"]
    assert "moderation.reminder" in kinds(colleague)
    item.refresh_from_db()
    assert item.assignee is None


def test_quantiles():
    assert quantile([1.0], 0.9) == 1.0
    assert quantile([float(n) for n in range(1, 11)], 0.5) == 5.0
    assert quantile([float(n) for n in range(1, 11)], 0.9) == 9.0
    day = dt.datetime(2026, 1, 5, tzinfo=PARIS)
    hours = [(day, day + dt.timedelta(hours=h), day + dt.timedelta(hours=5)) for h in (2, 4, 8, 10)]
    found = measure("x", hours)
    assert (found.count, found.median, found.p90, found.late) == (4, 4.0, 10.0, 50)


def test_the_report_and_its_csv(client, landes_space, editor, colleague):
    item = review(landes_space, editor)
    services.approve(item=item, actor=colleague, version=item.version)
    ReviewItem.objects.update(submitted_at=item.submitted_at - dt.timedelta(hours=30))
    client.force_login(colleague)
    address = reverse("review_delays")
    shown = client.get(address).content.decode()
    assert "30,0" in shown
    table = client.get(address, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert table[0].startswith("Par;Groupe;Décisions")
    assert table[2] == "Espace;Landes;1;30,0;30,0;0"
    client.force_login(make_user())
    assert client.get(address).status_code in (302, 403)
