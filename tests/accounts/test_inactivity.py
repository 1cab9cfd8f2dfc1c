"""Accounts nobody uses: told twice, each once, then erased; a sign-in starts again; administrators are only told."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.accounts.data.models import Erasure
from portal.accounts.data.services import request_erasure, watch_inactive
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.jobs.schedule import registered_jobs
from portal.notifications import delivery
from portal.notifications.enums import Frequency
from portal.notifications.models import Notice
from portal.notifications.services import set_frequencies
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db
JOINED = dt.datetime(2023, 1, 1, 12, tzinfo=dt.UTC)


def day(number):
    """So many days after the last sign-in."""
    return JOINED + dt.timedelta(days=number)


@pytest.fixture
def run(commit, monkeypatch):
    """``run(700)``: the periodic work on that day, and the mails it queued."""

    def at(number):
        monkeypatch.setattr(timezone, "now", lambda: day(number))
        with commit():
            return {name: count for name, count in watch_inactive().items() if count}

    return at


@pytest.fixture
def idle():
    return make_user(last_login=JOINED, date_joined=JOINED - dt.timedelta(days=10))


def test_it_is_run_by_tick():
    assert {"watch-inactive-accounts", "erase-accounts"} <= {job.name for job in registered_jobs()}


def test_told_twice_then_erased(run, idle, mailoutbox):
    set_frequencies(actor=idle, frequencies={"account": Frequency.NONE})
    address = idle.email
    assert run(699) == {}
    assert run(700) == {"first": 1}
    assert run(700) == run(729) == {}
    [first] = mailoutbox
    assert first.subject == "Votre compte va être supprimé faute d’usage"
    assert "depuis le 1er janvier 2023" in first.body
    assert run(731) == {"final": 1}
    assert run(731) == run(760) == {}
    assert mailoutbox[1].subject.startswith("Dernier rappel")
    assert run(762) == {"erased": 1}
    assert run(800) == {}
    idle.refresh_from_db()
    assert str(idle) == "Compte supprimé"
    assert [mail.to for mail in mailoutbox] == [[address]] * 3
    assert mailoutbox[2].subject == "Votre compte est supprimé"
    assert Erasure.objects.get().origin == "inactive"


def test_the_days_told_are_those_that_hold(run, idle):
    run(700)
    notice = Notice.objects.get()
    run(731)
    assert notice.context["until"] == "30 janvier 2025"
    final = Notice.objects.exclude(pk=notice.pk).get()
    assert final.context["until"] == "31 janvier 2025"


def test_a_portal_started_again_after_years_leaves_as_much_time(run, idle):
    assert run(2000) == {"first": 1}
    assert run(2001) == {}
    assert run(2030) == {"final": 1}
    assert run(2059) == {}
    assert run(2060) == {"erased": 1}


def test_signing_in_starts_again(run, idle):
    run(700)
    run(731)
    User.objects.filter(pk=idle.pk).update(last_login=day(740))
    assert run(800) == {}
    assert run(740 + 700) == {"first": 1}


def test_nobody_is_erased_who_could_not_be_told(run, idle, monkeypatch, mailoutbox):
    class Away:
        def send_messages(self, messages):
            raise ConnectionRefusedError

        def close(self):
            pass

    run(700)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "get_connection", lambda: Away())
        assert run(731) == {"final": 1}
        assert run(765) == {}
    assert delivery.send_due() == 1
    assert run(766) == {}
    assert run(796) == {"erased": 1}


def test_who_administers_is_told_once_and_stays(run, nation, idle, mailoutbox):
    admin = make_member(Role.ADMIN_NATIONAL, nation, last_login=JOINED)
    root = make_user(is_superuser=True, last_login=JOINED)
    assert run(700) == {"first": 1, "admins": 2}
    for number in (731, 762, 2000):
        assert "admins" not in run(number)
    for person in (admin, root):
        person.refresh_from_db()
        assert person.is_active
        assert sum(mail.to == [person.email] for mail in mailoutbox) == 1


def test_accounts_that_somebody_disabled_go_after_three_years(run, mailoutbox):
    disabled = make_user(is_active=False, last_login=JOINED)
    pending = make_user(last_login=JOINED)
    request_erasure(actor=pending)
    assert run(1094) == {}
    assert run(1095) == {"erased": 1}
    disabled.refresh_from_db()
    pending.refresh_from_db()
    assert str(disabled) == "Compte supprimé"
    assert pending.email.startswith("personne")
    assert run(1096) == {}


def test_those_who_never_signed_in_count_from_the_day_they_joined(run):
    make_user(date_joined=JOINED)
    assert run(700) == {"first": 1}


def test_looking_at_many_costs_the_same(idle, django_assert_num_queries):
    """One query for the administrators, one for people, one for their notices, one for the disabled."""
    watch_inactive(day(700))
    with django_assert_num_queries(4):
        watch_inactive(day(701))
    for _ in range(2):
        make_user(last_login=JOINED)
    watch_inactive(day(701))
    with django_assert_num_queries(4):
        watch_inactive(day(702))
