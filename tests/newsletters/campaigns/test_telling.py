"""Who is told what of a sending, and the card of « Mon espace »."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from newsletters.campaigns.dashboard import sendings
from newsletters.campaigns.notices import tell
from newsletters.campaigns.progress import expected_end
from newsletters.enums import CampaignState, DeliveryState, PauseReason
from newsletters.models import Campaign
from newsletters.rules import Action
from newsletters.sending import settle
from portal.notifications.models import Notice
from tests.factories import make_member

from .factories import make_campaign, make_copy

pytestmark = pytest.mark.django_db


def test_the_end_is_told_with_its_sums(landes_space, editor, sender):
    campaign = make_campaign(landes_space, CampaignState.RUNNING, created_by=editor.user, approved_by=sender.user)
    for state in (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.UNKNOWN):
        make_copy(campaign, state=state)
    assert settle.finish_if_done(campaign.pk)
    notices = Notice.objects.filter(kind="letters.finished").order_by("pk")
    assert {notice.recipient for notice in notices} == {editor.user, sender.user}
    assert notices[0].text == "2 envoyé(s), 1 refusé(s), 1 incertain(s), à régler."


def test_an_automatic_pause_is_told_whatever_people_muted(landes_space, editor):
    campaign = make_campaign(landes_space, CampaignState.RUNNING, created_by=editor.user)
    for number in range(settle.ENOUGH):
        make_copy(campaign, state=DeliveryState.FAILED if number % 5 == 0 else DeliveryState.ACCEPTED)
    assert settle.halt_on_errors(campaign.pk)
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient, notice.frequency) == ("letters.halted", editor.user, "instant")
    assert "20 % d’adresses" in notice.text


def test_approval_is_asked_of_the_nearest_who_may_give_it(landes_space, landes, nouvelle_aquitaine, nation, editor):
    region = make_member("sender", nouvelle_aquitaine)
    make_member("admin_national", nation)
    campaign = make_campaign(landes_space, CampaignState.DRAFT, requested_by=editor.user)
    campaign.requested_at = timezone.now()
    tell(Campaign, campaign=campaign, action=Action.REQUEST, actor=editor.user)
    assert [notice.recipient for notice in Notice.objects.order_by("pk")] == [region]
    near = make_member("sender", landes)
    campaign.version += 1
    tell(Campaign, campaign=campaign, action=Action.REQUEST, actor=editor.user)
    assert {notice.recipient for notice in Notice.objects.order_by("pk")} == {region, near}


def card(user):
    return sendings(user=user)


def test_the_card_shows_what_waits_for_its_reader(landes_space, vaucluse_space, editor, sender, landes):
    make_campaign(landes_space, CampaignState.DRAFT)
    assert card(sender.user).count == 0
    waiting = make_campaign(
        landes_space, CampaignState.DRAFT, subject="À lire", requested_at=timezone.now(), requested_by=editor.user
    )
    make_campaign(landes_space, CampaignState.PAUSED, subject="En pause", pause_reason=PauseReason.ERRORS)
    make_copy(make_campaign(landes_space, subject="Douteuse"), state=DeliveryState.UNKNOWN)
    make_copy(make_campaign(landes_space, subject="Finie"))
    make_campaign(vaucluse_space, CampaignState.RUNNING, subject="Du Vaucluse")
    seen = {(each.title, each.badge) for each in card(sender.user).entries}
    assert seen == {("À lire", "À approuver"), ("En pause", "En pause"), ("Douteuse", "Copies incertaines")}
    # Who cannot approve has nothing to approve, nor uncertain copies to settle.
    assert {each.title for each in card(editor.user).entries} == {"En pause"}
    Campaign.objects.filter(pk=waiting.pk).update(requested_by=sender.user)
    assert "À lire" not in {each.title for each in card(sender.user).entries}
    assert card(make_member("contributor", landes)) is None
    assert "Envois de lettres" in sender.get("/mon-espace/").content.decode()


@pytest.mark.parametrize("number", [1, 3, 12])
def test_the_card_costs_the_same(landes_space, sender, number, django_assert_num_queries):
    for _ in range(number):
        make_campaign(landes_space, CampaignState.RUNNING)
    # As of a request: the memberships are read once.
    user = SimpleLazyObject(lambda: sender.user)
    with django_assert_num_queries(3 if number > 6 else 2):
        assert card(user).count == number


def test_the_expected_end_follows_cadence_hours_and_days(landes_space):
    paris = ZoneInfo("Europe/Paris")
    friday = dt.datetime(2026, 11, 27, 17, 0, tzinfo=paris)
    campaign = make_campaign(landes_space, per_hour=60)
    assert expected_end(campaign, 30, friday) == friday + dt.timedelta(minutes=30)
    campaign.window_start, campaign.window_end, campaign.weekdays_only = dt.time(9), dt.time(18), True
    # An hour on Friday, the rest on Monday from nine.
    assert expected_end(campaign, 90, friday) == dt.datetime(2026, 11, 30, 9, 30, tzinfo=paris)
    campaign.per_day = 10
    assert expected_end(campaign, 25, friday) == dt.datetime(2026, 12, 1, 9, 5, tzinfo=paris)
    assert expected_end(campaign, 10_000, friday) is None
    campaign.per_hour = campaign.per_day = None
    assert expected_end(campaign, 600, friday, measured=1200) == friday + dt.timedelta(minutes=0.5)
