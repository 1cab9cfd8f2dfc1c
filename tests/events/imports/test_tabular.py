"""Tables: separators, encodings, headings, dates and hours as people write them; rows refused with their line."""

from __future__ import annotations

from typing import Any

import pytest

from events.imports.parsed import ParsedFile
from events.imports.tabular import guess_mapping, parse_csv, read_headers

from .reading import WINDOW, dates


def read(text: str | bytes, mapping: dict[str, str] | None = None, **options: Any) -> ParsedFile:
    data = text.encode() if isinstance(text, str) else text
    parsed = parse_csv(data, mapping, **({"window": WINDOW} | options))
    assert parsed.adds_up, parsed
    return parsed


def only(day: str, hours: str = "", until: str = "") -> list[str]:
    return dates(read(f"Titre;Date;Heure de début;Heure de fin\nAtelier;{day};{hours};{until}\n"))


@pytest.mark.parametrize(
    "day",
    [
        "03/12/2026", "3/12/2026", "03-12-2026", "03.12.2026", "03/12/26", "2026-12-03", "2026/12/03", "20261203",
        "3 décembre 2026", "jeudi 3 décembre 2026", "Jeudi 3 Déc. 2026", "le 3 décembre 2026", "3 DECEMBRE 2026",
        "December 3, 2026", "3 Dec 2026", "3-déc-2026", " 03/12/2026 ",
    ],
)  # fmt: skip
def test_days(day):
    assert only(day) == ["20261203/20261203"]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        ("9h30", "083000"), ("9 h 30", "083000"), ("09:30", "083000"), ("09:30:00", "083000"), ("9H30", "083000"),
        ("9h", "080000"), ("14", "130000"), ("2:30 PM", "133000"), ("9:30 am", "083000"), ("midi", "110000"),
        ("à 9h30", "083000"), ("12:00 AM", "230000"),
    ],
)  # fmt: skip
def test_hours(hour, expected):
    (only_date,) = only("03/12/2026", hour, "")
    assert only_date.split("/")[0].endswith(f"T{expected}Z")


@pytest.mark.parametrize(
    ("hours", "until", "expected"),
    [
        ("9h30", "11h", "20261203T083000Z/20261203T100000Z"),
        ("de 9h30 à 11h", "", "20261203T083000Z/20261203T100000Z"),
        ("9h30-11h00", "", "20261203T083000Z/20261203T100000Z"),
        ("9h30", "", "20261203T083000Z/20261203T083000Z"),
        ("20h", "1h", "20261203T190000Z/20261204T000000Z"),
        ("20h", "minuit", "20261203T190000Z/20261203T230000Z"),
        ("", "", "20261203/20261203"),
    ],
)
def test_durations(hours, until, expected):
    assert only("03/12/2026", hours, until) == [expected]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Atelier;31/02/2026;;", "Date « 31/02/2026 » : ce jour n'existe pas."),
        ("Atelier;bientôt;;", "Date « bientôt » illisible."),
        ("Atelier;;;", "Pas de date de début."),
        (";03/12/2026;;", "Pas de titre."),
        ("Atelier;03/12/2026;25h;", "Heure « 25h » : cette heure n'existe pas."),
        ("Atelier;03/12/2026;tôt;", "Heure « tôt » illisible."),
        ("Atelier;03/12/2026;14h;12h", "La fin précède le début."),
        ("Atelier;03/12/0026;;", "Date « 03/12/0026 » : cette année est hors du calendrier."),
        ('"Atelier;03/12/2026;;', "Un guillemet est ouvert et n'est pas fermé."),
    ],
)
def test_a_broken_row_is_refused_with_its_line_and_the_others_kept(row, reason):
    text = f"Titre;Date;Heure de début;Heure de fin\nUn;01/12/2026;;\n{row}\n\nDeux;02/12/2026;;\n"
    parsed = read(text)
    assert dates(parsed) == ["20261201/20261201", "20261202/20261202"]
    assert [(rejection.line, rejection.reason) for rejection in parsed.rejections] == [(3, reason)]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_separators_encodings_and_line_ends(separator, encoding, ending):
    rows = [["Intitulé", "Date de début", "Lieu"], ["Été à Dax", "2026-12-03", '"Salle ""A"""']]
    text = ending.join(separator.join(row) for row in rows)
    (event,) = read(text.encode(encoding)).events
    assert (event.title, event.location, event.line) == ("Été à Dax", 'Salle "A"', 2)


