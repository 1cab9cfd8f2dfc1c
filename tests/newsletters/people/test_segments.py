"""Who a segment reaches: each condition, all of them in one query, and never another territory's people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletters import segments
from newsletters.models import Click, Segment, Subscription
from portal.core.models import Audience
from portal.territories.models import Territory
from tests.newsletters.campaigns.factories import make_campaign, make_copy
from tests.newsletters.factories import make_list, make_subscriber

pytestmark = pytest.mark.django_db


def segment(owner, *lists, **conditions):
    made = Segment.objects.create(territory=owner, name="Un segment", conditions=conditions)
    made.lists.set(lists)
    return made


def reached(one):
    return sorted(segments.subscriptions_of(one).values_list("subscriber__name", flat=True))


def test_without_conditions_everybody_active_is_reached_once_a_list(landes, django_assert_num_queries):
    first, second, other = make_list(landes), make_list(landes), make_list(landes)
    make_subscriber(first, second, name="Anna")
    make_subscriber(other, name="Zoé")
    left = make_subscriber(first, name="Bruno")
    Subscription.objects.filter(subscriber=left).update(state="unsubscribed")
    one = segment(landes, first, second)
    with django_assert_num_queries(1):
        assert reached(one) == ["Anna", "Anna"]
    with django_assert_num_queries(1):
        assert segments.count(one) == 1


def test_a_place_reaches_inside_or_above(landes, nouvelle_aquitaine, nation):
    one = make_list(landes)
    commune = Territory.objects.filter(level="commune", ancestor_links__ancestor=landes).order_by("pk").first()
    for name, place in (("Commune", commune), ("Landes", landes), ("Région", nouvelle_aquitaine), ("Rien", None)):
        make_subscriber(one, name=name, territory=place)
    assert reached(segment(landes, one, territory=landes.pk)) == ["Commune", "Landes"]
    assert reached(segment(landes, one, territory=landes.pk, reach="above")) == ["Landes", "Région"]


def test_roles_kinds_lists_and_dates(landes):
    one, other = make_list(landes), make_list(landes)
    audiences = [Audience.objects.create(name=name, slug=name) for name in ("hubs", "elus")]
    anna = make_subscriber(one, other, name="Anna", organisation_kind="association")
    anna.audiences.set(audiences)
    make_subscriber(one, name="Bruno", organisation_kind="commune")
    old = make_subscriber(one, name="Céline")
    Subscription.objects.filter(subscriber=old).update(confirmed_at=timezone.now() - timedelta(days=40))
    since = (timezone.localdate() - timedelta(days=30)).isoformat()
    assert reached(segment(landes, one, audiences=[row.pk for row in audiences])) == ["Anna"]
    assert reached(segment(landes, one, organisation_kinds=["association"])) == ["Anna"]
    assert reached(segment(landes, one, in_lists=[other.pk])) == ["Anna"]
    assert reached(segment(landes, one, not_in_lists=[other.pk])) == ["Bruno", "Céline"]
    assert reached(segment(landes, one, subscribed_since=since)) == ["Anna", "Bruno"]


def test_a_list_outside_of_the_territory_reaches_nobody_even_if_it_was_saved(landes, nouvelle_aquitaine):
    theirs, ours = make_list(nouvelle_aquitaine), make_list(landes)
    make_subscriber(theirs, ours, name="Anna")
    assert reached(segment(landes, theirs)) == []
    assert reached(segment(landes, ours, in_lists=[theirs.pk])) == []
    assert reached(segment(nouvelle_aquitaine, theirs, ours)) == ["Anna", "Anna"]


@pytest.mark.parametrize(
    "conditions",
    [[], {"sql": "1=1"}, {"territory": "1"}, {"audiences": 3}, {"clicked_within": -1}, {"subscribed_since": "hier"}],
)
def test_what_is_not_understood_reaches_nobody(landes, conditions):
    one = make_list(landes)
    make_subscriber(one)
    made = segment(landes, one)
    made.conditions = conditions
    made.save()
    assert segments.count(made) == 0


def test_a_click_counts_of_those_alone_who_agreed_to_be_measured(landes, landes_space):
    one = make_list(landes)
    campaign = make_campaign(landes_space, links=1, lists=[one])
    for name, tracking, days in (("Anna", True, 5), ("Bruno", False, 5), ("Céline", True, 50), ("Denis", True, None)):
        person = make_subscriber(one, name=name, tracking=tracking)
        copy = make_copy(campaign, subscription=person.subscriptions.get())
        if days:
            Click.objects.create(link=campaign.links.get(), delivery=copy, at=timezone.now() - timedelta(days=days))
    assert reached(segment(landes, one, clicked_within=30)) == ["Anna"]
    assert reached(segment(landes, one, clicked_within=90)) == ["Anna", "Céline"]


def test_all_conditions_together_cost_one_query(landes, landes_space, django_assert_num_queries):
    one, other = make_list(landes), make_list(landes)
    hubs = Audience.objects.create(name="hubs", slug="hubs")
    campaign = make_campaign(landes_space, links=1, lists=[one])
    for number in range(3):
        person = make_subscriber(
            one, other, name=f"Anna {number}", tracking=True, territory=landes, organisation_kind="hub"
        )
        person.audiences.add(hubs)
        copy = make_copy(campaign, subscription=person.subscriptions.get(list=one))
        Click.objects.create(link=campaign.links.get(), delivery=copy, at=timezone.now())
    everything = {
        "territory": landes.pk,
        "reach": "above",
        "audiences": [hubs.pk],
        "organisation_kinds": ["hub"],
        "in_lists": [other.pk],
        "not_in_lists": [make_list(landes).pk],
        "clicked_within": 1,
        "subscribed_since": timezone.localdate().isoformat(),
    }
    made = segment(landes, one)
    made.conditions = everything
    made.save()
    with django_assert_num_queries(1):
        assert segments.count(made) == 3
    said = segments.describe(made)
    for words in (
        "Landes ou un territoire qui le contient",
        "hubs",
        "Hub territorial",
        "aussi abonnés",
        "depuis un jour",
    ):
        assert words in said
