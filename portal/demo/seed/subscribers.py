"""A few subscribers a letter, with the proof of their consent. Nothing is sent to them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.text import slugify

from newsletters import consent_texts
from newsletters.addresses import fingerprint
from newsletters.enums import ConsentAction, Purpose, Source, SubscriptionState
from newsletters.models import ConsentEvent, MailingList, Subscriber, Subscription
from portal.territories.models import Space

from ..content.subscribers import SUBSCRIBERS
from .store import Store


def seed_subscribers(store: Store) -> None:
    """Three to five people on the letter of each open space; the last one of the longest lists has not confirmed yet.

    Written straight to the rows: the service would write a message to each.
    """
    lists = MailingList.objects.current().filter(
        is_default=True, territory__in=Space.objects.filter(closed_at=None).values("territory")
    )
    for number, one in enumerate(lists.select_related("territory").order_by("territory__level", "territory__code")):
        for place, (function, organisation) in enumerate(SUBSCRIBERS[: 3 + number % 3]):
            address = f"{function}.{slugify(one.territory.name)}-{one.territory.level}@exemple.fr"

            def make(one=one, place=place, address=address, organisation=organisation) -> Subscriber:  # type: ignore[no-untyped-def]
                waits = place == len(SUBSCRIBERS) - 1
                moment = timezone.now() - dt.timedelta(days=12 * (place + 1))
                person = Subscriber.objects.create(
                    address=address, organisation=organisation, territory=one.territory, last_contact_at=moment
                )
                Subscription.objects.create(
                    list=one,
                    subscriber=person,
                    state=SubscriptionState.PENDING if waits else SubscriptionState.ACTIVE,
                    confirmed_at=None if waits else moment,
                )
                ConsentEvent.objects.create(
                    subscriber=person,
                    fingerprint=fingerprint(person.address),
                    list=one,
                    purpose=Purpose.LETTER,
                    action=ConsentAction.REQUESTED if waits else ConsentAction.GIVEN,
                    text_version=consent_texts.CURRENT,
                    source=Source.FORM if waits else Source.LINK,
                    at=moment,
                )
                return person

            store.once(f"subscriber:{address}", make)
