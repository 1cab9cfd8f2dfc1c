"""OpenAgenda exports: what each gives, what is refused, and that counts add up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from events.imports.openagenda import parse_openagenda
from events.imports.parsed import ParsedFile

from .reading import WINDOW, dates

ATELIER = {
    "uid": 84213477,
    "slug": "atelier-cafe-numerique",
    "title": {"fr": "Café numérique", "en": "Digital coffee"},
    "description": {"fr": "Un café, des questions."},
    "longDescription": {"fr": "<p>Venez <strong>comme</strong> vous êtes.</p><ul><li>Wi-Fi</li></ul>"},
    "timings": [
        {"begin": "2026-12-03T09:30:00+01:00", "end": "2026-12-03T11:00:00+01:00"},
        {"begin": "2027-06-03T09:30:00+02:00", "end": "2027-06-03T11:00:00+02:00"},
    ],
    "timezone": "Europe/Paris",
    "location": {
        "name": "Médiathèque du Marsan",
        "address": "Place du 6e R.P.I.Ma, 40000 Mont-de-Marsan",
        "postalCode": "40000",
        "city": "Mont-de-Marsan",
        "insee": "40192",
        "latitude": 43.8936,
        "longitude": -0.5005,
    },
    "image": {"filename": "a.base.image.jpg", "base": "https://cdn.openagenda.com/main/"},
    "keywords": {"fr": ["numérique", "entraide", "numérique"]},
    "accessibility": {"hi": False, "vi": False, "pi": True, "ii": False, "mi": True},
    "onlineAccessLink": "https://visio.example.org/salle",
    "registration": [{"type": "phone", "value": "05 58 00 00 00"}, {"type": "link", "value": "https://inscription.example.org/1"}],
    "status": 5,
    "attendanceMode": 3,
    "updatedAt": "2026-11-02T08:00:00.000Z",
    "originAgenda": {"title": "Hub du Sud-Ouest"},
}  # fmt: skip


def read(data: Any, **options: Any) -> ParsedFile:
    octets = data if isinstance(data, bytes) else json.dumps(data).encode()
    parsed = parse_openagenda(octets, **({"window": WINDOW} | options))
    assert parsed.adds_up, parsed
    return parsed


def made(**changes: Any) -> dict[str, Any]:
    return ATELIER | changes


def test_an_event_says_all_that_the_portal_can_keep():
    parsed = read({"total": 1, "events": [ATELIER]})
    assert dates(parsed) == ["20261203T083000Z/20261203T100000Z", "20270603T073000Z/20270603T090000Z"]
    first, second = parsed.events
    assert first.key == ("84213477", "20261203T083000Z")
    assert second.key == ("84213477", "20270603T073000Z")
    assert first.title == "Café numérique"
    assert first.text == "Un café, des questions.\n\nVenez comme vous êtes.\n\n- Wi-Fi"
    assert (first.location, first.city, first.postal_code, first.insee) == (
        "Médiathèque du Marsan",
        "Mont-de-Marsan",
        "40000",
        "40192",
    )
    assert (first.latitude, first.longitude) == (43.8936, -0.5005)
    assert first.image == "https://cdn.openagenda.com/main/a.base.image.jpg"
    assert first.categories == ("numérique", "entraide")
    assert first.accessibility == ("Handicap psychique", "Handicap moteur")
    assert first.access == ("wheelchair",)
    assert first.join_url == "https://visio.example.org/salle"
    assert first.registration_url == "https://inscription.example.org/1"
    assert (first.status, first.portal_status, first.mode) == ("confirmed", "complet", "hybride")
    assert f"{first.modified:%Y%m%dT%H%M%SZ}" == "20261102T080000Z"
    assert first.organiser == "Hub du Sud-Ouest"


@pytest.mark.parametrize(
    ("number", "status", "portal"),
    [
        (1, "confirmed", "programme"),
        (2, "confirmed", "reprogramme"),
        (3, "confirmed", "passe_en_ligne"),
        (4, "tentative", "reporte"),
        (5, "confirmed", "complet"),
        (6, "cancelled", "annule"),
        ({"id": 6, "label": {"fr": "Annulé"}}, "cancelled", "annule"),
        ("6", "cancelled", "annule"),
        (None, "confirmed", "programme"),
        (99, "confirmed", "programme"),
    ],
)
def test_statuses(number, status, portal):
    event = read([made(status=number)]).events[0]
    assert (event.status, event.portal_status) == (status, portal)


@pytest.mark.parametrize("shape", ["events", "array", "data", "one", "fields"])
def test_shapes_of_exports(shape):
    one = made(timings=ATELIER["timings"][:1])
    data = {
        "events": {"success": True, "events": [one]},
        "array": [one],
        "data": {"data": [one]},
        "one": one,
        "fields": {"records": [{"recordid": "x", "fields": one}]},
    }[shape]
    assert dates(read(data)) == ["20261203T083000Z/20261203T100000Z"]


def test_the_open_data_platform_writes_it_flat():
    row = {
        "uid": "1",
        "title_fr": "Atelier",
        "description_fr": "Court",
        "timings": '[{"begin": "2026-12-03T08:30:00+00:00", "end": "2026-12-03T10:00:00+00:00"}]',
        "location_name": "Mairie",
        "location_city": "Dax",
        "location_coordinates": {"lon": -1.05, "lat": 43.71},
        "keywords_fr": ["a", "b"],
        "status": '{"id": 4, "label": {"fr": "Reporté"}}',
        "updatedat": "2026-11-02T08:00:00+00:00",
    }
    (event,) = read({"results": [row]}).events
    assert (event.title, event.location, event.city, event.status) == ("Atelier", "Mairie", "Dax", "tentative")
    assert (event.latitude, event.longitude) == (43.71, -1.05)
    assert event.categories == ("a", "b")


def test_overseas_the_hour_is_that_of_the_place():
    timing = {"begin": "2026-12-03T09:00:00+04:00", "end": "2026-12-03T10:00:00+04:00"}
    there = made(timezone="Indian/Reunion", timings=[timing])
    (event,) = read([there]).events
    assert (event.time_zone, f"{event.start_time:%H:%M}") == ("Indian/Reunion", "09:00")
    assert dates(read([there])) == ["20261203T050000Z/20261203T060000Z"]


def test_times_without_offset_are_those_of_the_zone_named():
    there = made(timezone="America/Cayenne", timings=[{"begin": "2026-12-03T09:00:00", "end": "2026-12-03T10:00:00"}])
    assert dates(read([there])) == ["20261203T120000Z/20261203T130000Z"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (made(timings=[]), "Aucun horaire (« timings »)."),
        (made(timings="rien"), "Aucun horaire (« timings »)."),
        (made(timings=[{"begin": "2026-02-31T10:00:00Z", "end": "2026-02-31T11:00:00Z"}]),
         "Horaire « 2026-02-31T10:00:00Z » : ce jour n'existe pas."),
        (made(timings=[{"begin": "2026-12-03T10:00:00Z", "end": "2026-12-03T09:00:00Z"}]),
         "Horaire « 2026-12-03T10:00:00Z » : la fin précède le début."),
        (made(timings=[None]), "Un horaire est illisible."),
        (made(uid=None, slug=""), "Pas d'identifiant (« uid »)."),
        ("texte", "Ce n'est pas un événement."),
        (None, "Ce n'est pas un événement."),
    ],
)  # fmt: skip
def test_a_broken_event_is_refused_with_its_rank_and_the_others_kept(broken, reason):
    parsed = read({"events": [made(uid=1), broken, made(uid=3)]})
    assert {event.uid for event in parsed.events} == {"1", "3"}
    assert [(rejection.line, rejection.reason) for rejection in parsed.rejections] == [(2, reason)]


def test_a_broken_timing_is_noted_and_the_others_kept():
    parsed = read([made(timings=[*ATELIER["timings"], {"begin": "demain"}])])
    assert len(parsed.events) == 2
    assert [note.text for note in parsed.notes] == [
        "Un horaire est ignoré. Horaire « demain » : cette date est illisible."
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Ce fichier est vide."),
        (b"<html>", "Ce fichier n'est pas un export JSON d'OpenAgenda."),
        (b'{"message": "not found"}', "Ce JSON n'a pas de liste d'événements (« events »)."),
        (b"{broken", "Ce JSON est illisible (ligne 1, caractère 2)."),
        (b"[" * 100_000, "Ce JSON est illisible."),
        (b"[" + b"9" * 5000 + b"]", "Ce JSON est illisible."),
    ],
)
def test_what_is_no_export_says_so(data, reason):
    assert read(data).unreadable == reason


def test_a_file_cut_short_keeps_what_precedes():
    whole = json.dumps({"events": [made(uid=1), made(uid=2), made(uid=3)]}).encode()
    parsed = read(whole[:-400])
    assert {event.uid for event in parsed.events} == {"1", "2"}
    assert [rejection.line for rejection in parsed.rejections] == [3]
    assert parsed.rejections[0].reason == "Cet événement et ceux qui le suivent sont illisibles."


def test_the_latest_of_two_versions_is_taken_and_what_is_out_of_the_window_counted():
    old = made(title={"fr": "Avant"}, updatedAt="2026-11-01T08:00:00Z")
    past = made(uid=2, timings=[{"begin": "2019-12-03T10:00:00Z", "end": "2019-12-03T11:00:00Z"}])
    parsed = read([ATELIER, old, past])
    assert {event.title for event in parsed.events} == {"Café numérique"}
    assert [(note.line, note.count, note.kind.name) for note in parsed.notes] == [
        (2, 1, "SET_ASIDE"),
        (3, 1, "SET_ASIDE"),
    ]


def test_characters_that_no_database_takes_are_left_out():
    timings = json.dumps(ATELIER["timings"]).encode()
    (event, _) = read(rb'[{"uid": 1, "title": "A\u0000B\ud800C", "timings": %s}]' % timings).events
    assert event.title == "ABC"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": 12}, {"title": []}, {"title": {"fr": None}}, {"location": "Dax"}, {"location": []},
        {"location": {"latitude": "nord", "longitude": {}}}, {"keywords": "a, b"}, {"keywords": {"fr": None}},
        {"accessibility": ["mi"]}, {"accessibility": 3}, {"image": []}, {"registration": "05"}, {"status": []},
        {"timezone": 3}, {"timezone": "Mars/Olympus"}, {"updatedAt": "hier"}, {"originAgenda": None},
    ],
)  # fmt: skip
def test_fields_of_another_type_never_cost_the_event(changes):
    assert len(read([made(**changes)]).events) == 2
