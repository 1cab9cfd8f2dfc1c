"""The counts of a campaign and of a list over time, from what really happened to each copy."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from newsletters.enums import DeliveryState as State
from newsletters.models import CampaignSummary, Click, ConsentEvent, Delivery, DeliveryEvent, MailingList
from newsletters.statistics.figures import figures_of
from newsletters.statistics.moments import links_of, moments_of, months_of

from .factories import list_of, make_campaign, make_copy, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_lists(landes_space, landes):
    other = MailingList.objects.create(territory=landes, name="A — autre liste", slug="autre-liste")
    return [list_of(landes), other]


def bounce(copy, *kinds):
    for kind in kinds:
        DeliveryEvent.objects.create(delivery=copy, kind=kind, source="dsn", key=f"{copy.pk}{kind}", at=timezone.now())


def every_fate(campaign, mailing):
    """One copy of every fate, and some of who agreed to be measured."""
    now = timezone.now()
    for state in (State.WAITING, State.SENDING, State.UNKNOWN, State.FAILED, State.DELIVERED):
        make_copy(campaign, state=state, list=mailing)
    bounce(make_copy(campaign, state=State.BOUNCED, list=mailing), "soft_bounce", "hard_bounce")
    bounce(make_copy(campaign, state=State.BOUNCED, list=mailing), "soft_bounce")
    for reason in ("unsubscribed", "unsubscribed", "suppressed"):
        make_copy(campaign, state=State.SKIPPED, skip_reason=reason, list=mailing)
    make_copy(campaign, list=mailing, complained_at=now, unsubscribed_at=now)
    make_copy(campaign, list=mailing, tracking=True, opened_at=now, clicked_at=now)
    make_copy(campaign, list=mailing, tracking=True)
    # Of who has taken the consent back nothing is counted any more.
    make_copy(campaign, list=mailing, tracking=False, opened_at=now)


def test_each_copy_is_counted_where_it_stands(landes_space, two_lists):
    campaign = make_campaign(landes_space, lists=two_lists)
    every_fate(campaign, two_lists[0])
    make_copy(campaign, list=two_lists[1])
    found = figures_of(campaign)
    assert [one.name for one, _ in found.by_list] == ["A — autre liste", two_lists[0].name]
    assert [each.recipients for _, each in found.by_list] == [1, 14]
    total = found.total
    assert (total.recipients, total.waiting, total.unknown, total.failed) == (15, 2, 1, 1)
    assert (total.accepted, total.delivered, total.hard_bounced, total.soft_bounced) == (8, 1, 1, 1)
    assert (total.complained, total.unsubscribed) == (1, 1)
    assert (total.measured, total.opened, total.clicked) == (2, 1, 1)
    assert total.reasons == [("Désabonné entre-temps", 2), ("Adresse exclue", 1)]
    assert (total.bounced, total.not_sent, total.done) == (2, 3, 13)
    assert total.share("opened") == 50
    assert total.share("complained") == 12.5
    # Every copy is somewhere.
    assert total.waiting + total.unknown + total.accepted + total.failed + total.not_sent == total.recipients


@pytest.mark.parametrize("number", [1, 3, 200])
def test_figures_cost_the_same_whatever_the_number_of_copies(landes_space, number, django_assert_num_queries):
    campaign = make_campaign(landes_space, links=number)
    copy = make_copy(campaign)
    copies = [
        Delivery(campaign=campaign, list_id=copy.list_id, address=f"{n}@exemple.fr", message_id=f"<{n}@x>",
                 state=State.ACCEPTED, due_at=timezone.now(), sent_at=timezone.now())
        for n in range(1, number)
    ]  # fmt: skip
    Delivery.objects.bulk_create(copies)
    with django_assert_num_queries(3):
        assert figures_of(campaign).total.accepted == number
    with django_assert_num_queries(2):
        assert sum(each.sent for each in moments_of(campaign, final=False)) == number
    with django_assert_num_queries(2):
        assert len(links_of(campaign)) == number


def test_nobody_was_written_to(landes_space):
    campaign = make_campaign(landes_space, state="draft")
    found = figures_of(campaign)
    assert (found.by_list, found.total.recipients, found.total.share("opened")) == ([], 0, None)
    assert moments_of(campaign, final=False) == []


def test_final_sums_stand_in_for_the_log(landes_space, two_lists):
    campaign = make_campaign(landes_space, lists=two_lists)
    for number, mailing in enumerate(two_lists, start=1):
        CampaignSummary.objects.create(
            campaign=campaign, list=mailing, recipients=10 * number, accepted=9 * number, skipped={"paused": number},
            hours=[["2026-11-23T05", 9 * number]], made_at=timezone.now(), final=True,
        )  # fmt: skip
    found = figures_of(campaign)
    assert found.final
    assert (found.total.recipients, found.total.accepted) == (30, 27)
    assert found.total.reasons == [("Abonnement en pause", 3)]
    assert [(each.label, each.sent) for each in moments_of(campaign, final=True)] == [("23/11 06 h", 27)]


def test_hours_then_days_in_the_zone_of_the_campaign(landes_space):
    campaign = make_campaign(landes_space, links=1, time_zone="Indian/Reunion")
    start = dt.datetime(2026, 3, 10, 21, 30, tzinfo=dt.UTC)  # The 11th, 1:30 there.
    make_copy(campaign, sent_at=start)
    link = campaign.links.get()
    Click.objects.create(link=link, at=start + dt.timedelta(hours=2))
    Click.objects.create(link=link, at=start + dt.timedelta(hours=2), machine=True)
    found = moments_of(campaign, final=False)
    assert [(each.label, each.sent, each.clicks) for each in found] == [
        ("11/03 01 h", 1, 0), ("11/03 02 h", 0, 0), ("11/03 03 h", 0, 1)
    ]  # fmt: skip
    Click.objects.create(link=link, at=start + dt.timedelta(days=3))
    by_day = moments_of(campaign, final=False)
    assert [(each.label, each.sent, each.clicks) for each in by_day] == [
        ("11/03/2026", 1, 1), ("12/03/2026", 0, 0), ("13/03/2026", 0, 0), ("14/03/2026", 0, 1)
    ]  # fmt: skip
    Click.objects.create(link=link, at=start + dt.timedelta(days=200))
    months = moments_of(campaign, final=False)
    assert (len(months), months[-1].rest, months[-1].clicks) == (31, True, 1)
    assert sum(each.clicks for each in months) == 3


def test_days_are_whole_across_a_change_of_hour(landes_space):
    campaign = make_campaign(landes_space, links=1)
    start = dt.datetime(2026, 10, 23, 22, 30, tzinfo=dt.UTC)  # The 24th in Paris; the clock changes on the 25th.
    make_copy(campaign, sent_at=start)
    for days in range(1, 5):
        Click.objects.create(link=campaign.links.get(), at=start + dt.timedelta(days=days, hours=2))
    found = moments_of(campaign, final=False)
    assert [each.label for each in found] == [f"{day}/10/2026" for day in (24, 25, 26, 27, 28)]
    assert [each.clicks for each in found] == [0, 1, 1, 1, 1]


def test_links_with_their_share(landes_space):
    campaign = make_campaign(landes_space, links=3)
    first, second, _ = campaign.links.order_by("position")
    for link, number in ((first, 3), (second, 1)):
        Click.objects.bulk_create(Click(link=link, at=timezone.now()) for _ in range(number))
    Click.objects.create(link=second, at=timezone.now(), machine=True)
    other = make_campaign(landes_space, links=1)
    Click.objects.create(link=other.links.get(), at=timezone.now())
    assert [(each.clicks, each.share) for each in links_of(campaign)] == [(3, 75.0), (1, 25.0), (0, 0.0)]


def test_a_list_over_the_months(landes_space, landes, django_assert_num_queries):
    mailing = list_of(landes)
    for number in range(5):
        make_subscription(mailing, f"a{number}@exemple.fr")

    def said(action, at, purpose="letter"):
        ConsentEvent.objects.create(
            list=mailing, fingerprint="x", purpose=purpose, action=action, source="form", at=at
        )  # fmt: skip

    def day(month, day):
        return dt.datetime(2026, month, day, 12, tzinfo=dt.UTC)

    for _ in range(4):
        said("given", day(9, 30))
    said("withdrawn", day(10, 1))
    said("given", day(11, 2))
    said("requested", day(11, 2))
    said("given", day(11, 2), purpose="tracking")
    with django_assert_num_queries(2):
        months = months_of([mailing], today=dt.date(2026, 11, 23), count=4)
    assert [(each.start.month, each.joined, each.left, each.held) for each in months] == [
        (8, 0, 0, 1), (9, 4, 0, 5), (10, 0, 1, 4), (11, 1, 0, 5)
    ]  # fmt: skip
    assert months_of([], today=dt.date(2026, 1, 5), count=3)[0].start == dt.date(2025, 11, 1)
