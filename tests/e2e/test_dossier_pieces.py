"""Files of a dossier in Chromium: three at once, refused beside the others, dropped, replaced, taken out; large ones
cut off and gone on with after a reload; with the keyboard alone; without JavaScript.

On a server of the test's own: dossiers are made by the tests' factories.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

from dossiers.enums import Action, State
from dossiers.models import ComplementItem, Dossier, PartialUpload
from dossiers.pieces.services import current_files
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from tests.dossiers.factories import Party, act, field, make_dossier, make_party, make_type, tomorrow
from tests.files.samples import docx, pdf

from .conftest import NARROW, SCREENSHOTS, WIDE
from .test_accessibility import RULES, Axe

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]
KEY = "annexes"
LARGE = pdf(body=b"%" + b"a" * 7_000_000 + b"\n")


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database in memory is one for all threads and waits for nobody: requests are answered in turn there."""
    answer, turn = WSGIHandler.__call__, threading.Lock()

    def in_turn(self: WSGIHandler, *args: Any) -> Any:
        with turn:
            return answer(self, *args)

    if connection.vendor == "sqlite":
        monkeypatch.setattr(WSGIHandler, "__call__", in_turn)


@pytest.fixture
def party(db: None) -> Party:
    return make_party()


@pytest.fixture
def dossier(party: Party) -> Dossier:
    """To be completed, in a field of files."""
    type_ = make_type([field(KEY, "piece", "Annexes du projet", options={"max_files": 5, "accept": ["pdf", "docx"]})])
    made = make_dossier(party, State.DEPOSITED, type_)
    items = [{"field": KEY, "question": "Joignez les devis.", "mandatory": True}]
    return act(Action.REQUEST, made, party.instructor, due_on=tomorrow(15), items=items)


