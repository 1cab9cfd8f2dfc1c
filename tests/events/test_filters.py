"""Filters by distance, by territory covered, by seats left and by organiser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Occurrence, Seating
from events.nearby import distance_km
from portal.accounts.models import Organisation
from portal.territories.models import Centre, Territory
from portal.territories.reference.centres import BadCentres, read_centres

from .factories import a_date, commune, day_in, make_event, make_registration, make_venue
from .test_agenda import LANDES, titles

DAX, MONT_DE_MARSAN = (43.7077, -1.0514), (43.8911, -0.5009)


@pytest.fixture
def towns(landes_space):
    """An event in Dax, one in Mont-de-Marsan (49 km away), one online; the communes' centres are known."""
    Centre.objects.create(commune=commune("40088"), latitude=DAX[0], longitude=DAX[1])
    Centre.objects.create(commune=commune("40192"), latitude=MONT_DE_MARSAN[0], longitude=MONT_DE_MARSAN[1])
    make_event(landes_space, a_date(day_in(1)), title="À Dax", venue=make_venue(commune=commune("40088")))
    make_event(landes_space, a_date(day_in(2)), title="À Mont-de-Marsan")
    make_event(
        landes_space, a_date(day_in(3)), title="En ligne", mode="en_ligne", registration_url="https://exemple.fr/i"
    )
    return landes_space


def notices(client, address: str) -> str:
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return " ".join(alert.get_text() for alert in page.select(".fr-alert--warning"))


def test_the_distance_is_that_of_a_great_circle():
    assert distance_km(DAX, MONT_DE_MARSAN) == pytest.approx(48.7, abs=0.5)
    assert distance_km((48.8566, 2.3522), (43.2965, 5.3698)) == pytest.approx(661, abs=2)
    assert distance_km(DAX, DAX) == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("autour=Dax", ["À Dax"]),
        ("autour=dax&km=40", ["À Dax"]),
        ("autour=Dax&km=60", ["À Dax", "À Mont-de-Marsan"]),
        ("autour=40100", ["À Dax"]),
        ("autour=40088", ["À Dax"]),
        ("autour=commune-40192&km=5", ["À Mont-de-Marsan"]),
        ("autour=Dax+(40)", ["À Dax"]),
        ("autour=mont+de+marsan+40", ["À Mont-de-Marsan"]),
    ],
)
def test_around_a_commune(client, towns, query, expected):
    assert titles(client, f"{LANDES}?{query}") == expected


def test_a_venue_counts_by_its_own_coordinates_first(client, towns):
    far = make_venue(commune=commune("40088"), latitude="48.856600", longitude="2.352200")
    make_event(towns, title="Loin, malgré sa commune", venue=far)
    assert titles(client, f"{LANDES}?autour=Dax&km=200") == ["À Dax", "À Mont-de-Marsan"]


def test_a_commune_without_centre_is_placed_by_its_venues(client, landes_space):
    venue = make_venue(commune=commune("40088"), latitude="43.7077", longitude="-1.0514")
    make_event(landes_space, a_date(day_in(1)), title="À Dax", venue=venue)
    unplaced = make_venue(commune=commune("40088"))
    make_event(landes_space, a_date(day_in(2)), title="À Dax aussi", venue=unplaced)
    make_event(landes_space, a_date(day_in(3)), title="Où donc")
    assert titles(client, f"{LANDES}?autour=Dax") == ["À Dax", "À Dax aussi"]
    assert "la position de Mont-de-Marsan n’est pas connue" in notices(client, f"{LANDES}?autour=Mont-de-Marsan")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("autour=Nulle-Part", "aucune commune ne porte ce nom"),
        ("autour=departement-40", "aucune commune ne porte ce nom"),
        ("autour=Dax&km=3", "À moins de (km)"),
        ("autour=Dax&km=mille", "À moins de (km)"),
    ],
)
def test_what_is_not_understood_is_told(client, towns, query, said):
    assert said in notices(client, f"{LANDES}?{query}")


def test_the_distance_is_told_in_one_tag_with_its_commune(client, towns):
    page = BeautifulSoup(client.get(f"{LANDES}?autour=Dax&km=30").content, "html.parser")
    text = page.select_one("#resultats").get_text(" ")
    assert "Dax (40), à moins de 30 km" in " ".join(text.split())
    assert page.select_one("#filtre-autour")["value"] == "Dax (40)"
    assert page.select_one("#filtre-km")["value"] == "30"
    assert "autour=commune-40088" in page.select_one('link[type="text/calendar"]')["href"]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_distance(client, towns, settings, count):
    settings.PAGE_CACHE_SECONDS = 600
    for _ in range(count):
        make_event(towns, venue=make_venue(commune=commune("40088")))
    client.get(f"{LANDES}?autour=Dax&vu=1")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{LANDES}?autour=Dax").status_code == 200
    assert len(captured) == 7, [query["sql"] for query in captured]


