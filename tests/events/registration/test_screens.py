"""What a visitor does: register without an account, change, cancel, take an offer; and what links refuse."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from events.models import Registration, RegistrationQuestion, Seating
from events.registration import services
from events.registration.mailing import send_due
from events.registration.tokens import make_token
from tests.factories import make_user

from ..factories import JOIN_URL, a_date, day_in, make_event, make_registration, publish, reload

pytestmark = pytest.mark.django_db


def internal(space, *dates, **fields):
    return make_event(space, *dates, **({"registration": "internal"} | fields))


def sent():
    """The letters that left, those in the ledger included."""
    send_due()
    return mail.outbox


def one(page):
    return page.occurrences.order_by("starts_at").first()


def address(occurrence) -> str:
    return reverse("registration", args=[occurrence.uid])


BODY = {"name": "Camille Exemple", "email": "camille@exemple.fr", "organisation": "", "needs": ""}


def test_from_the_page_to_the_mail_and_back(client, landes_space):
    question = RegistrationQuestion(label="Votre métier ?", kind="choice", choices="Médiation\nAutre", required=True)
    page = internal(landes_space, capacity=5, questions=[question])
    occurrence = one(page)
    shown = client.get(page.url).content.decode()
    assert address(occurrence) in shown
    form = client.get(address(occurrence))
    assert "5 places restantes" in form.content.decode()
    refused = client.post(address(occurrence), BODY | {"name": ""})
    assert refused.status_code == 422
    assert refused.content.decode().count("Renseignez ce champ.") == 2
    assert "camille@exemple.fr" in refused.content.decode(), "what was typed is kept"
    key = page.questions.get().key
    answer = client.post(address(occurrence), BODY | {f"question-{key}": "Médiation"}, follow=True)
    assert "Votre inscription est enregistrée" in answer.content.decode()
    [letter] = sent()
    assert letter.to == ["camille@exemple.fr"]
    assert letter.subject == f"Inscription confirmée : « {page.title} »"
    assert "METHOD:REQUEST" in letter.message().get_payload()[-1].get_payload(decode=True).decode()
    link = re.search(r"http://testserver(/inscriptions/gerer/\S+)", letter.body)[1]
    mine = client.get(link).content.decode()
    assert "Confirmée" in mine
    assert "Camille Exemple" in mine
    changed = client.post(link, {"action": "changer", "name": "Camille E.", f"question-{key}": "Autre"}, follow=True)
    assert "Vos changements sont enregistrés." in changed.content.decode()
    made = Registration.objects.get()
    assert (made.name, made.answers) == ("Camille E.", {str(key): "Autre"})
    client.post(link, {"action": "annuler"})
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert sent()[-1].subject.startswith("Inscription annulée")
    assert "METHOD:CANCEL" in sent()[-1].message().get_payload()[-1].get_payload(decode=True).decode()


def test_a_get_of_the_link_changes_nothing(client, landes_space):
    occurrence = one(internal(landes_space, capacity=1))
    made = make_registration(occurrence, "offered")
    client.get(reverse("registration-manage", args=[make_token(made)]) + "?action=accepter")
    made.refresh_from_db()
    assert made.state == "offered"


def test_the_answer_is_the_same_for_an_address_that_is_registered(client, landes_space):
    occurrence = one(internal(landes_space))
    first = client.post(address(occurrence), BODY)
    again = client.post(address(occurrence), BODY | {"email": "CAMILLE@exemple.fr", "name": "Une autre"})
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert Registration.objects.count() == 1
    assert Registration.objects.get().name == "Camille Exemple"
    assert [letter.to for letter in sent()] == [["camille@exemple.fr"]] * 2, "the link is sent again"
    client.post(address(occurrence), BODY)
    assert len(sent()) == 2, "and once an hour at most"


@pytest.mark.parametrize(
    ("fields", "date", "said"),
    [
        ({"registration_closes_hours": 24 * 11}, None, "Les inscriptions sont closes."),
        ({"registration_opens_at": timezone.now() + timedelta(days=2)}, None, "ne sont pas encore ouvertes"),
        ({}, -2, "Cette date est passée."),
        ({"status": "annule", "status_reason": "Salle fermée."}, None, "Cette date n’aura pas lieu."),
        ({"capacity": 0, "waiting_list": False}, None, "Complet"),
    ],
)
def test_too_late_too_early_too_full(client, landes_space, fields, date, said):
    occurrence = one(internal(landes_space, *([a_date(day_in(date))] if date else []), **fields))
    assert said in client.get(address(occurrence)).content.decode()
    answer = client.post(address(occurrence), BODY)
    assert answer.status_code == 409
    assert "camille@exemple.fr" in answer.content.decode(), "nothing typed is lost"
    assert not Registration.objects.exists()


def test_what_nobody_may_read_does_not_exist(client, landes_space):
    drafts = one(internal(landes_space))
    drafts.page.unpublish()
    elsewhere = one(make_event(landes_space, registration="external", registration_url="https://exemple.fr/i"))
    for occurrence in (drafts, elsewhere):
        assert client.get(address(occurrence)).status_code == 404
        assert client.post(address(occurrence), BODY).status_code == 404


def test_links_forged_old_or_purged(client, landes_space):
    made = make_registration(one(internal(landes_space)), name="Camille Exemple")
    token = make_token(made)
    forged = client.get(reverse("registration-manage", args=[token[:-2] + "xx"]))
    assert (forged.status_code, "Camille" in forged.content.decode()) == (404, False)
    Registration.objects.update(link_version=2)
    old = client.get(reverse("registration-manage", args=[token]))
    assert (old.status_code, "n’est plus valable" in old.content.decode()) == (410, True)
    assert client.post(reverse("registration-manage", args=[token]), {"action": "annuler"}).status_code == 410
    assert client.get(reverse("registration-file", args=[token])).status_code == 410
    made.refresh_from_db()
    assert made.state == "confirmed"


def test_the_join_link_is_for_those_confirmed_online(client, landes_space):
    page = internal(landes_space, mode="hybride", join_url=JOIN_URL, capacity_online=1)
    occurrence = one(page)
    online = make_registration(occurrence, attending="online")
    waiting = make_registration(occurrence, "waiting", attending="online")
    here = make_registration(occurrence)

    def shown(registration):
        return JOIN_URL in client.get(reverse("registration-manage", args=[make_token(registration)])).content.decode()

    assert [shown(each) for each in (online, waiting, here)] == [True, False, False]


def test_an_offer_is_taken_by_its_button_once(client, landes_space):
    occurrence = one(internal(landes_space, capacity=1))
    first, second = make_registration(occurrence), make_registration(occurrence, "waiting")
    services.withdraw(registration=first, actor=None)
    sent()
    link = reverse("registration-manage", args=[make_token(second)])
    assert "Une place vous est proposée" in client.get(link).content.decode()
    for _ in range(2):
        assert client.post(link, {"action": "accepter"}).status_code == 302
    second.refresh_from_db()
    assert second.state == "confirmed"
    assert Seating.objects.get().taken == 1
    assert [letter.subject[:25] for letter in sent() if letter.to == [second.email]] == [
        "Une place se libère : « É",
        "Inscription confirmée : «",
    ]


def test_an_expired_offer_says_so(client, landes_space):
    occurrence = one(internal(landes_space, capacity=1))
    late = make_registration(occurrence, "offered", offer_expires_at=timezone.now() - timedelta(minutes=1))
    answer = client.post(reverse("registration-manage", args=[make_token(late)]), {"action": "accepter"})
    assert answer.status_code == 409
    assert "Cette proposition a expiré" in answer.content.decode()


def test_a_moved_and_a_cancelled_date_are_mailed_at_once(landes_space):
    page = internal(landes_space)
    made = make_registration(one(page))
    page = reload(page)
    date = page.dates.get()
    date.start_date = day_in(12)
    page.dates = [date]
    publish(page)
    assert [letter.subject.split(" :")[0] for letter in sent()] == ["Changement"]
    assert "C’était : " in sent()[0].body
    assert "SEQUENCE:1" in sent()[0].message().get_payload()[-1].get_payload(decode=True).decode()
    page = reload(page)
    page.status, page.status_reason = "annule", "Salle fermée."
    publish(page)
    assert [letter.subject.split(" :")[0] for letter in sent()] == ["Changement", "Annulé"]
    assert "Salle fermée." in sent()[1].body
    assert {letter.to[0] for letter in sent()} == {made.email}
    publish(reload(page))
    assert len(sent()) == 2


def test_my_registrations_are_mine(client, landes_space):
    me = make_user(email="moi@exemple.fr")
    occurrence = one(internal(landes_space, title="Un atelier"))
    client.force_login(me)
    client.post(address(occurrence), BODY | {"email": "moi@exemple.fr"})
    make_registration(one(internal(landes_space, title="Celui d’une autre")))
    shown = client.get(reverse("my-registrations")).content.decode()
    assert "Un atelier" in shown
    assert "Celui d’une autre" not in shown
    client.logout()
    assert client.get(reverse("my-registrations")).status_code == 302


def test_asking_for_the_link_again_says_nothing_of_an_address(client, landes_space):
    made = make_registration(one(internal(landes_space)))
    known = client.post(reverse("registration-link"), {"email": made.email})
    unknown = client.post(reverse("registration-link"), {"email": "personne@exemple.fr"})
    assert known.content == unknown.content
    assert [letter.to for letter in sent()] == [[made.email]]


def test_a_robot_is_answered_and_not_registered(client, landes_space):
    occurrence = one(internal(landes_space))
    assert client.post(address(occurrence), BODY | {"telephone": "1"}).status_code == 302
    assert not Registration.objects.exists()


def test_a_full_page_offers_the_waiting_list(client, landes_space):
    page = internal(landes_space, capacity=1)
    occurrence = one(page)
    assert "Rejoindre la liste d’attente" not in client.get(page.url).content.decode()
    client.post(address(occurrence), BODY)
    assert "Rejoindre la liste d’attente" in client.get(page.url).content.decode(), (
        "visitors' pages follow the last seat"
    )
    answer = client.post(address(occurrence), BODY | {"email": "b@exemple.fr"}, follow=True)
    assert "Vous êtes sur la liste d’attente" in answer.content.decode()
    assert "en 1re position" in sent()[-1].body
