"""« Dates » in the admin: what an editor sees and does there."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from events.editing.pasted import parse_dates
from events.models import EventMail, Occurrence
from portal.accounts.enums import Role
from portal.territories.models import Territory
from tests.factories import make_member

from ..factories import a_date, a_rule, day_in, make_event, make_registration, make_venue, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client(client, landes):
    client.force_login(make_member(Role.EDITOR, landes))
    return client


def of(page):
    return list(Occurrence.objects.filter(page_id=page.pk).order_by("starts_at"))


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_every_date_with_its_state_and_seats(editor_client, landes_space):
    page = make_event(landes_space, a_date(day_in(-4)), rules=[a_rule(count=2)], capacity=12, title="Les jeudis")
    make_registration(of(page)[1])
    make_registration(of(page)[1], "waiting")
    shown = text_of(editor_client.get(reverse("event_dates", args=[page.pk])))
    assert "À venir (2)" in shown
    assert "1 sur 12 sur place 1 en attente" in shown
    assert "Passées" in shown
    edit = editor_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("event_dates", args=[page.pk]) in edit


def test_cancelling_says_how_many_are_told_before_and_does_it_after(editor_client, landes_space):
    page = make_event(landes_space, rules=[a_rule(count=3)], registration="internal")
    _, second, third = of(page)
    for each in (second, second, third):
        make_registration(each)
    address = reverse("event_dates_change", args=[page.pk])
    shown = text_of(editor_client.get(address, {"action": "annuler", "date": str(second.key)}))
    assert "Seulement ce qui est choisi : 1 date, 2 personnes inscrites seront prévenues aussitôt" in shown
    assert "Cette date et les suivantes : 2 dates, 3 personnes inscrites seront prévenues" in shown
    assert not EventMail.objects.exists()
    data = {"action": "annuler", "date": str(second.key), "scope": "suivantes", "note": "Salle fermée."}
    said = editor_client.post(address, data, follow=True)
    assert "2 dates sont changées. 3 personnes sont prévenues." in text_of(said)
    assert [each.status for each in of(page)] == ["programme", "annule", "annule"]
    assert EventMail.objects.count() == 3


def test_several_ticked_are_changed_together(editor_client, landes_space):
    page = make_event(landes_space, rules=[a_rule(count=3)])
    place = make_venue(name="Ailleurs")
    first, _, third = of(page)
    data = {"action": "deplacer", "date": [str(first.key), str(third.key)], "scope": "une", "venue": place.pk}
    address = reverse("event_dates_change", args=[page.pk])
    assert editor_client.post(address, data).status_code == 302
    assert [each.venue_id == place.pk for each in of(page)] == [True, False, True]


def test_mistakes_are_told_and_what_was_typed_is_kept(editor_client, landes_space):
    page = make_event(landes_space, rules=[a_rule(count=3)])
    address = reverse("event_dates_change", args=[page.pk])
    one = {"action": "deplacer", "date": str(of(page)[0].key), "scope": "une"}
    for more, message in (
        ({"start_date": day_in(10), "end_time": "08:00"}, "La fin doit suivre le début."),
        ({"start_date": "31/02/2027"}, "Saisissez une date valide."),
        ({"start_date": "01/01/9999"}, "entre 2000 et 2100"),
        ({"start_date": day_in(10)}, "Vous n’avez rien changé."),
        ({"start_date": day_in(10), "venue": "999999", "venue_note": "Salle 2"}, "Sélectionnez un choix valide"),
    ):
        response = editor_client.post(address, one | more)
        assert response.status_code == 200
        assert message in text_of(response), text_of(response)
    assert 'value="Salle 2"' in response.content.decode()
    for bad in ({}, {"action": "x", "date": str(of(page)[0].key)}, {"action": "annuler", "date": "x"}):
        assert "Choisissez au moins une date" in text_of(editor_client.get(address, bad, follow=True))
    assert {each.sequence for each in of(page)} == {0}


def test_another_territorys_event_is_not_there(client, landes_space):
    page = make_event(landes_space)
    elsewhere = Territory.objects.get(level="departement", code="47")
    client.force_login(make_member(Role.EDITOR, elsewhere))
    for name in ("event_dates", "event_dates_change", "event_dates_add"):
        assert client.get(reverse(name, args=[page.pk])).status_code == 404
        assert client.post(reverse(name, args=[page.pk])).status_code in (404, 405)


def test_dates_are_pasted(editor_client, landes_space):
    page = make_event(landes_space, a_date(day_in(3)))
    address = reverse("event_dates_add", args=[page.pk])
    text = "24/12/2026\n2026-12-26 14:00-16:30\n\njeudi 7/1/2027 de 9h à 11h30\n12/01/2027 - 14/01/2027"
    response = editor_client.post(address, {"dates": text, "start_time": "10:00", "end_time": "12:00"}, follow=True)
    assert "4 dates sont ajoutées." in text_of(response)
    rows = [(f"{each.start_date}", f"{each.start_time}", f"{each.end_date}") for each in of(page)[-4:]]
    assert rows == [
        ("2026-12-24", "10:00:00", "2026-12-24"),
        ("2026-12-26", "14:00:00", "2026-12-26"),
        ("2027-01-07", "09:00:00", "2027-01-07"),
        ("2027-01-12", "10:00:00", "2027-01-14"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("24/12/2026\n31/02/2027\nbientôt", "Ligne 2 : « 31/02/2027 » n’est pas une date"),
        ("24/12/2026\n31/02/2027\nbientôt", "Ligne 3 : « bientôt » n’est pas une date"),
        ("28/03/2027 02:30-04:00", "Cette heure n'existe pas le 28/03/2027"),
        ("24/12/2026 12:00-10:00", "24/12/2026 : La fin doit suivre le début."),
        ("\n".join(["24/12/2026"] * 10_000), "Vous avez collé 10000 lignes : 400 dates au plus"),
        ("", "Collez au moins une date."),
    ],
)
def test_bad_lines_are_named_and_nothing_is_added(editor_client, landes_space, text, message):
    page = make_event(landes_space)
    response = editor_client.post(reverse("event_dates_add", args=[page.pk]), {"dates": text})
    assert response.status_code == 200
    assert message in text_of(response)
    assert reload(page).dates.count() == 1


def test_pasted_dates_are_sorted_and_each_once():
    rows, errors = parse_dates("02/01/2027\n01/01/2027\n2027-01-02\n")
    assert [row.start_date.day for row in rows] == [1, 2]
    assert errors == []


def test_dates_that_fall_together_are_told_not_refused(editor_client, landes_space):
    place = make_venue(name="Salle des fêtes")
    page = make_event(landes_space, a_date(day_in(5)), venue=place)
    make_event(landes_space, a_date(day_in(5)), venue=place, title="Un autre atelier")
    make_event(landes_space, a_date(day_in(6)), venue=place, title="Le lendemain")
    make_event(landes_space, a_date(day_in(5)), venue=place, title="Un brouillon", live=False)
    shown = text_of(editor_client.get(reverse("event_dates", args=[page.pk])))
    assert "« Un autre atelier » se tient au même lieu" in shown
    assert "Le lendemain" not in shown
    assert "Un brouillon" not in shown


def test_the_number_of_queries_does_not_follow_that_of_dates(
    editor_client, landes_space, django_assert_num_queries, django_assert_max_num_queries
):
    place = make_venue()
    few = make_event(landes_space, a_date(day_in(5)), venue=place)
    many = make_event(landes_space, *[a_date(day_in(5 + n)) for n in range(3)], venue=place)
    editor_client.get(reverse("event_dates", args=[few.pk]))
    with django_assert_max_num_queries(40) as counted:
        editor_client.get(reverse("event_dates", args=[few.pk]))
    with django_assert_num_queries(len(counted)):
        editor_client.get(reverse("event_dates", args=[many.pk]))
