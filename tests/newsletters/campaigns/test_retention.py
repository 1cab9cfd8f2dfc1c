"""After thirteen months the log goes, and every number stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletters.campaigns import retention
from newsletters.campaigns.retention import KEPT, purge_log
from newsletters.enums import CampaignState
from newsletters.models import CampaignSummary, Click, Delivery, DeliveryEvent
from newsletters.statistics.figures import figures_of
from newsletters.statistics.moments import links_of, moments_of
from newsletters.statistics.summaries import renew_summaries

from .factories import make_campaign, make_copy
from .test_figures import every_fate

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - KEPT - timedelta(days=1)


@pytest.fixture
def old(landes_space):
    campaign = make_campaign(landes_space, links=2, started_at=LONG_AGO - timedelta(hours=2), finished_at=LONG_AGO)
    every_fate(campaign, campaign.lists.get())
    Delivery.objects.filter(sent_at__isnull=False).update(sent_at=LONG_AGO)
    agreed = Delivery.objects.filter(clicked_at__isnull=False).get()
    Click.objects.create(link=campaign.links.get(position=1), delivery=agreed, at=LONG_AGO)
    Click.objects.create(link=campaign.links.get(position=2), at=LONG_AGO)
    return campaign


def numbers(campaign):
    found = figures_of(campaign)
    return (
        found.total,
        [(one.pk, each) for one, each in found.by_list],
        [(each.label, each.sent, each.clicks) for each in moments_of(campaign, final=found.final)],
        [(each.link.pk, each.clicks, each.share) for each in links_of(campaign)],
    )


def test_the_purge_keeps_every_number_and_no_person(old, landes_space, sender):
    recent = make_campaign(landes_space, finished_at=timezone.now() - KEPT + timedelta(days=1))
    make_copy(recent, "recente@exemple.fr")
    before = numbers(old)
    assert before[0].recipients == 14
    assert purge_log() == 14
    assert not old.deliveries.exists()
    assert not DeliveryEvent.objects.exists()
    assert not Click.objects.exclude(delivery=None).exists()
    assert numbers(old) == before
    assert figures_of(old).final
    assert recent.deliveries.count() == 1
    assert purge_log() == 0
    page = sender.get(reverse("campaign_figures", args=[old.uuid])).content.decode()
    assert "Les sommes restent" in page
    assert "Journal en" not in page


def test_a_purge_that_is_killed_goes_on_and_counts_the_same(old, monkeypatch):
    before = numbers(old)
    monkeypatch.setattr(retention, "BATCH", 5)
    monkeypatch.setattr(retention, "MOST_BATCHES", 1)
    assert purge_log() == 5
    assert numbers(old) == before
    renew_summaries()  # The sums of what is left must not take their place.
    assert numbers(old) == before
    assert [purge_log(), purge_log(), purge_log()] == [5, 4, 0]
    assert numbers(old) == before


def test_what_is_not_over_keeps_its_log(landes_space):
    for state in (CampaignState.RUNNING, CampaignState.PAUSED):
        make_copy(make_campaign(landes_space, state, started_at=LONG_AGO))
    assert purge_log() == 0
    make_copy(make_campaign(landes_space, CampaignState.CANCELLED, finished_at=LONG_AGO))
    assert purge_log() == 1


def test_sums_are_renewed_while_a_sending_is_recent(landes_space):
    campaign = make_campaign(landes_space, CampaignState.RUNNING)
    copy = make_copy(campaign, state="waiting")
    assert renew_summaries() == 1
    assert CampaignSummary.objects.get().accepted == 0
    Delivery.objects.filter(pk=copy.pk).update(state="accepted", sent_at=timezone.now())
    renew_summaries()
    summary = CampaignSummary.objects.get()
    assert (summary.accepted, summary.waiting, summary.final) == (1, 0, False)
    assert not figures_of(campaign).final
