"""Drafts that write themselves: their hour, once a moment, what is in them, who is told and who decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from newsletters.digests import services
from newsletters.digests.dashboard import drafts
from newsletters.digests.moments import next_moment
from newsletters.digests.services import draft_due, draft_one, save_digest
from newsletters.models import Digest, MailingList, NewsletterPage
from newsletters.services.letters import pages_inside
from portal.notifications.models import Notice
from portal.territories.models import Territory
from tests.factories import make_member, make_news

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(landes):
    return make_member("sender", landes)


@pytest.fixture
def digest(landes_space, landes, owner):
    return make_digest(landes, owner=owner)


def make_digest(territory, **fields):
    own = MailingList.objects.filter(territory=territory).first()
    fields = {"name": "La récurrente", "rhythm": "weekly", "next_at": timezone.now() - timedelta(minutes=1)} | fields
    return Digest.objects.create(territory=territory, list=own, **fields)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "fields", "after", "due"),
    [
        # Monday at 8, in winter then in summer: the hour is the wall's.
        ("Europe/Paris", {"weekday": 0}, "2027-03-22T07:00", "2027-03-29T06:00"),
        ("Europe/Paris", {"weekday": 0}, "2026-10-19T06:00", "2026-10-26T07:00"),
        # Just before its hour: today.
        ("Europe/Paris", {"weekday": 0}, "2027-03-22T06:59", "2027-03-22T07:00"),
        # The hour that the change to summer time skips.
        ("Europe/Paris", {"weekday": 6, "hour": 2}, "2027-03-27T12:00", "2027-03-28T01:00"),
        # The hour that comes twice: the first, then the next week.
        ("Europe/Paris", {"weekday": 6, "hour": 2}, "2026-10-25T00:00", "2026-11-01T01:00"),
        # Monday at 8 in La Réunion is Monday at 4 UTC; in Tahiti, at 18 UTC.
        ("Indian/Reunion", {"weekday": 0}, "2026-11-22T23:00", "2026-11-23T04:00"),
        ("Pacific/Tahiti", {"weekday": 0}, "2026-11-23T05:00", "2026-11-23T18:00"),
        # In Tahiti it is still Sunday evening when it is Monday in UTC.
        ("Pacific/Tahiti", {"weekday": 6, "hour": 20}, "2026-11-23T05:00", "2026-11-23T06:00"),
        ("Pacific/Tahiti", {"rhythm": "monthly", "month_day": 28, "hour": 23}, "2026-12-29T09:00", "2027-01-29T09:00"),
        ("Europe/Paris", {"rhythm": "monthly", "month_day": 1}, "2026-12-01T07:00", "2027-01-01T07:00"),
    ],
)
def test_the_hour_is_the_territorys(zone, fields, after, due):
    one = Digest(territory=Territory(time_zone=zone), **({"rhythm": "weekly"} | fields))
    assert next_moment(one, moment(after)) == moment(due)


def test_a_draft_of_what_was_published_waits_and_its_owner_is_told(landes_space, digest, owner):
    new = make_news(landes_space, title="Du neuf")
    make_news(landes_space, title="Pas publiée", live=False)
    assert draft_due() == 1
    letter = NewsletterPage.objects.get()
    assert (letter.live, letter.digest, letter.list) == (False, digest, digest.list)
    assert pages_inside(letter) == {new.pk}
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (owner, "letters.digest_ready")
    assert notice.url == reverse("letter_checks", args=[letter.pk])
    digest.refresh_from_db()
    assert digest.next_at > timezone.now()
    assert digest.last_at
    assert [entry.title for entry in drafts(user=owner).entries] == [letter.title]


def test_another_territorys_people_see_neither_digest_nor_draft(landes_space, digest, client):
    make_news(landes_space)
    draft_due()
    other = make_member("sender", Territory.objects.get(level="departement", code="84"))
    assert drafts(user=other) is None
    client.force_login(other)
    assert "La récurrente" not in client.get(reverse("newsletters_digest_modeladmin_index")).content.decode()
    changed = client.get(reverse("newsletters_digest_modeladmin_edit", args=[digest.pk]))
    assert "La récurrente" not in changed.content.decode()
    assert changed.status_code != 200


def test_ten_moments_missed_are_one_draft(landes_space, digest):
    make_news(landes_space)
    Digest.objects.update(next_at=timezone.now() - timedelta(days=70))
    assert draft_due() == 1
    assert draft_due() == 0
    assert NewsletterPage.objects.count() == 1


def test_two_ticks_at_once_are_one_draft(landes_space, digest):
    make_news(landes_space)
    now = timezone.now()
    assert draft_one(digest.pk, digest.next_at, now) is not None
    # The other read the same moment before.
    assert draft_one(digest.pk, digest.next_at, now) is None
    assert NewsletterPage.objects.count() == Notice.objects.count() == 1


def test_who_dies_in_the_middle_leaves_nothing_and_keeps_no_other_waiting(landes_space, landes, digest, monkeypatch):
    make_news(landes_space)
    second = make_digest(landes, name="La seconde")
    tell = services._tell

    def die(one, *args, **kwargs):
        if one.pk == digest.pk:
            raise OSError("Killed")
        tell(one, *args, **kwargs)

    monkeypatch.setattr(services, "_tell", die)
    assert draft_due() == 1
    assert NewsletterPage.objects.get().digest == second
    monkeypatch.undo()
    assert draft_due() == 1
    assert NewsletterPage.objects.filter(digest=digest).count() == 1


def test_nothing_published_is_no_draft_and_said(digest, owner):
    assert draft_due() == 0
    assert not NewsletterPage.objects.exists()
    assert Notice.objects.get(recipient=owner).kind == "letters.digest_empty"
    assert draft_due() == 0
    assert Notice.objects.count() == 1


def test_what_the_last_draft_told_is_not_told_again(landes_space, digest):
    make_news(landes_space)
    assert draft_due() == 1
    Digest.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    assert draft_due() == 0
    new = make_news(landes_space, title="Depuis")
    Digest.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    assert draft_due() == 1
    assert pages_inside(NewsletterPage.objects.order_by("-pk")[0]) == {new.pk}


def test_a_list_archived_is_said_and_nothing_drafted(landes_space, digest):
    make_news(landes_space)
    MailingList.objects.update(archived_at=timezone.now())
    assert draft_due() == 0
    assert "la liste est archivée" in Notice.objects.get().text


def test_an_owner_who_left_is_told_nothing(landes_space, digest, owner):
    make_news(landes_space)
    owner.memberships.all().delete()
    assert draft_due() == 1
    assert not Notice.objects.exists()


def test_stopped_then_going_on(landes_space, digest, owner):
    make_news(landes_space)
    save_digest(actor=owner, digest=digest, stopped=True)
    assert draft_due() == 0
    save_digest(actor=owner, digest=Digest.objects.get(), stopped=False)
    digest.refresh_from_db()
    assert digest.stopped_at is None
    assert digest.next_at > timezone.now()
    assert draft_due() == 0


def test_a_form_read_before_a_tick_does_not_bring_its_moment_back(landes_space, digest, owner):
    make_news(landes_space)
    read = Digest.objects.get()
    assert draft_due() == 1
    read.name = "Un autre nom"
    save_digest(actor=owner, digest=read, stopped=False)
    assert draft_due() == 0
    assert Digest.objects.get().last_at


def test_only_who_manages_the_lists_changes_it(digest):
    other = make_member("sender", Territory.objects.get(level="departement", code="84"))
    with pytest.raises(PermissionDenied):
        save_digest(actor=other, digest=digest, stopped=True)


def test_made_and_stopped_by_the_form(landes_space, landes, owner, client):
    client.force_login(owner)
    own = MailingList.objects.filter(territory=landes).first()
    form = {
        "territory": landes.pk,
        "list": own.pk,
        "name": "Chaque lundi",
        "rhythm": "weekly",
        "weekday": "0",
        "month_day": "1",
        "hour": "8",
        "introduction": "",
        "owner": owner.pk,
    }
    foreign = MailingList.objects.exclude(territory=landes).first()
    for wrong in ({"hour": "24"}, {"weekday": "7"}, {"list": foreign.pk if foreign else 0}, {"month_day": "31"}):
        client.post(reverse("newsletters_digest_modeladmin_create"), form | wrong)
        assert not Digest.objects.exists()
    assert client.post(reverse("newsletters_digest_modeladmin_create"), form).status_code == 302
    made = Digest.objects.get()
    assert made.next_at > timezone.now()
    client.post(reverse("newsletters_digest_modeladmin_edit", args=[made.pk]), form | {"stopped": "on"})
    made.refresh_from_db()
    assert made.stopped_at


@pytest.mark.parametrize("count", [1, 3])
def test_the_card_takes_as_many_queries_however_many(landes_space, landes, owner, count, django_assert_num_queries):
    make_news(landes_space)
    for _ in range(count):
        make_digest(landes)
    assert draft_due() == count
    drafts(user=owner)
    with django_assert_num_queries(3):
        assert len(drafts(user=owner).entries) == count