def test_centres_are_loaded_from_either_shape(tmp_path, db):
    path = tmp_path / "centres"
    path.write_text('[{"code": "40088", "centre": {"type": "Point", "coordinates": [-1.05, 43.7]}}, {"code": "99999"}]')
    call_command("import_centres", path, verbosity=0)
    assert (Centre.objects.get().latitude, Centre.objects.get().longitude) == (43.7, -1.05)
    path.write_text("code;latitude;longitude\n40088;43,71;-1,06\n00000;1;1\n")
    call_command("import_centres", path, verbosity=0)
    assert (Centre.objects.get().latitude, Centre.objects.get().longitude) == (43.71, -1.06)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "code,lat\n1,2\n",
        "code,latitude,longitude\n40088,943,0\n",
        "[1]",
        '{"a": 1}',
        "code,latitude,longitude\n1,x,2",
    ],
)
def test_a_wrong_file_of_centres_loads_nothing(tmp_path, db, text):
    path = tmp_path / "centres"
    path.write_text(text)
    if not text:
        assert read_centres(path) == {}
        return
    with pytest.raises(BadCentres):
        read_centres(path)
    with pytest.raises(CommandError, match="Rien n'a été chargé"):
        call_command("import_centres", path)
    assert not Centre.objects.exists()


# --- Territories covered ----------------------------------------------------------------------------------------------
def test_an_event_is_on_the_agendas_of_what_it_covers(client, landes_space):
    gers = Territory.objects.get(level="departement", code="32")
    event = make_event(landes_space, title="Pour le Gers aussi")
    make_event(landes_space, title="Landes seules")
    assert titles(client, "/agenda/?territoire=departement-32") == []
    event.covered = [gers]
    event.save()
    assert titles(client, "/agenda/?territoire=departement-32") == ["Pour le Gers aussi"]
    assert "Pour le Gers aussi" in client.get("/agenda/calendrier.ics?territoire=departement-32").content.decode()


def test_what_covers_a_space_is_on_its_agenda_though_published_elsewhere(client, landes_space):
    from portal.territories.models import Space

    landes = landes_space.territory
    region = Space.objects.get(territory__level="region", territory__code="75")
    make_event(region, title="Régional qui couvre les Landes", covered=[landes])
    make_event(region, title="Régional")
    assert titles(client, LANDES) == ["Régional qui couvre les Landes"]
    assert titles(client, f"{LANDES}?portee=dedans") == ["Régional qui couvre les Landes"]
    home = client.get("/territoires/nouvelle-aquitaine/landes/").content.decode()
    assert "Régional qui couvre les Landes" in home


# --- Seats and organisers ---------------------------------------------------------------------------------------------
@pytest.fixture
def seats(landes_space):
    common = {"registration": "internal", "capacity": 1}
    now = timezone.now()
    make_event(landes_space, a_date(day_in(2)), title="Libre", **common)
    make_event(landes_space, a_date(day_in(3)), title="Sans limite", registration="internal")
    full = make_event(landes_space, a_date(day_in(4)), title="Plein", **common)
    make_registration(full.occurrences.get())
    line = make_event(landes_space, a_date(day_in(4)), title="File", registration="internal", capacity=2)
    Seating.objects.create(occurrence=line.occurrences.get(), taken=1, waiting=1)
    make_event(landes_space, a_date(day_in(4)), title="Ailleurs", registration_url="https://exemple.fr/i")
    make_event(
        landes_space, a_date(day_in(4)), title="Pas encore", registration_opens_at=now + timedelta(days=1), **common
    )
    make_event(landes_space, a_date(day_in(1)), title="Clos", registration_closes_hours=72, **common)
    make_event(landes_space, a_date(day_in(4)), title="Annulé", status="annule", status_reason="Pluie", **common)
    hybrid = make_event(
        landes_space, a_date(day_in(5)), title="Libre en ligne", mode="hybride", registration="internal", capacity=0,
        capacity_online=5,
    )  # fmt: skip
    assert hybrid.occurrences.count() == 1
    return landes_space


def test_places_left(client, seats):
    assert titles(client, f"{LANDES}?places=libres") == ["Libre", "Sans limite", "Libre en ligne"]


def test_a_seat_given_back_is_found_again(client, seats):
    occurrence = Occurrence.objects.get(page__title="Plein")
    Seating.objects.filter(occurrence=occurrence).update(taken=0)
    assert "Plein" in titles(client, f"{LANDES}?places=libres")


def test_an_organiser_is_followed_by_number(client, landes_space):
    landes = landes_space.territory
    hub = Organisation.objects.create(name="Hub des Pins", kind="hub", territory=landes)
    hidden = Organisation.objects.create(name="Structure secrète", kind="association", territory=landes)
    make_event(landes_space, a_date(day_in(1)), title="Du hub", organisation=hub)
    make_event(landes_space, a_date(day_in(2)), title="Avec le hub", co_organisations=[hub])
    make_event(landes_space, a_date(day_in(3)), title="Sans le hub")
    make_event(landes_space, a_date(day_in(3)), title="Brouillon", organisation=hidden, live=False)
    assert titles(client, f"{LANDES}?organisateur={hub.pk}") == ["Du hub", "Avec le hub"]
    assert "Hub des Pins" in client.get(f"{LANDES}?organisateur={hub.pk}").content.decode()
    for number in (hidden.pk, 999_999, "x"):
        answer = client.get(f"{LANDES}?organisateur={number}").content.decode()
        assert "Le filtre « Organisateur » a été ignoré" in answer
        assert "secrète" not in answer
