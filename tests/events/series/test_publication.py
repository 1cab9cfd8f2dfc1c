"""Rules and dates of a live page become its occurrences."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from events import series, signals
from events.models import EventDate, Occurrence
from events.services import extend_series, publish_occurrences

from ..factories import a_date, a_rule, day_in, make_event, make_registration, make_venue, publish, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """What the signals said, as (name, occurrence's key, before)."""
    heard = []

    def hear(name):
        def receiver(sender, occurrence, **more):
            heard.append((name, occurrence.pk, set(more.get("before", {}))))

        return receiver

    receivers = {name: hear(name) for name in ("occurrence_moved", "occurrence_called_off", "seats_changed")}
    for name, receiver in receivers.items():
        getattr(signals, name).connect(receiver)
    yield heard
    for name, receiver in receivers.items():
        getattr(signals, name).disconnect(receiver)


def of(page):
    return list(Occurrence.objects.filter(page=page).order_by("starts_at"))


def test_a_rule_and_free_dates_together(landes_space):
    page = make_event(landes_space, a_date(day_in(11)), rules=[a_rule(count=3, capacity=12)], capacity=30)
    assert [o.start_date for o in of(page)] == [day_in(10), day_in(11), day_in(17), day_in(24)]
    assert [o.capacity for o in of(page)] == [12, 30, 12, 12]


def test_dates_keep_their_identity_through_publications(landes_space):
    page = make_event(landes_space, rules=[a_rule(count=3)])
    before = {o.start_date: (o.pk, o.uid) for o in of(page)}
    page = reload(page)
    page.rules = [rule] = list(page.rules.all())
    rule.count = 4
    page.title = "Autre titre"
    publish(page)
    after = {o.start_date: (o.pk, o.uid) for o in of(page)}
    assert len(after) == 4
    assert before.items() <= after.items()


def test_a_date_of_the_page_stands_in_for_that_of_its_rule(landes_space, told):
    page = make_event(landes_space, rules=[a_rule(count=3, capacity=10)], title="Les jeudis")
    second = of(page)[1]
    place = make_venue(name="Ailleurs")
    page = reload(page)
    page.dates = [
        EventDate(
            key=second.key,
            rule_key=second.rule_key,
            rule_date=second.rule_date,
            start_date=day_in(18),
            start_time=time(14),
            end_time=time(16),
            title="Séance déplacée",
            venue=place,
        )
    ]
    publish(page)
    moved = Occurrence.objects.get(pk=second.pk)
    assert len(of(page)) == 3
    assert (moved.start_date, moved.uid, moved.sequence) == (day_in(18), second.uid, 1)
    assert (moved.shown_title, moved.venue, moved.capacity) == ("Séance déplacée", place, 10)
    assert "Ailleurs" in bytes(moved.ics).decode()
    assert [(name, pk) for name, pk, _ in told] == [("occurrence_moved", second.pk)]


def test_online_dates_have_no_place(landes_space):
    page = make_event(landes_space, a_date(mode="en_ligne", join_url="https://visio.exemple.fr/x"), a_date(day_in(12)))
    assert [(o.mode, o.venue_id is None) for o in of(page)] == [("en_ligne", True), ("sur_place", False)]


def test_a_date_that_goes_is_deleted_or_cancelled_where_somebody_is_registered(landes_space, told):
    page = make_event(landes_space, a_date(), a_date(day_in(12)), a_date(day_in(14)))
    first, second, third = of(page)
    make_registration(second)
    page = reload(page)
    page.dates = [date for date in page.dates.all() if date.key == first.key]
    publish(page)
    assert {o.pk: o.status for o in of(page)} == {first.pk: "programme", second.pk: "annule"}
    assert told == [("occurrence_called_off", second.pk, set())]
    publish(reload(page))
    assert len(told) == 1, "told once"
    assert third.pk not in [o.pk for o in of(page)]


def test_called_off_back_on_and_seats(landes_space, told):
    page = make_event(landes_space, a_date(), capacity=5)
    only = of(page)[0]
    page = reload(page)
    page.status, page.status_reason = "annule", "Salle fermée."
    publish(page)
    page = reload(page)
    page.status, page.capacity = "programme", 8
    publish(page)
    assert [name for name, pk, _ in told if pk == only.pk] == [
        "occurrence_called_off",
        "occurrence_moved",
        "seats_changed",
    ]


def test_what_is_past_is_told_to_nobody(landes_space, told):
    page = make_event(landes_space, a_date(day_in(-3)))
    page = reload(page)
    page.status, page.status_reason = "annule", "Trop tard."
    publish(page)
    assert told == []


def test_publishing_the_same_writes_no_occurrence(landes_space, django_assert_num_queries):
    page = make_event(landes_space, rules=[a_rule(count=50)])
    stamps = {o.pk: (o.modified_at, o.sequence) for o in of(page)}
    publish(reload(page))
    assert {o.pk: (o.modified_at, o.sequence) for o in of(page)} == stamps


def test_the_horizon_moves_on(landes_space):
    page = make_event(landes_space, rules=[a_rule(), a_rule(first=day_in(11), count=2)])
    count = len(of(page))
    last = of(page)[-1].start_date
    assert extend_series() == 0
    later = timezone.now() + timedelta(days=60)
    assert extend_series(now=later) == 1
    assert last < of(page)[-1].start_date <= series.horizon(later.date())
    assert len(of(page)) in (count + 8, count + 9)
    assert extend_series(now=later) == 0


def test_an_interrupted_publication_changes_nothing(landes_space):
    page = make_event(landes_space, rules=[a_rule(count=3)])
    before = of(page)

    def fail(sender, occurrence, **more):
        raise RuntimeError

    signals.occurrence_called_off.connect(fail)
    page = reload(page)
    page.status, page.status_reason = "annule", "Salle fermée."
    try:
        with pytest.raises(RuntimeError):
            publish_occurrences(page=page)
    finally:
        signals.occurrence_called_off.disconnect(fail)
    assert [o.status for o in of(page)] == [o.status for o in before]
