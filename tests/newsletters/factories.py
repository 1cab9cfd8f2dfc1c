"""People on lists, as the letters' own services leave them."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone

from newsletters.enums import SubscriptionState
from newsletters.models import MailingList, Subscriber, Subscription
from portal.territories.models import Territory

_numbers = itertools.count(1)


def make_list(territory: Territory, **fields: Any) -> MailingList:
    number = next(_numbers)
    return MailingList.objects.create(
        territory=territory, **({"name": f"Liste {number}", "slug": f"liste-{number}"} | fields)
    )


def make_subscriber(*lists: MailingList, **fields: Any) -> Subscriber:
    """A person with an active subscription to each of ``lists``. No proof is written: see the services for that."""
    person = Subscriber.objects.create(**({"address": f"abonne{next(_numbers)}@exemple.fr"} | fields))
    Subscription.objects.bulk_create(
        Subscription(list=one, subscriber=person, state=SubscriptionState.ACTIVE, confirmed_at=timezone.now())
        for one in lists
    )
    return person
