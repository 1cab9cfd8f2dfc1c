"""Campaigns and copies in the state a test needs, without the time a sending takes."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from newsletters.enums import CampaignState, DeliveryState, SubscriptionState
from newsletters.models import Campaign, Delivery, MailingList, NewsletterPage, Subscriber, Subscription, TrackedLink
from portal.territories.models import Space, Territory
from tests.factories import add_page, section

_numbers = itertools.count(1)
STARTED = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.FINISHED)


def list_of(territory: Territory) -> MailingList:
    return MailingList.objects.get(territory=territory, is_default=True)


def make_letter(space: Space, **fields: Any) -> NewsletterPage:
    number = next(_numbers)
    fields = {"title": f"Lettre {number}", "slug": f"lettre-{number}", "preheader": "Un aperçu"} | fields
    letter = add_page(section(space, "lettres"), NewsletterPage(**fields))
    letter.save_revision()
    return letter


def make_campaign(space: Space, state: str = CampaignState.FINISHED, links: int = 0, **fields: Any) -> Campaign:
    """A campaign of ``space`` to its own list, sent an hour ago where ``state`` says so, with ``links`` links."""
    letter = fields.pop("letter", None) or make_letter(space)
    lists = fields.pop("lists", None) or [list_of(space.territory)]
    now = timezone.now()
    given: dict[str, Any] = {"letter": letter, "territory": space.territory, "state": state, "subject": letter.title}
    if state != CampaignState.DRAFT:
        given |= {"frozen_at": now, "scheduled_at": now - timedelta(hours=1), "html": "<p></p>", "text": "-"}
    if state in STARTED:
        given |= {"started_at": now - timedelta(hours=1), "snapshot_at": now - timedelta(hours=1)}
    if state in (CampaignState.FINISHED, CampaignState.CANCELLED):
        given["finished_at"] = now - timedelta(minutes=50)
    campaign = Campaign.objects.create(**(given | fields))
    campaign.lists.set(lists)
    for position in range(1, links + 1):
        TrackedLink.objects.create(
            campaign=campaign, position=position, url=f"https://exemple.fr/{position}?a=b", label=f"Lien {position}"
        )
    return campaign


def make_subscription(mailing: MailingList, address: str = "", **fields: Any) -> Subscription:
    """A person with an active subscription; ``fields`` are the subscriber's."""
    person, _ = Subscriber.objects.get_or_create(
        address=address or f"abonne{next(_numbers)}@exemple.fr", defaults=fields
    )
    return Subscription.objects.create(
        list=mailing, subscriber=person, state=SubscriptionState.ACTIVE, confirmed_at=timezone.now()
    )


def make_copy(
    campaign: Campaign, address: str = "", state: str = DeliveryState.ACCEPTED, *, tracking: bool = False, **fields: Any
) -> Delivery:
    """A copy, sent an hour ago where ``state`` says so, with its person (who agreed to be measured: ``tracking``)."""
    mailing = fields.pop("list", None) or campaign.lists.order_by("pk")[0]
    subscription = fields.get("subscription") or make_subscription(mailing, address, tracking=tracking)
    now = timezone.now()
    given: dict[str, Any] = {
        "list": mailing,
        "subscription": subscription,
        "subscriber": subscription.subscriber,
        "address": subscription.subscriber.address,
        "message_id": f"<{next(_numbers)}@envoi.exemple.fr>",
        "state": state,
        "due_at": now,
        "sent_at": now - timedelta(hours=1) if DeliveryState(state).is_sent else None,
    }
    made = Delivery.objects.create(campaign=campaign, **(given | fields))
    Campaign.objects.filter(pk=campaign.pk).update(recipients=Delivery.objects.filter(campaign=campaign).count())
    return made
