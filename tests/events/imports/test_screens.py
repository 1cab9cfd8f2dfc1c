"""The screens of imports, as editors use them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.imports.models import ImportedPage, ImportRun, ImportSource
from events.models import EventPage
from pages.services import open_territory_space
from portal.territories.models import Territory
from tests.factories import make_member

from ..factories import day_in, publish
from .making import bring, calendar, make_source, page_of, vevent
from .test_fetch import say

BASE = "/admin/evenements/imports/"


@pytest.fixture
def editor(client, owner):
    client.force_login(owner)
    return owner


def sent(space, file, **fields):
    values = {"name": "Agenda du voisin", "kind": "ics", "default_zone": "Europe/Paris", "publish": "on"}
    return values | {"space": space.pk, "default_format": "atelier", "file": file} | fields


def ics(*events):
    return SimpleUploadedFile("agenda.ics", calendar(*events), content_type="text/calendar")


def test_a_file_is_tried_then_imported_when_confirmed(client, editor, landes_space, commit):
    with commit():
        answer = client.post(f"{BASE}ajouter/", sent(landes_space, ics(vevent(), vevent("b@x", LOCATION="Nulle part"))))
    trial = ImportRun.objects.get()
    assert answer.url == f"{BASE}rapport/{trial.pk}/"
    assert not EventPage.objects.exists()
    shown = client.get(answer.url).content.decode()
    assert "Commune introuvable pour « Nulle part »" in shown
    assert "rien n’est encore écrit" in shown
    with commit():
        answer = client.post(f"{BASE}rapport/{trial.pk}/importer/")
    page = page_of(ImportSource.objects.get())
    assert (page.live, page.format, page.owner) == (True, "atelier", editor)
    assert "Atelier un@exemple.fr" in client.get(answer.url).content.decode()
    again = client.post(f"{BASE}rapport/{ImportRun.objects.latest('started_at').pk}/importer/", follow=True)
    assert "n’attend pas d’être confirmé" in again.content.decode()


def test_a_table_is_mapped_then_tried(client, editor, landes_space, commit):
    rows = f"Intitulé;Quand;Où\n=Atelier;{day_in(3):%d/%m/%Y} 14:00;Médiathèque, 40000 Mont-de-Marsan\n"
    file = SimpleUploadedFile("a.csv", rows.encode())
    where = client.post(f"{BASE}ajouter/", sent(landes_space, file)).url
    assert where.endswith("/colonnes/")
    shown = client.get(where).content.decode()
    assert "Quand" in shown
    assert "=Atelier" in shown
    refused = client.post(where, {"title": "Intitulé"})
    assert refused.status_code == 422
    with commit():
        answer = client.post(where, {"title": "Intitulé", "start": "Quand", "location": "Où"})
    run = ImportRun.objects.get()
    assert (run.state, run.created) == ("done", 1)
    exported = client.get(f"{answer.url}?format=csv")
    assert "'=Atelier" in exported.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "http://127.0.0.1/a.ics", "file": ""}, "réseau privé"),
        ({"url": "ftp://exemple.fr/", "file": ""}, "doit commencer par"),
        ({"file": ""}, "Donnez une adresse, ou choisissez un fichier"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "Choisissez un fichier .ics"),
        ({"nightly": "on"}, "Seule une adresse"),
        ({"name": ""}, "Champ requis"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(client, editor, landes_space, fields, words):
    answer = client.post(f"{BASE}ajouter/", sent(landes_space, **({"file": ics(vevent())} | fields)))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ImportSource.objects.exists()


def test_an_address_is_read_at_once_and_then_each_night(client, editor, landes_space, serve, commit):
    url = f"{serve(lambda handler: say(handler, body=calendar(vevent())))}/a.ics"
    with commit():
        client.post(f"{BASE}ajouter/", sent(landes_space, "", url=url, nightly="on"))
    source = ImportSource.objects.get()
    assert (source.url, source.nightly, ImportRun.objects.get().created) == (url, True, 1)
    with commit():
        client.post(f"{BASE}{source.pk}/agir/", {"action": "run"})
    assert page_of(source).live
    client.post(f"{BASE}{source.pk}/agir/", {"action": "pause"})
    source.refresh_from_db()
    assert not source.active


def test_what_was_edited_here_is_listed_and_taken_back(client, editor, landes_space):
    source = make_source(landes_space, editor)
    bring(source, vevent(), vevent("intact@x"))
    page = page_of(source)
    page.title = "Changé ici"
    publish(page)
    shown = client.get(f"{BASE}{source.pk}/").content.decode()
    assert "Changé ici" in shown
    assert "intact@x" not in shown
    imported = ImportedPage.objects.get(page=page)
    client.post(f"{BASE}{source.pk}/agir/", {"action": "take_back", "page": imported.pk})
    imported.refresh_from_db()
    assert imported.take_back


def test_another_space_is_not_found_and_cannot_be_chosen(client, editor, landes_space):
    other = open_territory_space(territory=Territory.objects.get(level="departement", code="47"))
    theirs = make_source(other, make_member("editor", other.territory), name="Secret du 47")
    run = bring(theirs, vevent())
    imported = ImportedPage.objects.get()
    mine = make_source(landes_space, editor)
    for address in (f"{theirs.pk}/", f"rapport/{run.pk}/", f"rapport/{run.pk}/colonnes/"):
        assert client.get(f"{BASE}{address}").status_code == 404
    for address in (f"{theirs.pk}/", f"{theirs.pk}/agir/", f"rapport/{run.pk}/importer/"):
        assert client.post(f"{BASE}{address}", {"action": "pause"}).status_code == 404
    assert client.post(f"{BASE}{mine.pk}/agir/", {"action": "take_back", "page": imported.pk}).status_code == 404
    assert "Secret du 47" not in client.get(BASE).content.decode()
    assert client.post(f"{BASE}ajouter/", sent(other, ics(vevent()))).status_code == 422
    theirs.refresh_from_db()
    assert theirs.active


def test_the_list_takes_the_same_queries_for_one_and_three(client, editor, landes_space):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_source(landes_space, editor)
        client.get(BASE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(BASE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
