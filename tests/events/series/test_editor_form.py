"""The rule of a series in Wagtail's page editor: simple words, errors beside the field, the dates that result."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from events.models import EventPage
from portal.accounts.models import User
from tests.sampling import a_few

from ..factories import a_date, a_rule, day_in, make_event, make_venue
from ..test_admin import add, errors_of, posted

THURSDAYS = {
    "frequency": "weekly",
    "weekdays": ["TH"],
    "interval": "1",
    "days": "1",
    "start_date": "2027-01-07",
    "start_time": "09:00",
    "end_time": "12:00",
}


@pytest.fixture
def admin_client(client, db):
    client.force_login(User.objects.create_superuser("admin@exemple.fr", "x"))
    return client


def with_rule(**changes):
    rule = {name: value for name, value in (THURSDAYS | changes).items() if value is not None}
    days = rule.pop("weekdays", [])
    data = posted(make_venue(), [], rules=inline_formset([rule]))
    return data | {"rules-0-weekdays": days}


def test_the_days_of_a_rule_are_ticked(admin_client, landes_space):
    data = with_rule(weekdays=["TH", "MO"], until="2027-01-31", excluded="14/01/2027")
    response = add(admin_client, landes_space, data)
    assert response.status_code == 302, errors_of(response)
    page = EventPage.objects.get(slug="cafe-numerique")
    assert page.rules.get().weekdays == "MO,TH"
    days = [each.start_date for each in page.occurrences.order_by("starts_at")]
    assert days == [date(2027, 1, day) for day in (7, 11, 18, 21, 25, 28)]
    shown = BeautifulSoup(admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content, "html.parser")
    ticked = [box["value"] for box in shown.select("input[name=rules-0-weekdays][checked]")]
    assert ticked == ["MO", "TH"]
    text = " ".join(shown.get_text().split())
    assert "Chaque lundi et jeudi" in text
    assert "lundi 11 janvier 2027, de 9\u00a0h à 12\u00a0h" in shown.get_text()
    assert "jeudi 14 janvier 2027" not in text


@pytest.mark.parametrize(
    ("changes", "message"),
    a_few(
        [
            ({"weekdays": []}, "Cochez au moins un jour de la semaine."),
            ({"frequency": "monthly_nth"}, "Dites lequel du mois"),
            ({"until": "2027-01-06"}, "La répétition finit avant de commencer."),
            ({"until": "2027-06-24", "count": "3"}, "Choisissez une fin"),
            ({"excluded": "31/02/2027"}, "Ligne 1 : « 31/02/2027 » n’est pas un jour"),
            ({"until": "2027-01-07", "excluded": "07/01/2027"}, "ne donne aucune date"),
            ({"weekdays": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]}, "400 au plus"),
            ({"end_time": "08:00"}, "La fin doit suivre le début."),
            ({"end_time": ""}, "Indiquez aussi l'heure de fin"),
            (
                {"weekdays": ["SU"], "start_time": "02:30", "end_time": "04:00"},
                "Cette heure n'existe pas le 28/03/2027",
            ),
            ({"frequency": "monthly_day", "start_date": "2027-02-31"}, "Saisissez une date valide."),
            ({"interval": "0"}, "supérieure ou égale à 1"),
            ({"weekdays": ["XX"], "count": "1000000"}, "inférieure ou égale à 400"),
        ],
        4,
    ),
)
def test_mistakes_in_a_rule_are_told(admin_client, landes_space, changes, message):
    response = add(admin_client, landes_space, with_rule(**changes))
    assert response.status_code == 200
    told = errors_of(response)
    assert any(message in text for text in told), told
    assert not EventPage.objects.filter(slug="cafe-numerique").exists()


def test_the_editor_lists_the_dates_that_result(admin_client, landes_space):
    page = make_event(landes_space, a_date(day_in(-3)), rules=[a_rule(count=70)])
    text = BeautifulSoup(
        admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content, "html.parser"
    ).get_text(" ", strip=True)
    assert "Et 10 autres." in text
    assert "1 date passée." in text