@pytest.fixture
def open_form(browser: Browser, live_server: Any, dossier: Dossier, party: Party) -> Iterator[Callable[..., Page]]:
    """The screen that asks for the files, as the depositor has it."""
    contexts, errors = [], []
    client = Client()
    client.force_login(party.depositor)
    item = ComplementItem.objects.get(request__dossier=dossier)
    address = live_server.url + reverse("dossiers:item", args=[dossier.pk, item.pk])

    def opened(**options: Any) -> Page:
        context = browser.new_context(locale="fr-FR", viewport=WIDE, **options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def written(folder: Path, **files: bytes) -> list[str]:
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return [str(folder / name.replace("_", ".")) for name in files]


def names(dossier: Dossier) -> list[str]:
    return [each.file.name for each in current_files(dossier).get(KEY, [])]


def picker(page: Page) -> Any:
    return page.locator("[data-pieces-add] input[type=file]")


def is_sound(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.wait_for_timeout(200)
        page.screenshot(path=SCREENSHOTS / f"{name}-{viewport['width']}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def test_three_at_once_one_refused_beside_the_others(open_form: Any, dossier: Dossier, tmp_path: Path) -> None:
    page = open_form()
    paths = written(tmp_path, devis_pdf=pdf(), page_pdf=b"<html>", plan_docx=docx())
    picker(page).set_input_files(paths)
    listed = page.locator("[data-pieces-list] [data-piece]")
    expect(listed).to_have_count(2)
    expect(page.locator("[data-pieces-queue]")).to_contain_text("n’est pas un fichier .pdf")
    assert sorted(names(dossier)) == ["devis.pdf", "plan.docx"]
    is_sound(page, "pieces-refusee")
    page.get_by_role("button", name="Fermer page.pdf").click()
    expect(page.locator("[data-pieces-queue] li")).to_have_count(0)
    # Dropped with the mouse.
    data = page.evaluate_handle(
        "([content]) => { const data = new DataTransfer();"
        " data.items.add(new File([content], 'depose.pdf', {type: 'application/pdf'})); return data; }",
        [pdf().decode("latin-1").replace("\xe2\xe3\xcf\xd3", "")],
    )
    page.locator("[data-pieces]").dispatch_event("drop", {"dataTransfer": data})
    expect(listed).to_have_count(3)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Retirer devis.pdf").click()
    expect(listed).to_have_count(2)
    assert sorted(names(dossier)) == ["depose.pdf", "plan.docx"]
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Remplacer plan.docx").click()
    chooser.value.set_files(written(tmp_path, bis_docx=docx()))
    expect(page.locator("[data-pieces-list]")).to_contain_text("bis.docx")
    assert sorted(names(dossier)) == ["bis.docx", "depose.pdf"]


def test_a_large_one_is_cut_off_goes_on_after_a_reload(open_form: Any, dossier: Dossier, tmp_path: Path) -> None:
    page = open_form()
    [path] = written(tmp_path, grand_pdf=LARGE)
    sent: list[str] = []

    def cut(route: Route) -> None:
        sent.append(route.request.headers.get("upload-offset", ""))
        if len(sent) == 1:
            route.continue_()
        else:
            route.abort()

    page.route("**/dossiers/envois/*/*", cut)
    page.route("**/dossiers/envois/*/", cut)
    picker(page).set_input_files(path)
    expect(page.locator("[data-pieces-queue]")).to_contain_text("nouvel essai")
    assert PartialUpload.objects.get().received == 2 * 1024 * 1024
    page.reload()
    page.unroute_all()
    expect(page.locator("[data-pieces-stopped]")).to_contain_text("L’envoi de « grand.pdf » s’est arrêté à 2,1 Mo")
    is_sound(page, "pieces-arretee")
    offsets: list[str] = []
    page.on("request", lambda request: offsets.append(request.headers.get("upload-offset", "")))
    picker(page).set_input_files(path)
    expect(page.locator("[data-pieces-list] [data-piece]")).to_have_count(1)
    assert [each for each in offsets if each] == ["2097152", "4194304", "6291456"]
    version = current_files(dossier)[KEY][0]
    with version.file.open() as file:
        assert file.read() == LARGE


def test_a_lost_connection_is_tried_again_and_can_be_given_up(open_form: Any, dossier: Dossier, tmp_path: Path) -> None:
    page = open_form()
    tries: list[int] = []

    def flaky(route: Route) -> None:
        if route.request.method == "POST":
            tries.append(1)
            return route.abort() if len(tries) == 1 else route.continue_()
        return route.continue_()

    page.route(f"**/pieces/{KEY}/", flaky)
    picker(page).set_input_files(written(tmp_path, devis_pdf=pdf()))
    expect(page.locator("[data-pieces-queue]")).to_contain_text("La connexion est interrompue.")
    page.get_by_role("button", name="Réessayer devis.pdf").click()
    expect(page.locator("[data-pieces-list] [data-piece]")).to_have_count(1)
    page.route("**/dossiers/envois/*/", lambda route: None)  # Never answered.
    picker(page).set_input_files(written(tmp_path, grand_pdf=LARGE))
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Annuler grand.pdf").click()
    expect(page.locator("[data-pieces-queue] li")).to_have_count(0)
    assert names(dossier) == ["devis.pdf"]


def test_the_state_of_the_scan_comes_by_itself(open_form: Any, dossier: Dossier, tmp_path: Path, settings: Any) -> None:
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = "tcp://127.0.0.1:1", False
    page = open_form()
    picker(page).set_input_files(written(tmp_path, devis_pdf=pdf()))
    expect(page.locator("[data-pieces-list]")).to_contain_text("En cours d’analyse")
    StoredFile.objects.update(scan_state=ScanState.CLEAN)
    expect(page.locator("[data-pieces-list]")).to_contain_text("Sain")
    expect(page.locator("[data-pieces-status]")).to_contain_text("L’antivirus a terminé son analyse.")


def test_with_the_keyboard(open_form: Any, dossier: Dossier, tmp_path: Path) -> None:
    page = open_form()
    picker(page).set_input_files(written(tmp_path, devis_pdf=pdf()))
    expect(page.locator("[data-pieces-list] [data-piece]")).to_have_count(1)
    expect(page.locator("[data-pieces-status]")).to_contain_text("« devis.pdf » est reçu.")
    page.on("dialog", lambda dialog: dialog.accept())
    reached = False
    page.locator("h1").first.evaluate("each => { each.tabIndex = -1; each.focus(); }")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.pieceRemove !== undefined"):
            reached = True
            break
    assert reached
    page.keyboard.press("Enter")
    expect(page.locator("[data-pieces-list] [data-piece]")).to_have_count(0)
    assert page.evaluate("document.activeElement.type") == "file"
    assert names(dossier) == []


def test_without_javascript(open_form: Any, dossier: Dossier, tmp_path: Path) -> None:
    page = open_form(java_script_enabled=False)
    page.locator(f"input[name={KEY}]").set_input_files(written(tmp_path, devis_pdf=pdf(), page_pdf=b"<html>"))
    page.get_by_role("button", name="Enregistrer la réponse").click()
    expect(page.locator("fieldset .fr-message--error")).to_contain_text("« page.pdf » : Ce fichier n’est pas")
    assert names(dossier) == ["devis.pdf"]  # The good one stays.
    page.get_by_label("Remplacer devis.pdf").set_input_files(written(tmp_path, bis_pdf=pdf()))
    page.get_by_role("button", name="Enregistrer la réponse").click()
    page.wait_for_load_state()
    assert names(dossier) == ["bis.pdf"]
    page.goto(page.url)
