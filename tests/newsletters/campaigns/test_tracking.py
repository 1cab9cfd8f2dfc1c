"""Links lead where the letter said and nowhere else; who followed them is known only of who agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.http import int_to_base36

from newsletters.enums import DeliveryState
from newsletters.models import CampaignSummary, Click, Delivery, Subscriber, TrackedLink
from newsletters.sending.tokens import Purpose, make
from newsletters.tracking import FAILURES_AN_HOUR, NOTED_AN_HOUR, PIXEL

from .factories import list_of, make_campaign, make_copy

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=400)


def address(link, copy, purpose=Purpose.CLICK):
    return f"/l/{int_to_base36(link.pk)}/{make(purpose, copy.subscription_id, copy.pk)}/"


def picture(copy, purpose=Purpose.OPEN):
    return f"/o/{make(purpose, copy.subscription_id, copy.pk)}.gif"


@pytest.fixture
def campaign(landes_space):
    return make_campaign(landes_space, links=5)


@pytest.fixture
def link(campaign):
    return campaign.links.get(position=1)


def silent(copy):
    """The copy's person has not been heard of for a year, and no longer answers."""
    Subscriber.objects.filter(pk=copy.subscriber_id).update(last_contact_at=LONG_AGO, unreachable_at=LONG_AGO)
    return copy


def test_a_link_leads_to_what_the_letter_said_and_names_nobody(client, campaign, link):
    copy = silent(make_copy(campaign))
    answer = client.get(address(link, copy))
    assert (answer.status_code, answer["Location"]) == (302, link.url)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    click = Click.objects.get()
    assert (click.link, click.delivery, click.machine) == (link, None, False)
    copy.refresh_from_db()
    assert copy.clicked_at is None
    # Who follows a link is there, whether measured or not.
    assert copy.subscriber.last_contact_at > LONG_AGO
    assert copy.subscriber.unreachable_at is None


def test_who_agreed_to_be_measured_is_known(client, campaign, link):
    copy = make_copy(campaign, tracking=True)
    client.get(address(link, copy))
    copy.refresh_from_db()
    first = copy.clicked_at
    assert Click.objects.get().delivery == copy
    assert first is not None
    client.get(address(link, copy))
    copy.refresh_from_db()
    assert copy.clicked_at == first
    assert Click.objects.count() == 2
    # Consent taken back since the letter left.
    Subscriber.objects.update(tracking=False)
    client.get(address(link, copy))
    assert Click.objects.order_by("-pk")[0].delivery is None


@pytest.mark.parametrize("tracking", [True, False])
def test_a_click_costs_few_queries(client, campaign, link, tracking, django_assert_num_queries):
    copy = silent(make_copy(campaign, tracking=tracking))
    with django_assert_num_queries(4 if tracking else 3):
        client.get(address(link, copy))
    with django_assert_num_queries(2):
        client.get(address(link, copy))


def test_the_person_is_noted_at_most_once_a_day(client, campaign, link):
    copy = make_copy(campaign)
    yesterday = timezone.now() - timedelta(hours=20)
    Subscriber.objects.update(last_contact_at=yesterday)
    client.get(address(link, copy))
    assert Subscriber.objects.get().last_contact_at == yesterday


def test_no_address_leads_where_its_letter_did_not(client, campaign, link, landes_space):
    copy = make_copy(campaign)
    other = make_campaign(landes_space, links=1).links.get()
    number, token = int_to_base36(link.pk), make(Purpose.CLICK, copy.subscription_id, copy.pk)
    refused = [
        f"/l/{int_to_base36(other.pk)}/{token}/",
        f"/l/{int_to_base36(10**6)}/{token}/",
        f"/l/{number}/{token[:-2]}AA/",
        f"/l/{number}/{token[:-1]}/",
        f"/l/{number}/{make(Purpose.OPEN, copy.subscription_id, copy.pk)}/",
        f"/l/{number}/{make(Purpose.CLICK, copy.subscription_id, copy.pk + 999)}/",
        f"/l/https:/{token}/",
        f"/l/zzzzzzzzzzzzz/{token}/",
        f"/l/%00/{token}/",
        f"/l/{number}/é/",
        f"/l/-1/{token}/",
    ]
    for path in refused:
        answer = client.get(path, {"url": "https://ailleurs.example/", "next": "//ailleurs.example/"})
        assert answer.status_code == 404, path
        assert "Location" not in answer
        assert "Ce lien ne mène nulle part" in answer.content.decode(), path
        assert "ailleurs.example" not in answer.content.decode()
    assert not Click.objects.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//exemple.fr/", "/admin/"])
def test_an_address_that_is_none_of_the_web_is_not_led_to(client, campaign, link, url):
    TrackedLink.objects.filter(pk=link.pk).update(url=url)
    assert client.get(address(link, make_copy(campaign))).status_code == 404


