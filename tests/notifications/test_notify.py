"""Telling people: whom, once, in the caller's transaction; the mail on commit."""

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.notifications.enums import Frequency, MailState
from portal.notifications.models import Notice
from portal.notifications.registry import Notification, register
from portal.notifications.services import notify, set_frequencies
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_each_person_is_told_once_and_gets_one_mail(commit, mailoutbox):
    one, two = make_user(first_name="Camille"), make_user()
    with commit():
        assert notify("test.told", recipients=[one, two, one], event="e1", url="/agenda/?a=1#b") == 2
    with commit():
        assert notify("test.told", recipients=User.objects.all(), event="e1") == 0
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([one.email, two.email])
    notice = Notice.objects.get(recipient=one)
    assert (notice.subject, notice.url, notice.read_at) == ("« Essai » est arrivé", "/agenda/?a=1#b", None)
    mail = next(mail for mail in mailoutbox if mail.to == [one.email])
    assert mail.subject == "« Essai » est arrivé"
    assert "Bonjour Camille," in mail.body
    assert "Voir l’essai : http://testserver/agenda/?a=1#b" in mail.body
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    assert 'href="http://testserver/agenda/?a=1#b"' in html


def test_what_is_rolled_back_was_never_told(mailoutbox, django_capture_on_commit_callbacks):
    person = make_user()

    def fail() -> None:
        with transaction.atomic():
            notify("test.told", recipients=[person], event="e1")
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        fail()
    assert not Notice.objects.exists()
    assert mailoutbox == []


def test_the_database_itself_keeps_an_event_unique():
    person = make_user()
    notify("test.told", recipients=[person], event="e1")
    notify("test.told", recipients=[person], event="e2")
    notify("test.alarm", recipients=[person], event="e1")
    assert Notice.objects.count() == 3
    with pytest.raises(IntegrityError):
        Notice.objects.create(recipient=person, kind="test.told", event="e1", subject="Encore")


def test_disabled_people_are_told_nothing(commit, mailoutbox):
    person = make_user(is_active=False)
    with commit():
        assert notify("test.told", recipients=[person, None], event="e1") == 0
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://ailleurs.invalid/page/?q=1", "/page/?q=1"),
        ("//ailleurs.invalid/page/", "/page/"),
        ("////ailleurs.invalid/page/", "/ailleurs.invalid/page/"),
        ("javascript:alert(1)", "/alert(1)"),
        ("/\\ailleurs.invalid/", "/ailleurs.invalid/"),
        ("", ""),
    ],
)
def test_a_notification_leads_nowhere_else_than_into_the_portal(given, kept):
    person = make_user()
    notify("test.told", recipients=[person], event="e1", url=given)
    assert Notice.objects.get().url == kept


def test_a_subject_is_one_line_whatever_a_title_holds(commit, mailoutbox):
    person = make_user()
    with commit():
        notify("test.told", recipients=[person], event="e1", context={"title": "Un\r\nBcc: x@y.invalid\n" + "t" * 300})
    [mail] = mailoutbox
    assert "\n" not in mail.subject
    assert len(mail.subject) <= 200
    assert mail.bcc == []


@pytest.mark.parametrize("event", ["", "x" * 201])
def test_an_event_has_a_name(event):
    with pytest.raises(ValueError, match="200"):
        notify("test.told", recipients=[make_user()], event=event)


def test_a_kind_is_registered_under_a_category_that_exists():
    class Lost(Notification):
        kind, category, label = "test.lost", "nulle-part", "Perdue"

    with pytest.raises(ValueError, match="nulle-part"):
        register(Lost)
    with pytest.raises(KeyError):
        notify("test.lost", recipients=[], event="e1")


def test_a_kind_is_one_class():
    class Other(Notification):
        kind, category, label = "test.told", "contribution", "Autre"

    with pytest.raises(ValueError, match="already Told"):
        register(Other)


def test_telling_many_costs_the_same_number_of_queries(django_assert_num_queries):
    people = [make_user() for _ in range(3)]
    for count in (1, 3):
        with django_assert_num_queries(6):
            notify("test.told", recipients=people[:count], event=f"e{count}")


def test_muted_is_listed_and_not_sent_but_for_what_cannot_be_muted(commit, mailoutbox):
    person = make_user()
    set_frequencies(actor=person, frequencies={"contribution": Frequency.NONE, "account": Frequency.NONE})
    with commit():
        notify("test.told", recipients=[person], event="e1")
        notify("test.alarm", recipients=[person], event="e1")
    assert [mail.subject for mail in mailoutbox] == ["Alarme"]
    assert dict(Notice.objects.values_list("kind", "mail")) == {
        "test.told": MailState.NONE,
        "test.alarm": MailState.SENT,
    }
