"""What an editor does in Wagtail's admin: choose, enter, be told, publish."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from events.models import EventPage, Occurrence, Venue
from portal.accounts.models import User
from portal.territories.models import Territory
from tests.factories import section
from tests.sampling import a_few

from .factories import JOIN_URL, commune, make_event, make_venue

A_MORNING = {"start_date": "2027-07-01", "start_time": "09:00", "end_time": "12:00"}


@pytest.fixture
def admin_client(client, db):
    client.force_login(User.objects.create_superuser("admin@exemple.fr", "x"))
    return client


def posted(place: Venue, dates: list[dict[str, Any]], **changes: Any) -> dict[str, str]:
    """The editor's form of an event on the spot."""
    fields: dict[str, Any] = {
        "title": "Café numérique",
        "slug": "cafe-numerique",
        "lead": "Un chapô.",
        "body": streamfield([]),
        "dates": inline_formset(
            [{"start_date": "2027-07-01", "start_time": "09:00", "end_time": "12:00"} | d for d in dates]
        ),
        "mode": "sur_place",
        "venue": str(place.pk),
        "status": "programme",
        "echelon": "local",
        "format": "atelier",
        "organiser_kind": "hub",
        "language": "fr",
        "price": "0",
        "action-publish": "oui",
        "comments": inline_formset([]),
        "rules": inline_formset([]),
        "questions": inline_formset([]),
        "registration": "none",
        "registration_closes_hours": "0",
        "offer_hours": "24",
        "retention_days": "180",
    } | changes
    return nested_form_data(fields)


def add(admin_client, landes_space, data):
    parent = section(landes_space, "agenda")
    return admin_client.post(reverse("wagtailadmin_pages:add", args=["events", "eventpage", parent.pk]), data)