def test_guessing_is_limited(client, campaign):
    for _ in range(FAILURES_AN_HOUR):
        assert client.get("/l/1/x/").status_code == 404
    assert client.get("/l/1/x/").status_code == 429


def test_one_copy_does_not_fill_the_count(client, campaign, link, monkeypatch):
    copy = make_copy(campaign)
    for _ in range(NOTED_AN_HOUR + 5):
        assert client.get(address(link, copy)).status_code == 302
    assert Click.objects.count() == NOTED_AN_HOUR


def test_only_get_counts(client, campaign, link):
    copy = silent(make_copy(campaign, tracking=True))
    assert client.head(address(link, copy))["Location"] == link.url
    assert client.get(address(link, copy), headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 302
    assert client.head(picture(copy)).status_code == 200
    assert client.post(address(link, copy)).status_code == 405
    copy.refresh_from_db()
    assert (copy.clicked_at, copy.opened_at, Click.objects.count()) == (None, None, 0)
    assert copy.subscriber.last_contact_at == LONG_AGO


def test_who_follows_within_seconds_of_the_acceptance_is_a_scanner(client, campaign, link):
    just = silent(make_copy(campaign, tracking=True, sent_at=timezone.now() - timedelta(seconds=3)))
    being_sent = silent(make_copy(campaign, state=DeliveryState.SENDING, tracking=True))
    for copy in (just, being_sent):
        assert client.get(address(link, copy))["Location"] == link.url
        copy.refresh_from_db()
        assert copy.clicked_at is None
        assert copy.subscriber.last_contact_at == LONG_AGO
    assert [click.machine for click in Click.objects.order_by("pk")] == [True, True]


def test_who_follows_every_link_at_once_is_a_scanner(client, campaign):
    copy, other = make_copy(campaign, tracking=True), make_copy(campaign)
    links = list(campaign.links.order_by("position"))
    client.get(address(links[0], other))
    for link in links[:3]:
        client.get(address(link, copy))
    copy.refresh_from_db()
    assert copy.clicked_at is not None
    assert not Click.objects.filter(machine=True).exists()
    for link in links[3:]:
        client.get(address(link, copy))
    copy.refresh_from_db()
    assert copy.clicked_at is None
    assert Click.objects.filter(machine=True).count() == 5
    assert Click.objects.filter(machine=False).count() == 1  # Another's is not taken for it.


def test_a_trial_leads_on_and_counts_nothing(client, link):
    answer = client.get(f"/l/{int_to_base36(link.pk)}/{make(Purpose.CLICK, 0, 0)}/")
    assert answer["Location"] == link.url
    assert client.get(f"/o/{make(Purpose.OPEN, 0, 0)}.gif").content == PIXEL
    assert not Click.objects.exists()


def test_links_lead_on_once_the_log_is_purged(client, campaign, link, landes):
    copy = make_copy(campaign)
    path = address(link, copy)
    Delivery.objects.all().delete()
    assert client.get(path).status_code == 404  # A copy that is gone is no proof by itself.
    CampaignSummary.objects.create(campaign=campaign, list=list_of(landes), made_at=timezone.now(), final=True)
    assert client.get(path)["Location"] == link.url
    assert not Click.objects.exists()


def test_an_erased_person_clicks_as_nobody(client, campaign, link):
    copy = make_copy(campaign, tracking=True)
    path = address(link, copy)
    Subscriber.objects.all().delete()
    assert client.get(path)["Location"] == link.url
    assert Click.objects.get().delivery is None


def test_the_picture_tells_only_of_who_agreed(client, campaign, django_assert_num_queries):
    agreed, other = make_copy(campaign, tracking=True), silent(make_copy(campaign))
    with django_assert_num_queries(2):
        answer = client.get(picture(agreed))
    assert (answer.content, answer["Content-Type"], len(PIXEL)) == (PIXEL, "image/gif", 43)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    with django_assert_num_queries(1):
        assert client.get(picture(other)).content == PIXEL
    agreed.refresh_from_db()
    other.refresh_from_db()
    first = agreed.opened_at
    assert first is not None
    assert other.opened_at is None
    assert other.subscriber.last_contact_at == LONG_AGO  # Opening is no contact.
    client.get(picture(agreed))
    agreed.refresh_from_db()
    assert agreed.opened_at == first


def test_the_picture_is_shown_whatever_the_token(client, campaign):
    copy = make_copy(campaign, tracking=True)
    for path in ("/o/x.gif", picture(copy, Purpose.CLICK), "/o/%00.gif", "/o/é.gif"):
        assert client.get(path).content == PIXEL
    copy.refresh_from_db()
    assert copy.opened_at is None