def test_cells_may_hold_line_ends_and_rows_be_short_or_long():
    text = 'Titre,Date,Description\n"A, B",2026-12-03,"Une\nDeux"\nC,2026-12-04\nD,2026-12-05,x,y,z\n'
    parsed = read(text)
    assert [(event.title, event.line, event.text) for event in parsed.events] == [
        ("A, B", 2, "Une\nDeux"),
        ("C", 4, ""),
        ("D", 5, "x"),
    ]


def test_a_google_table_in_english():
    text = (
        "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location\n"
        "Talk,2026-12-03,9:30 AM,2026-12-03,11:00 AM,False,Hello,Dax\n"
        "Fair,2026-12-04,,2026-12-06,,True,,\n"
    )
    assert dates(read(text)) == ["20261203T083000Z/20261203T100000Z", "20261204/20261206"]


def test_one_column_may_hold_the_day_and_the_hour():
    text = "Titre;Début;Fin\nA;03/12/2026 9h30;03/12/2026 11:00\nB;2026-12-04T09:30:00Z;2026-12-04 12:00\n"
    assert dates(read(text)) == ["20261203T083000Z/20261203T100000Z", "20261204T093000Z/20261204T110000Z"]


def test_all_that_a_row_may_say():
    text = (
        "Identifiant;Titre;Date;Heure;Ville;Code postal;Adresse;Latitude;Longitude;Thèmes;Statut;Modalité;Lien;"
        "Inscription;Fuseau\n"
        "7;Atelier;03/12/2026;9h;Saint-Denis;97400;1 rue X;-20,88;55,45;a, b|a;Annulé;En ligne;www.example.org;"
        "https://example.org/i;Indian/Reunion\n"
    )
    (event,) = read(text).events
    assert dates(read(text)) == ["20261203T050000Z/20261203T050000Z"]
    assert (event.uid, event.time_zone, event.city, event.postal_code) == (
        "7",
        "Indian/Reunion",
        "Saint-Denis",
        "97400",
    )
    assert (event.latitude, event.longitude, event.categories) == (-20.88, 55.45, ("a", "b"))
    assert (event.status, event.portal_status, event.mode) == ("cancelled", "annule", "en_ligne")
    assert (event.url, event.registration_url) == ("https://www.example.org", "https://example.org/i")


def test_without_an_identifier_the_key_stays_the_same_as_long_as_the_row_says_the_same():
    first, again = (read("Titre;Date;Description\nA;03/12/2026;x\n"), read("Date;Titre\n2026-12-03;A\n"))
    assert first.events[0].key == again.events[0].key
    assert first.events[0].key != read("Titre;Date\nA;04/12/2026\n").events[0].key


def test_the_last_row_of_an_identifier_is_taken_and_the_others_counted():
    parsed = read("id;titre;date\n1;A;2026-12-03\n1;B;2026-12-04\n2;C;2020-01-01\n")
    assert [event.title for event in parsed.events] == ["B"]
    assert [(note.line, note.count) for note in parsed.notes] == [(2, 1), (4, 1)]


def test_a_mapping_is_followed():
    text = "A;B\n2026-12-03;Atelier\n"
    assert dates(read(text, {"title": "B", "start_date": "A"})) == ["20261203/20261203"]
    refused = read(text, {"title": "C", "start_date": "A"})
    assert refused.unreadable == "Cette colonne n'est pas dans le fichier : « C »."


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["Nom de l’événement", "Date de début", "Heure de début", "Lieu"],
         {"title": "Nom de l’événement", "start_date": "Date de début", "start_time": "Heure de début",
          "location": "Lieu"}),
        (["Début", "Heure début", "TITRE :"], {"start_date": "Début", "start_time": "Heure début", "title": "TITRE :"}),
        (["x", "y"], {"longitude": "x", "latitude": "y"}),
        (["foo"], {}),
    ],
)  # fmt: skip
def test_headings_are_guessed(headers, expected):
    assert guess_mapping(headers) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Ce fichier est vide."),
        (b"\xef\xbb\xbf\n\n", "Ce fichier est vide."),
        (b"PK\x03\x04", "Ce fichier n'est pas un tableau CSV mais un classeur : enregistrez-le en CSV."),
        (b"a;b\n1;2\n", "Aucune colonne ne donne le titre ou la date de début des événements."),
        (b"\x00\x01\x02", "Ce fichier est vide."),
    ],
)
def test_what_is_no_table_says_so(data, reason):
    assert read(data).unreadable == reason


def test_headers_for_whoever_maps_them():
    assert read_headers("sep=,\nTitre , Date\nA,B".encode("cp1252")) == ["Titre", "Date"]
    assert read_headers(b"") == []