def errors_of(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [" ".join(found.get_text().split()) for found in soup.select(".error-message")]


def test_publishing_makes_the_occurrences(admin_client, landes_space):
    response = add(admin_client, landes_space, posted(make_venue(), [{}, {"start_date": "2027-07-02"}]))
    assert response.status_code == 302, errors_of(response)
    event = EventPage.objects.get(slug="cafe-numerique")
    assert [str(o.start_date) for o in event.occurrences.order_by("starts_at")] == ["2027-07-01", "2027-07-02"]
    assert admin_client.get(event.url).status_code == 200


def test_a_draft_changes_no_occurrence_and_keys_survive_publications(admin_client, landes_space):
    event = make_event(landes_space)
    before = Occurrence.objects.get(page=event)
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    rows = [{"id": str(event.dates.get().pk), "ORDER": "1"}]
    data = posted(event.venue, rows, title=event.title, slug=event.slug)
    data["dates-INITIAL_FORMS"] = "1"
    draft = {name: value for name, value in data.items() if name != "action-publish"}
    assert admin_client.post(address, draft).status_code == 302
    assert Occurrence.objects.get(page=event).start_date == before.start_date
    for _ in range(2):
        response = admin_client.post(address, data)
        assert response.status_code == 302, errors_of(response)
        after = Occurrence.objects.get(page=event)
        assert (after.uid, str(after.start_date)) == (before.uid, "2027-07-01")
    assert after.sequence == before.sequence + 1


@pytest.mark.parametrize(
    ("dates", "changes", "message"),
    a_few(
        [
            ([{"end_time": "08:00"}], {}, "La fin doit suivre le début."),
            ([{"end_time": "09:00"}], {}, "La fin doit suivre le début."),
            ([{"end_date": "2027-06-30"}], {}, "La fin précède le début."),
            ([{"end_time": ""}], {}, "Indiquez aussi l'heure de fin, même approximative."),
            ([{"start_date": "2027-02-31"}], {}, "Saisissez une date valide."),
            ([{"start_date": "2027-03-28", "start_time": "02:30"}], {}, "Cette heure n'existe pas le 28/03/2027"),
            ([{}, {}], {}, "Cette date est déjà dans la liste."),
            ([{}], {"venue": ""}, "Choisissez le lieu : des personnes viennent sur place."),
            ([{}], {"mode": "hybride"}, "Indiquez le lien de connexion"),
            ([{}], {"mode": "en_ligne", "join_url": JOIN_URL}, "Un événement en ligne n'a pas de lieu"),
            ([{}], {"status": "annule"}, "Dites pourquoi l'événement est annulé."),
            ([{}], {"status": "passe_en_ligne"}, "Un événement passé en ligne est en ligne."),
            (
                [{}],
                {"mode": "hybride", "join_url": JOIN_URL, "registration_url": JOIN_URL},
                "Ce lien serait publié : celui de connexion ne doit pas servir d'inscription.",
            ),
        ],
        4,
    ),
)
def test_mistakes_are_told_beside_the_field_and_what_was_typed_is_kept(
    admin_client, landes_space, dates, changes, message
):
    response = add(admin_client, landes_space, posted(make_venue(), dates, **changes))
    assert response.status_code == 200
    told = errors_of(response)
    assert any(message in text for text in told), told
    assert "Café numérique" in response.content.decode()
    assert not EventPage.objects.filter(slug="cafe-numerique").exists()


def test_an_hour_missing_in_paris_exists_in_reunion(admin_client, landes_space):
    dates = [{"start_date": "2027-03-28", "start_time": "02:30", "end_time": "04:00"}]
    response = add(admin_client, landes_space, posted(make_venue(commune=commune("97411")), dates))
    assert response.status_code == 302, errors_of(response)
    assert EventPage.objects.get(slug="cafe-numerique").occurrences.get().time_zone == "Indian/Reunion"


def test_territories_and_venues_are_chosen_by_searching_not_in_a_list(admin_client, landes_space):
    make_venue(name="Médiathèque du Marsan")
    parent = section(landes_space, "agenda")
    form = admin_client.get(reverse("wagtailadmin_pages:add", args=["events", "eventpage", parent.pk])).content.decode()
    assert not re.search(r'<select[^>]*name="(territory|venue)"', form)
    found = admin_client.get(reverse("territory_chooser:choose_results") + "?q=40100").content.decode()
    assert "Dax" in found
    assert "Agen" not in found
    chooser = reverse("wagtailsnippetchoosers_events_venue:choose_results")
    assert "Médiathèque du Marsan" in admin_client.get(f"{chooser}?q=mediath").content.decode()
    assert "Médiathèque du Marsan" not in admin_client.get(f"{chooser}?q=zzz").content.decode()


def test_one_place_is_one_venue(admin_client, landes_space):
    make_venue(name="Maison de l’Été", commune=commune())
    address = reverse("wagtailsnippets_events_venue:add")
    data = {"name": "maison de l'ete", "address": "", "postal_code": "", "commune": str(commune().pk)}
    response = admin_client.post(address, data)
    assert any("Ce lieu est déjà dans l'annuaire" in text for text in errors_of(response))
    other = Territory.objects.get(level="commune", code="40088")
    assert admin_client.post(address, data | {"commune": str(other.pk)}).status_code == 302
    assert Venue.objects.filter(search_name="maison de l ete").count() == 2
    listed = admin_client.get(reverse("wagtailsnippets_events_venue:list")).content.decode()
    assert "Maison de l’Été" in listed
    half = data | {"name": "Autre", "latitude": "43.9"}
    assert any("deux coordonnées" in text for text in errors_of(admin_client.post(address, half)))


def test_a_preview_shows_the_drafts_dates(admin_client, landes_space):
    event = make_event(landes_space)
    data = posted(event.venue, [{"start_date": "2027-08-14"}], title=event.title, slug=event.slug)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[event.pk])
    assert admin_client.post(address, data).json()["is_valid"]
    assert "14 août 2027" in admin_client.get(address).content.decode()


def test_the_territories_covered_are_a_short_choice(admin_client, landes_space):
    event = make_event(landes_space)
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    options = BeautifulSoup(page, "html.parser").select("select[name=covered] option")
    labels = " ".join(option.get_text() for option in options)
    assert "Landes" in labels
    assert "Nouvelle-Aquitaine" in labels
    communes = set(Territory.objects.filter(level="commune").values_list("pk", flat=True))
    assert not communes & {int(option["value"]) for option in options}


def test_a_commune_already_covered_is_kept(admin_client, landes_space):
    event = make_event(landes_space)
    event.covered = [commune()]
    event.save()
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    [chosen] = BeautifulSoup(page, "html.parser").select("select[name=covered] option[selected]")
    assert chosen["value"] == str(commune().pk)
