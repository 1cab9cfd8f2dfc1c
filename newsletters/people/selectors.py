"""What the page of preferences shows."""

from __future__ import annotations

from dataclasses import dataclass

from portal.territories.models import TerritoryLink

from ..enums import SubscriptionState, Visibility
from ..models import MailingList, Subscriber, Subscription

MOST_LISTS = 60


@dataclass(frozen=True)
class Offered:
    """A list the person may keep, leave or join."""

    list: MailingList
    active: bool
    waiting: bool = False


def lists_for(person: Subscriber) -> list[Offered]:
    """Lists the person receives (private ones too), then public ones of their territories and those around them.

    Their territories: their own, and those of the lists they have. Three queries.
    """
    held = {
        row.list_id: row for row in Subscription.objects.filter(subscriber=person).select_related("list__territory")
    }
    places = {row.list.territory_id for row in held.values()} | {person.territory_id} - {None}
    around = TerritoryLink.objects.filter(descendant__in=places).values("ancestor")
    public = (
        MailingList.objects.subscribable()
        .filter(territory__in=around)
        .exclude(pk__in=held)
        .select_related("territory")
        .order_by("territory__name", "name", "pk")[:MOST_LISTS]
    )
    own = [
        Offered(row.list, row.state == SubscriptionState.ACTIVE, row.state == SubscriptionState.PENDING)
        for row in held.values()
        if row.state == SubscriptionState.ACTIVE
        or (row.list.visibility == Visibility.PUBLIC and row.list.archived_at is None)
    ]
    own.sort(key=lambda one: (not one.active, one.list.territory.name, one.list.name, one.list.pk))
    return [*own, *(Offered(one, active=False) for one in public)]
