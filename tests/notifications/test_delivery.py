"""Sending: digests where and when the person is, retries, leases; nothing lost, nothing handed over twice."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as mails
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from portal.notifications import delivery
from portal.notifications.delivery import send_due
from portal.notifications.enums import Frequency, MailState
from portal.notifications.models import Notice
from portal.notifications.services import forget_read_notices, mark_read, notify, set_frequencies
from portal.notifications.times import next_digest
from portal.territories.models import Territory
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class Relay(EmailBackend):
    """A relay that fails as it is told to, one answer a message; then takes everything."""

    answers: list[Exception] = []

    def send_messages(self, messages):
        if self.answers:
            raise self.answers.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def relay(settings, monkeypatch, mailoutbox):
    settings.EMAIL_BACKEND = f"{__name__}.Relay"
    monkeypatch.setattr(Relay, "answers", [])
    monkeypatch.setattr(delivery, "get_connection", lambda: Relay())
    return Relay.answers


def tell(person, event="e1", kind="test.told", **context):
    """Told without the task that would send it at once."""
    notify(kind, recipients=[person], event=event, context=context)


def later(**delta):
    return timezone.now() + dt.timedelta(**delta)


# --- When a digest leaves ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("now", "frequency", "territory", "expected"),
    [
        ("2026-03-02T05:59", "daily", None, "2026-03-02T06:00"),  # Seven in Paris, in winter.
        ("2026-03-02T06:00", "daily", None, "2026-03-03T06:00"),
        ("2026-03-28T07:00", "daily", None, "2026-03-29T05:00"),  # The night the clocks go forward.
        ("2026-03-02T02:59", "daily", ("departement", "974"), "2026-03-02T03:00"),
        ("2026-03-02T06:00", "weekly", None, "2026-03-09T06:00"),  # A Monday, its seven o'clock just past.
        ("2026-03-08T20:00", "weekly", ("departement", "974"), "2026-03-09T03:00"),  # Already Monday there.
    ],
)
def test_a_digest_leaves_at_seven_where_the_person_is(now, frequency, territory, expected):
    place = Territory.objects.get(level=territory[0], code=territory[1]) if territory else None
    person = make_user(territory=place)
    moment = next_digest(person, frequency, dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC))
    assert moment == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)


# --- Digests ----------------------------------------------------------------------------------------------------------
def test_a_digest_gathers_what_is_unread_once(mailoutbox):
    person = make_user()
    set_frequencies(actor=person, frequencies={"contribution": Frequency.DAILY})
    for number in range(3):
        tell(person, f"e{number}", title=f"Titre {number}")
    mark_read(actor=person, notice=Notice.objects.get(event="e1").pk)
    assert send_due() == 0
    assert mailoutbox == []
    tomorrow = later(days=1, hours=1)
    assert send_due(tomorrow) == 1
    [mail] = mailoutbox
    assert mail.subject == "Votre résumé\u00a0: 2 nouveautés"
    assert "« Titre 0 » est arrivé" in mail.body
    assert "« Titre 2 » est arrivé" in mail.body
    assert "Titre 1" not in mail.body
    assert send_due(tomorrow) == 0
    assert send_due(tomorrow + dt.timedelta(days=1)) == 0


@pytest.mark.parametrize("why", ["read", "gone", "disabled"])
def test_a_digest_is_never_empty(mailoutbox, why):
    person = make_user()
    set_frequencies(actor=person, frequencies={"contribution": Frequency.WEEKLY})
    tell(person, gone=why == "gone")
    if why == "read":
        mark_read(actor=person, notice=Notice.objects.get().pk)
    if why == "disabled":
        person.is_active = False
        person.save()
    assert send_due(later(days=8)) == 0
    assert mailoutbox == []
    assert Notice.objects.get().mail == MailState.NONE


def test_a_long_digest_says_how_much_more_there_is(mailoutbox, monkeypatch):
    monkeypatch.setattr(delivery, "MOST_IN_A_DIGEST", 2)
    person = make_user()
    set_frequencies(actor=person, frequencies={"contribution": Frequency.DAILY})
    for number in range(5):
        tell(person, f"e{number}")
    assert send_due(later(days=2)) == 1
    assert mailoutbox[0].subject.endswith("5 nouveautés")
    assert "et 3 autres, à lire sur le portail" in mailoutbox[0].body
    assert not Notice.objects.exclude(mail=MailState.SENT).exists()


def test_what_waits_follows_a_change_of_mind(mailoutbox):
    person = make_user()
    set_frequencies(actor=person, frequencies={"contribution": Frequency.WEEKLY})
    tell(person, "e1")
    set_frequencies(actor=person, frequencies={"contribution": Frequency.INSTANT})
    assert send_due() == 1
    set_frequencies(actor=person, frequencies={"contribution": Frequency.DAILY})
    tell(person, "e2")
    set_frequencies(actor=person, frequencies={"contribution": Frequency.NONE})
    assert send_due(later(days=8)) == 0
    assert len(mailoutbox) == 1


# --- The relay fails --------------------------------------------------------------------------------------------------
def test_a_relay_away_loses_nothing_and_sends_nothing_twice(relay, mailoutbox):
    people = [make_user() for _ in range(3)]
    for person in people:
        tell(person)
    relay.append(ConnectionRefusedError())
    assert send_due() == 0
    assert mailoutbox == []
    assert Notice.objects.filter(mail=MailState.WAITING, claim=None).count() == 3
    assert send_due(later(minutes=2)) == 3
    assert send_due(later(minutes=4)) == 0
    assert sorted(each.to[0] for each in mailoutbox) == sorted(person.email for person in people)


def test_one_address_refused_does_not_hold_the_others_back(relay, mailoutbox, caplog):
    people = [make_user() for _ in range(3)]
    for person in people:
        tell(person)
    relay.append(smtplib.SMTPRecipientsRefused({"x@y.invalid": (550, b"no such user")}))
    assert send_due() == 2
    assert "x@y.invalid" not in caplog.text
    assert send_due(later(minutes=2)) == 1


def test_an_address_that_never_takes_its_mail_is_given_up_after_days(relay, mailoutbox):
    tell(make_user())
    now, tries = timezone.now(), 0
    while Notice.objects.get().mail == MailState.WAITING:
        relay[:] = [smtplib.SMTPRecipientsRefused({})]
        now = max(now, Notice.objects.get().due_at)
        send_due(now)
        tries += 1
        assert tries < 200
    assert Notice.objects.get().mail == MailState.GIVEN_UP
    assert now - Notice.objects.get().created_at > dt.timedelta(days=5)
    assert tries > 100
    relay.clear()
    assert send_due(later(days=30)) == 0
    assert mailoutbox == []


# --- Processes die ----------------------------------------------------------------------------------------------------
class Killed(BaseException):
    """The process ends here: nothing catches it."""


def test_killed_before_the_relay_had_it_the_mail_leaves_after_the_lease(monkeypatch, mailoutbox):
    tell(make_user())
    with monkeypatch.context() as patch:

        def dies(*args, **kwargs):
            raise Killed

        patch.setattr(delivery, "compose", dies)
        with pytest.raises(Killed):
            send_due()
    assert send_due() == 0
    assert send_due(later(minutes=6)) == 1
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("reached", [True, False])
def test_killed_while_the_relay_had_it_no_mail_is_sent_again(monkeypatch, mailoutbox, reached):
    """Whether the relay took it or not nobody can say: it is not sent again; unread, it is in the next digest."""
    person = make_user()
    tell(person)
    with monkeypatch.context() as patch:
        send = mails.EmailMultiAlternatives.send

        def dies(self, *args, **kwargs):
            if reached:
                send(self)
            raise Killed

        patch.setattr(mails.EmailMultiAlternatives, "send", dies)
        with pytest.raises(Killed):
            send_due()
    assert len(mailoutbox) == reached
    for minutes in (1, 6, 8):
        assert send_due(later(minutes=minutes)) == 0
    assert len(mailoutbox) == reached
    assert send_due(later(days=1, hours=1)) == 1
    assert mailoutbox[-1].subject.startswith("Votre résumé")
    assert "« Essai » est arrivé" in mailoutbox[-1].body


def test_what_another_process_has_claimed_is_left_to_it(mailoutbox):
    tell(make_user())
    row = Notice.objects.get()
    assert delivery._claim(row.pk, False, timezone.now())
    assert send_due() == 0
    assert mailoutbox == []


# --- Forgetting -------------------------------------------------------------------------------------------------------
def test_what_was_read_six_months_ago_is_forgotten_by_tick(mailoutbox):
    from portal.jobs.schedule import registered_jobs

    person = make_user()
    for event, read, created in (
        ("old", 184, 200),
        ("recent", 182, 200),
        ("unread", None, 200),
        ("ancient", None, 367),
    ):
        tell(person, event)
        Notice.objects.filter(event=event).update(
            created_at=later(days=-created), read_at=later(days=-read) if read else None
        )
    assert {"send-notices", "forget-read-notices"} <= {job.name for job in registered_jobs()}
    assert forget_read_notices() == 2
    assert set(Notice.objects.values_list("event", flat=True)) == {"recent", "unread"}
