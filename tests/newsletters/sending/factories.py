"""Campaigns with a frozen letter and people, made without rendering."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from newsletters.enums import CampaignState, SubscriptionState
from newsletters.models import Campaign, MailingList, NewsletterPage, Subscriber, Subscription, TrackedLink
from newsletters.services import ensure_default_list
from portal.territories.models import Space
from tests.factories import add_page, section

from .letters import LINKS, SUBJECT, TEXT, make_html


def make_letter(space: Space, **fields: Any) -> NewsletterPage:
    defaults = {"title": "Lettre d’été", "slug": None, "subject": SUBJECT}
    letter = NewsletterPage(**{key: value for key, value in (defaults | fields).items() if value is not None})
    letter = add_page(section(space, "lettres"), letter)
    letter.save_revision()
    return letter


def subscribe_people(one: MailingList, count: int, *, first: int = 0, domain: str = "exemple.fr") -> None:
    """``count`` active subscribers, « p0@… » and so on."""
    now = timezone.now()
    people = Subscriber.objects.bulk_create(
        [
            Subscriber(address=f"p{number}@{domain}", name=f"Zoé Noël {number}" if number % 3 else "")
            for number in range(first, first + count)
        ],
        batch_size=1000,
    )
    Subscription.objects.bulk_create(
        [Subscription(list=one, subscriber=each, state=SubscriptionState.ACTIVE, confirmed_at=now) for each in people],
        batch_size=1000,
    )


def make_campaign(space: Space, people: int = 3, *, weight: int = 3000, **fields: Any) -> Campaign:
    """A campaign to the space's list, frozen and running; its recipients are taken by the first worker."""
    one = ensure_default_list(territory=space.territory)
    subscribe_people(one, people)
    letter = make_letter(space)
    now = timezone.now()
    values: dict[str, Any] = {
        "letter": letter,
        "territory": space.territory,
        "state": CampaignState.RUNNING,
        "scheduled_at": now,
        "started_at": now,
        "frozen_at": now,
        "frozen_revision": letter.latest_revision,
        "subject": SUBJECT,
        "html": make_html(weight),
        "text": TEXT,
    }
    campaign = Campaign.objects.create(**values | fields)
    campaign.lists.set([one])
    TrackedLink.objects.bulk_create(
        TrackedLink(campaign=campaign, position=position, url=f"https://exemple.fr/{position}") for position in LINKS
    )
    return campaign
