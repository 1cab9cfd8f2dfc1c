"""Erasure leaves the keyed hash alone, whichever door it comes by: every text column of every table is read."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from newsletters import services
from newsletters.addresses import fingerprint
from newsletters.models import (
    AddressChange,
    Click,
    ConsentEvent,
    Delivery,
    Subscriber,
    Subscription,
    Suppression,
)
from newsletters.people.tokens import fresh_token
from newsletters.services.contact import _remove
from tests.newsletters.campaigns.factories import make_campaign, make_copy
from tests.newsletters.factories import make_list, make_subscriber

pytestmark = pytest.mark.django_db
ADDRESS = "zoe.plantee@exemple.fr"


def where(needle: str) -> list[str]:
    """The columns, of all tables of the project, that hold ``needle`` in whatever case."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if field.get_internal_type() not in ("CharField", "TextField", "EmailField", "JSONField", "SlugField"):
                continue
            table, column = map(connection.ops.quote_name, (model._meta.db_table, field.column))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(*) FROM {table} WHERE lower(CAST({column} AS text)) LIKE %s", [f"%{needle}%"]
                )
                if cursor.fetchone()[0]:
                    found.append(f"{model._meta.label}.{field.name}")
    return sorted(found)


@pytest.fixture
def zoe(landes_space, landes_list, landes):
    """A person with something everywhere, and another who has as much."""
    people = []
    for address, name in ((ADDRESS, "Zoé Plantée"), ("autre@exemple.fr", "Autre")):
        person = make_subscriber(landes_list, make_list(landes), address=address, name=name)
        services.set_tracking(subscriber=person, on=True)
        services.subscribe(address=address, lists=[make_list(landes)], name=name)
        services.ask_change(subscriber=person, address=f"neuve-{address}")
        services.queue_link(subscriber_pk=person.pk)
        people.append(person)
    AddressChange.objects.create(subscriber=people[1], address=ADDRESS)
    campaign = make_campaign(landes_space, links=1, lists=[landes_list])
    for person in people:
        copy = make_copy(campaign, subscription=Subscription.objects.get(subscriber=person, list=landes_list))
        Click.objects.create(link=campaign.links.get(), delivery=copy, at=timezone.now())
    return people[0]


def test_what_stays_is_the_keyed_hash(client, zoe):
    assert "newsletters.Delivery.address" in where(ADDRESS)
    copies, events = Delivery.objects.count(), ConsentEvent.objects.count()
    path = f"/lettres/preferences/{fresh_token(zoe)}/effacer/"
    assert client.get(path).status_code == 200
    refused = client.post(path)
    assert refused.status_code == 422
    assert "Cochez la case" in refused.content.decode()
    assert Subscriber.objects.filter(pk=zoe.pk).exists()
    assert client.post(path, {"confirme": "oui"}).status_code == 200
    assert client.post(path, {"confirme": "oui"}).status_code == 410
    for needle in (ADDRESS, "plantée", "plant\\u00e9e"):
        assert where(needle) == []
    mark = fingerprint(ADDRESS)
    assert Suppression.objects.get().fingerprint == mark
    assert Delivery.objects.filter(address=f"efface:{mark}").count() == 1
    assert Delivery.objects.count() == copies
    assert Click.objects.filter(delivery=None).count() == 1
    # Each consent ended with its line, and nothing of it was lost.
    ended = ConsentEvent.objects.filter(fingerprint=mark, action="withdrawn", source="erasure")
    assert ended.filter(purpose="letter").count() == 3
    assert ended.filter(purpose="tracking").count() == 1
    assert ConsentEvent.objects.count() == events + 4
    # The other has lost nothing but the address that was not theirs.
    other = Subscriber.objects.get()
    assert other.deliveries.get().clicks.count() == 1


def test_a_copy_that_waits_is_not_sent_to_who_is_erased(zoe):
    Delivery.objects.update(state="waiting")
    services.erase(subscriber=zoe)
    erased = Delivery.objects.get(subscriber=None)
    assert (erased.state, erased.skip_reason) == ("skipped", "erased")
    assert Delivery.objects.exclude(pk=erased.pk).get().state == "waiting"


def test_an_erasure_does_not_lift_what_excluded_the_address_before(zoe):
    services.suppress(address=ADDRESS, reason="complaint")
    services.erase(subscriber=zoe)
    assert Suppression.objects.get().reason == "complaint"


def test_who_is_erased_by_silence_leaves_no_address_either(zoe):
    _remove(zoe.pk, Subscriber.objects.all())
    assert where(ADDRESS) == []


def test_a_single_opt_in_does_not_bring_back_who_was_erased_without_their_confirmation(zoe, landes_list):
    services.erase(subscriber=zoe)
    landes_list.opt_in = "single"
    landes_list.save()
    services.subscribe(address=ADDRESS, lists=[landes_list])
    assert not Subscription.objects.active().filter(subscriber__address=ADDRESS).exists()
