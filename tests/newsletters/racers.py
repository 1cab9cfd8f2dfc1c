"""What the processes of a test do with letters: see tests/security/racers.py."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .imports.racers import (  # noqa: F401 - found by name
    import_confirm,
    import_prepare,
    import_say,
    import_undo,
    import_work,
    import_work_until_over,
)


def a_campaign(people: int) -> int:
    """A running campaign to so many people of a space of its own; its recipients are not taken yet."""
    from pages.services import open_territory_space
    from portal.territories.models import Territory
    from tests.newsletters.sending.factories import make_campaign

    landes = Territory.objects.get(level="departement", code="40")
    return make_campaign(open_territory_space(territory=landes), people, error_percent=100).pk


def state_of_campaign(campaign_id: int) -> dict[str, Any]:
    from newsletters.models import Campaign, Delivery

    rows = Delivery.objects.filter(campaign=campaign_id).order_by("pk")
    return {
        "campaign": Campaign.objects.get(pk=campaign_id).state,
        "states": Counter(rows.values_list("state", flat=True)),
        "snapshot": list(rows.values_list("address", flat=True)),
        "unknown": list(rows.filter(state="unknown").values_list("address", flat=True)),
        "sent": list(rows.sent().values_list("address", flat=True)),
        "attempts": max([0, *rows.values_list("attempts", flat=True)]),
    }


def let_leases_end(argument: None = None) -> int:
    """As if the leases of the dead had run out; what waits for another try may be tried, a relay asked again."""
    from datetime import timedelta

    from django.utils import timezone

    from newsletters.models import Campaign, Delivery

    past = timezone.now() - timedelta(seconds=1)
    Campaign.objects.filter(retry_at__isnull=False).update(retry_at=past)
    Delivery.objects.filter(state="waiting").update(due_at=past)
    return Delivery.objects.filter(state="sending").update(leased_until=past)


def cut_connections(argument: None = None) -> int:
    """PostgreSQL ends every other connection; SQLite, which has none, is held by somebody for a while."""
    import time

    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        with transaction.atomic():
            time.sleep(1)
        return 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def press_send(argument: list[int]) -> str:
    """Somebody presses « Envoyer », having seen that version."""
    from newsletters.models import Campaign
    from newsletters.rules import CampaignRefused
    from newsletters.services.campaigns import schedule
    from portal.accounts.models import User

    campaign_id, version, actor = argument
    try:
        schedule(
            campaign=Campaign.objects.get(pk=campaign_id), actor=User.objects.get(pk=actor), version=version, at=None
        )
    except CampaignRefused as refusal:
        return refusal.code
    return "sent"


def hear_of_a_copy(argument: list[Any]) -> bool:
    """(copy, key): somebody tells that its mailbox does not exist."""
    from django.utils import timezone

    from newsletters.bounces.services import note_event
    from newsletters.models import Delivery

    pk, key = argument
    delivery = Delivery.objects.get(pk=pk)
    return note_event(delivery=delivery, kind="hard_bounce", source="essai", key=key, at=timezone.now())


def sent_copies(people: int) -> list[int]:
    """The copies of a campaign that servers took."""
    from django.utils import timezone

    from newsletters.models import Delivery
    from newsletters.sending import snapshot

    pk = a_campaign(people)
    snapshot.take(pk, timezone.now())
    rows = Delivery.objects.filter(campaign=pk).order_by("pk")
    rows.update(state="accepted", sent_at=timezone.now())
    return list(rows.values_list("pk", flat=True))


def what_was_heard(pk: int) -> dict[str, Any]:
    from newsletters.models import ConsentEvent, Delivery, Suppression

    one = Delivery.objects.get(pk=pk)
    withdrawn = ConsentEvent.objects.filter(action="withdrawn").count()
    return {
        "state": one.state,
        "events": one.events.count(),
        "out": Suppression.objects.count(),
        "withdrawn": withdrawn,
    }
