"""Bad files, and good ones under every dress: read whole, refused with a sentence, or refused row by row."""

from __future__ import annotations

import io

import pytest

from newsletters.imports.refusal import TableRefused
from newsletters.imports.tables import MAX_BYTES, describe
from newsletters.models import Subscriber

from .corpus import GOOD, REFUSED, ROWS
from .making import checked, imported, list_of, outcomes, sender


def test_the_corpus_is_wide():
    assert len(GOOD) + len(REFUSED) + len(ROWS) >= 60


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_read_whatever_their_dress(name, landes_space):
    data, addresses = GOOD[name]
    # The name says nothing: a workbook may be called .csv, and a table .xlsx.
    item = imported(sender(landes_space), list_of(landes_space), data, name="adresses.csv")
    assert sorted(Subscriber.objects.values_list("address", flat=True)) == sorted(addresses)
    assert item.state == "done"


@pytest.mark.parametrize("name", ["utf-8", "utf-16", "windows-1252", "mac roman", "utf-16 big without its mark"])
def test_accents_are_what_they_were(name, landes_space):
    imported(sender(landes_space), list_of(landes_space), GOOD[name][0])
    assert sorted(Subscriber.objects.values_list("name", "organisation")) == [
        ("Anaïs Lefèvre", "Forêt Numérique"),
        ("Loïc Çelik", "Mairie de Dax"),
    ]


def test_latin_9_is_told_from_windows(landes_space):
    imported(sender(landes_space), list_of(landes_space), GOOD["latin-9"][0])
    assert Subscriber.objects.get(address="ana@exemple.fr").organisation == "Cœur € Numérique"


@pytest.mark.parametrize("name", REFUSED)
def test_bad_files_are_refused_with_a_sentence(name):
    data, code = REFUSED[name]
    with pytest.raises(TableRefused) as refused:
        describe(io.BytesIO(data), len(data))
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_a_file_of_200_megabytes_is_refused_unread():
    class Untouchable(io.BytesIO):
        def read(self, *args: object) -> bytes:
            raise AssertionError("It was read.")

    with pytest.raises(TableRefused, match="trop lourd"):
        describe(Untouchable(), 200 * 1024 * 1024)
    assert MAX_BYTES < 200 * 1024 * 1024


@pytest.mark.parametrize("name", ROWS)
def test_bad_rows_cost_themselves(name, landes_space):
    data, expected = ROWS[name]
    item = checked(sender(landes_space), list_of(landes_space), data)
    assert outcomes(item) == expected
    assert all(row.reason for row in item.rows.filter(outcome="invalid"))


def test_what_is_said_of_people_is_one_clean_line(landes_space):
    data = 'E-mail;Nom;Structure\nana@exemple.fr;"Ana\r\nBcc: x@exemple.fr";"' + "M" * 900 + '"\n'
    imported(sender(landes_space), list_of(landes_space), data.encode())
    ana = Subscriber.objects.get()
    assert ana.name == "Ana Bcc: x@exemple.fr"
    assert ana.organisation == "M" * 200


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("40", "Landes"), ("Landes", "Landes"), ("landes (40)", "Landes"), ("40 - Landes", "Landes"),
        ("84", "Vaucluse"),
        ("40088", "Dax"), ("40100", "Dax"), ("Dax", "Dax"), ("DAX (40)", "Dax"), ("40100 Dax", "Dax"),
        ("Nouvelle-Aquitaine", "Nouvelle-Aquitaine"), ("244000675", "CA du Grand Dax"), ("La Réunion", "La Réunion"),
        ("Nulle part", ""), ("99", ""), ("x" * 400, ""), ("0", ""),
    ],
)  # fmt: skip
def test_territories_are_recognised_as_people_write_them(written, name, landes_space):
    data = f"E-mail;Territoire\nana@exemple.fr;{written}\n".encode()
    item = imported(sender(landes_space), list_of(landes_space), data)
    found = Subscriber.objects.get().territory
    assert (found.name if found else "") == name
    assert item.unplaced == (not name and written != "0")
