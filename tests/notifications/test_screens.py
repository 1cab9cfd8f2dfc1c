"""The list, the header, the choices, and the link of the mails."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.notifications.enums import Frequency
from portal.notifications.models import Notice, Preference
from portal.notifications.selectors import frequencies_of
from portal.notifications.services import notify
from portal.notifications.tokens import mute_token
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "/mon-espace/notifications/"
CHOICES = "/compte/notifications/"


@pytest.fixture
def person(client):
    user = make_user()
    client.force_login(user)
    return user


def tell(*people, event="e1", **context):
    notify("test.told", recipients=people, event=event, url="/agenda/", context=context)
    return Notice.objects.get(event=event, recipient=people[0])


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def header(client):
    found = re.search(
        r'href="/mon-espace/notifications/" title="[^"]*">(.*?)</a>', client.get("/agenda/").content.decode()
    )
    return re.sub(r"<[^>]+>|&nbsp;:", "", found[1]) if found else None


# --- The list ---------------------------------------------------------------------------------------------------------
def test_the_list_costs_the_same_whatever_its_length(client, person):
    """A count, the rows, and the header's count; the rest is the frame."""
    client.get(LIST)
    totals = set()
    for count in (1, 3):
        for number in range(count):
            tell(person, event=f"{count}-{number}")
        with CaptureQueriesContext(connection) as counted:
            client.get(LIST)
        assert sum("notifications_notice" in query["sql"] for query in counted.captured_queries) == 3
        totals.add(len(counted))
    assert len(totals) == 1


def test_ones_own_notifications_and_nobody_elses(client, person):
    tell(person, title="La mienne")
    tell(make_user(), event="other", title="Celle d’autrui")
    page = text(client.get(LIST))
    assert "« La mienne » est arrivé" in page
    assert "autrui" not in page


def test_an_empty_list_says_so(client, person):
    assert "Vous n’avez pas de notification" in text(client.get(LIST))


def test_reading_the_list_marks_nothing(client, person):
    tell(person)
    client.get(LIST)
    assert Notice.objects.get().read_at is None
    assert header(client) == "Notifications 1 non lue"


def test_opening_one_marks_it_and_leads_there(client, person):
    notice = tell(person)
    response = client.post(reverse("notifications:open", args=[notice.pk]))
    assert response.status_code == 302
    assert response.url == "/agenda/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    first = notice.read_at
    client.post(reverse("notifications:open", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first


@pytest.mark.parametrize("name", ["open", "read"])
def test_another_persons_notification_is_not_there(client, person, name):
    notice = tell(make_user())
    assert client.post(reverse(f"notifications:{name}", args=[notice.pk])).status_code == 404
    assert client.get(reverse(f"notifications:{name}", args=[notice.pk])).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_read_but_those_that_came_since(client, person):
    tell(person, event="seen")
    page = client.get(LIST).content.decode()
    until = re.search(r'name="until" value="([^"]+)"', page)[1]
    tell(person, event="since")
    assert header(client) == "Notifications 2 non lues"
    client.post(LIST + "lues/", {"until": until})
    assert header(client) == "Notifications 1 non lue"
    client.post(LIST + "lues/", {"until": "n’importe quoi"})
    assert header(client) == "Notifications"


def test_pages_and_a_page_that_is_none(client, person):
    for number in range(21):
        tell(person, event=f"e{number}", title=f"Titre {number:02}")
    assert "Titre 20" in text(client.get(LIST))
    assert "Titre 00" in text(client.get(LIST + "?page=2"))
    assert client.get(LIST + "?page=3").status_code == 404
    assert client.get(LIST + "?page=x").status_code == 404


@pytest.mark.parametrize("path", [LIST, CHOICES])
def test_strangers_sign_in_first(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url.startswith("/compte/login/")


# --- The header -------------------------------------------------------------------------------------------------------
def test_the_header_counts_up_to_a_hundred(client, person):
    assert header(client) == "Notifications"
    Notice.objects.bulk_create(
        Notice(recipient=person, kind="test.told", event=str(number), subject="x") for number in range(120)
    )
    assert header(client) == "Notifications 99+ non lues"


def test_the_count_is_never_kept_for_visitors(client, settings, person):
    settings.PAGE_CACHE_SECONDS = 600
    tell(person)
    visitor = Client()
    visitor.get("/agenda/")
    assert header(client) == "Notifications 1 non lue"
    page = visitor.get("/agenda/")
    assert page["X-Cache"] == "hit"
    assert "notifications" not in page.content.decode()


# --- Choices ----------------------------------------------------------------------------------------------------------
def test_choosing_how_often(client, person):
    page = text(client.get(CHOICES))
    assert "Essai que l’on ne peut pas taire" in page
    assert 'name="account"' not in page
    response = client.post(CHOICES, {"contribution": "weekly"}, follow=True)
    assert "Vos choix sont enregistrés" in text(response)
    assert frequencies_of(person)["contribution"] == Frequency.WEEKLY
    assert re.search(r'value="weekly" selected', text(client.get(CHOICES)))


def test_a_forged_choice_is_refused_beside_its_field(client, person):
    response = client.post(CHOICES, {"contribution": "hourly", "account": "none"})
    assert response.status_code == 422
    assert "Choisissez une fréquence." in text(response)
    assert not Preference.objects.exists()


# --- The link of the mails --------------------------------------------------------------------------------------------
def test_one_click_stops_the_mails_of_a_category(commit, client, mailoutbox):
    user = make_user()
    with commit():
        tell(user)
    [mail] = mailoutbox
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = mail.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert user.email not in url
    assert url in mail.body
    # What reads mail for its owner follows links: nothing changes.
    page = text(client.get(url))
    assert "Mes contributions" in page
    assert not Preference.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(url, {"List-Unsubscribe": "One-Click"})
    assert "C’est noté" in text(answer)
    assert answer["Referrer-Policy"] == "same-origin"
    assert frequencies_of(user)["contribution"] == Frequency.NONE
    with commit():
        tell(user, event="e2")
    assert len(mailoutbox) == 1


def test_what_cannot_be_muted_has_no_such_link(commit, mailoutbox):
    with commit():
        notify("test.alarm", recipients=[make_user()], event="e1")
    [mail] = mailoutbox
    assert "List-Unsubscribe" not in mail.extra_headers
    assert "il est toujours envoyé" in mail.body


@pytest.mark.parametrize("bad", ["forged", "tampered", "disabled"])
def test_a_link_that_is_worth_nothing_says_why(client, bad):
    user = make_user(is_active=bad != "disabled")
    token = mute_token(user, ["contribution"])
    token = {"forged": "x", "tampered": token[:-1] + "_", "disabled": token}[bad]
    for ask in (client.get, client.post):
        response = ask(reverse("notifications:mute", args=[token]))
        assert response.status_code == 410
        assert "Ce lien ne peut pas servir" in text(response)
    assert not Preference.objects.exists()
