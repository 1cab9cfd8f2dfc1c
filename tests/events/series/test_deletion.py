"""A page to which people registered: refused to who deletes it, told to them when it goes offline."""

from __future__ import annotations

import pytest
from django.urls import reverse

from events.enums import EventMailKind, Status
from events.models import EventMail, EventPage, Occurrence
from portal.accounts.models import User

from ..factories import a_date, day_in, make_event, make_registration, publish, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client):
    client.force_login(User.objects.create_superuser("admin@exemple.fr", "x"))
    return client


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_deleting_an_event_with_registrations_is_refused_with_what_to_do(admin_client, landes_space):
    page = make_event(landes_space, registration="internal")
    make_registration(page.occurrences.get(), "cancelled")
    address = reverse("wagtailadmin_pages:delete", args=[page.pk])
    for response in (admin_client.get(address, follow=True), admin_client.post(address, follow=True)):
        assert response.status_code == 200
        assert "des personnes s’y sont inscrites" in said(response)
    assert EventPage.objects.filter(pk=page.pk).exists()


def test_deleting_several_at_once_is_refused_when_one_has_registrations(admin_client, landes_space):
    page, other = make_event(landes_space, registration="internal"), make_event(landes_space)
    make_registration(page.occurrences.get())
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    response = admin_client.post(f"{address}?id={page.pk}&id={other.pk}", follow=True)
    assert response.status_code == 200
    assert "des personnes s’y sont inscrites" in said(response)
    assert EventPage.objects.filter(pk__in=[page.pk, other.pk]).count() == 2


def test_an_event_without_registrations_is_deleted(admin_client, landes_space):
    page = make_event(landes_space)
    assert admin_client.post(reverse("wagtailadmin_pages:delete", args=[page.pk])).status_code == 302
    assert not EventPage.objects.filter(pk=page.pk).exists()


def test_unpublished_people_registered_are_told_and_told_again_when_it_is_back(landes_space):
    page = make_event(
        landes_space, a_date(day_in(-20)), a_date(day_in(10)), a_date(day_in(12)), registration="internal"
    )
    past, registered, empty = Occurrence.objects.filter(page=page).order_by("starts_at")
    make_registration(past)
    one = make_registration(registered)
    page = reload(page)
    page.unpublish()
    assert EventMail.objects.filter(registration=one, kind=EventMailKind.OCCURRENCE_CANCELLED).count() == 1
    assert EventMail.objects.count() == 1
    statuses = list(Occurrence.objects.filter(page=page).order_by("starts_at").values_list("status", flat=True))
    assert statuses == [Status.PROGRAMME, Status.ANNULE, Status.PROGRAMME]
    reload(page).save()
    assert EventMail.objects.count() == 1
    publish(reload(page))
    assert EventMail.objects.filter(registration=one, kind=EventMailKind.OCCURRENCE_MOVED).count() == 1
    assert not Occurrence.objects.filter(page=page).exclude(status=Status.PROGRAMME).exists()
    assert empty.uid == Occurrence.objects.get(pk=empty.pk).uid
