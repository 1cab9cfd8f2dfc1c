"""Addresses of another territory, planted and looked for on every screen of the letters in the administration."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from newsletters.models import ConsentEvent, MailingList, Segment, Subscriber, Subscription
from pages.services import open_territory_space
from portal.territories.models import Territory
from tests.factories import make_member
from tests.newsletters.campaigns.factories import make_campaign, make_copy
from tests.surfaces import addresses

pytestmark = pytest.mark.django_db
NEEDLES = ("zebulon", "zébulon", "z\\u00e9bulon", "ornithorynque")


ROUTES = re.compile(r"admin/\^?(newsletters|envois|segments|abonnes|abonnements|exclusions|lettres|listes|imports)/")


@pytest.fixture
def planted(landes_space):
    territory = Territory.objects.get(level="departement", code="84")
    space = open_territory_space(territory=territory)
    mailing = MailingList.objects.create(
        territory=territory, name="Ornithorynque", slug="ornithorynque", visibility="private"
    )
    person = Subscriber.objects.create(address="zebulon@exemple.fr", name="Zébulon")
    held = Subscription.objects.create(list=mailing, subscriber=person, state="active", confirmed_at=timezone.now())
    # On one of ours too: their other subscriptions stay none of our business.
    shared = Subscriber.objects.create(address="partagee@exemple.fr")
    for one in (mailing, MailingList.objects.get(territory=landes_space.territory)):
        Subscription.objects.create(list=one, subscriber=shared, state="active", confirmed_at=timezone.now())
    event = ConsentEvent.objects.create(
        subscriber=shared, list=mailing, purpose="letter", action="given", source="form", fingerprint="f" * 64
    )
    ConsentEvent.objects.create(
        subscriber=person, list=None, purpose="tracking", action="given", source="form", fingerprint="e" * 64
    )
    segment = Segment.objects.create(territory=territory, name="Ornithorynque")
    segment.lists.add(mailing)
    campaign = make_campaign(space, links=1, lists=[mailing], subject="Ornithorynque")
    copy = make_copy(campaign, subscription=held)
    keys = {person.pk, shared.pk, held.pk, event.pk, mailing.pk, segment.pk, copy.pk, campaign.letter_id}
    return {"uid": [campaign.uuid], "": sorted(keys)} | dict.fromkeys(
        ("pk", "instance_pk", "page_id", "batch", "list_id", "number"), sorted(keys)
    )


@pytest.mark.wide
@pytest.mark.parametrize("role", ["editor", "sender"])
def test_no_screen_shows_another_territorys_people_lists_or_letters(client, planted, landes, role):
    client.force_login(make_member(role, landes))
    paths = [path for one in addresses() if ROUTES.match(one.route) for path in one.fill(planted)]
    assert len(paths) > 60
    for path in paths:
        # The last one finds every address there is.
        for query in ("", "?q=exemple"):
            response = client.get(path + query)
            content = b"".join(response).decode(errors="replace").lower()
            for needle in NEEDLES:
                assert needle not in content, (path + query, content[content.find(needle) - 300 :][:400])
