"""What the antivirus says of pieces: away, slow, killed or deceived, nobody is given what it has not called clean."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.enums import EventKind, Side
from dossiers.exchange.attachments import PURPOSE as EXCHANGE
from dossiers.journal import faults
from dossiers.models import DossierEvent, Message, MessageFile
from dossiers.pieces import events
from dossiers.pieces.services import problems, replace_file
from dossiers.rules import DossierRefused
from portal.files import clamd, scanning
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.notifications.models import Notice
from tests.files.daemons import answering, daemon, dripping, hanging, hanging_up
from tests.files.samples import EICAR, ODT, docx, make_file, package, pdf, upload, xlsx

from .conftest import ANY, PLAN, deposited, put

pytestmark = pytest.mark.django_db
NOBODY_THERE = "tcp://127.0.0.1:1"
WITH_CLAMD = Path(__file__).resolve().parents[3] / "scripts" / "with-clamd"
real = pytest.mark.skipif(not os.environ.get("CLAMD_TEST_URL"), reason="scripts/with-clamd")
FOUND = b"stream: Eicar-Test-Signature FOUND\0"

INFECTED = {
    "virus.csv": EICAR,
    "virus.docx": docx(parts={"word/media/note.txt": EICAR.decode()}),
    "virus.xlsx": xlsx(parts={"xl/media/note.txt": EICAR.decode()}),
    "virus.odt": package({"mimetype": ODT, "content.xml": "<a/>", "Pictures/x": EICAR.decode()}),
    "virus.pdf": pdf(body=b"7 0 obj\n<</Length 68>>\nstream\n" + EICAR + b"\nendstream\nendobj\n"),
}


@pytest.fixture(autouse=True)
def scanner(settings):
    """There is one, though nobody answers yet."""
    settings.FILES_WITHOUT_SCANNER, settings.CLAMD_URL, settings.CLAMD_TIMEOUT = False, NOBODY_THERE, 0.5
    return settings


def status(user: Any, stored: StoredFile) -> int:
    client = Client()
    client.force_login(user)
    answer = client.get(stored.get_absolute_url())
    answer.close()
    return answer.status_code


def scan(stored: StoredFile, url: str, settings: Any) -> StoredFile:
    settings.CLAMD_URL = url
    StoredFile.objects.filter(pk=stored.pk).update(scan_after=timezone.now())
    scanning.scan_file(stored.pk)
    stored.refresh_from_db()
    return stored


def found_events(dossier: Any) -> list[DossierEvent]:
    return list(DossierEvent.objects.filter(dossier=dossier, kind=EventKind.FILE_INFECTED).order_by("number"))


@pytest.mark.parametrize("behave", [None, hanging, dripping, hanging_up, answering(b"stream: OK"), answering(b"")])
def test_away_or_slow_holds_readers_up_and_not_the_depositor(draft, party, settings, behave):
    stored = put(draft, party.depositor, PLAN).file
    assert stored.scan_state == ScanState.PENDING
    deposited(draft, party)
    if behave is None:
        scan(stored, NOBODY_THERE, settings)
    else:
        with daemon(behave) as url:
            scan(stored, url, settings)
    assert stored.scan_state == ScanState.PENDING
    assert [status(who, stored) for who in (party.instructor, party.colleague, party.depositor)] == [409, 409, 200]
    with daemon(answering(b"stream: OK\0")) as url:
        scan(stored, url, settings)
    assert [status(who, stored) for who in (party.instructor, party.colleague, party.depositor)] == [200] * 3


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: Heuristics.Limits.Exceeded FOUND\0"]
)
def test_over_its_limits_is_never_clean(draft, party, settings, answer):
    stored = put(draft, party.depositor).file
    deposited(draft, party)
    with daemon(answering(answer)) as url:
        assert scan(stored, url, settings).scan_state == ScanState.UNSCANNABLE
    assert [status(who, stored) for who in (party.instructor, party.depositor)] == [409, 200]
    assert not found_events(draft)
    client = Client()
    client.force_login(party.depositor)
    html = client.get(reverse("dossiers:pieces", args=[draft.pk, ANY])).json()["html"]
    assert "ne pourra pas l’ouvrir" in html


def test_the_screen_says_where_the_scan_is(draft, party, settings):
    client = Client()
    client.force_login(party.depositor)
    path = reverse("dossiers:pieces", args=[draft.pk, ANY])
    answer = client.post(path, {"file": upload("a.pdf")}).json()
    assert (answer["waits"], "En cours d’analyse" in answer["html"], "data-waits" in answer["html"]) == (True,) * 3
    stored = StoredFile.objects.get()
    for state, waits, words in (
        (ScanState.ERROR, True, "Analyse retardée"),
        (ScanState.CLEAN, False, "Sain"),
        (ScanState.INFECTED, False, "Écarté par l’antivirus"),
        (ScanState.UNSCANNABLE, False, "Non analysable"),
    ):
        StoredFile.objects.update(scan_state=state)
        answer = client.get(path).json()
        assert (answer["waits"], words in answer["html"]) == (waits, True), state
        assert (stored.get_absolute_url() in answer["html"]) == (state != ScanState.INFECTED)


def test_an_infected_piece_is_an_event_a_neutral_notice_and_a_way_out(draft, party, settings, commit):
    version = put(draft, party.depositor, PLAN, "devis.pdf")
    with commit(), daemon(answering(FOUND)) as url:
        scan(version.file, url, settings)
    [event] = found_events(draft)
    assert (event.actor, event.side, event.data["field"], event.data["file"]) == (
        None,
        Side.SYSTEM,
        PLAN,
        str(version.file_id),
    )
    notice = Notice.objects.get()
    assert notice.recipient == party.depositor
    assert {status(who, version.file) for who in (party.depositor, party.colleague, party.reader)} == {409}
    with pytest.raises(DossierRefused) as refusal:
        deposited(draft, party)
    assert "L’antivirus a écarté « devis.pdf »" in refusal.value.errors[PLAN][0]
    replace_file(piece=version.piece, actor=party.depositor, upload=upload())
    assert problems(draft) == {}
    draft.refresh_from_db()
    assert not list(faults(draft))


def test_the_mail_is_neutral(draft, party, settings, commit):
    version = put(draft, party.depositor, PLAN, "devis.pdf")
    with commit(), daemon(answering(FOUND)) as url:
        scan(version.file, url, settings)
    [sent] = mail.outbox
    assert sent.to == [party.depositor.email]
    text = f"{sent.subject} {sent.body}"
    assert "vous n’avez pas forcément fait d’erreur" in text
    for word in ("Eicar", "infect", "malveillant", "https://mechant"):
        assert word not in text
    assert not sent.attachments


def test_a_verdict_on_a_deposited_dossier_is_told_once(draft, party, settings):
    version = put(draft, party.depositor)
    deposited(draft, party)
    with daemon(answering(FOUND)) as url:
        scan(version.file, url, settings)
    for _ in range(2):
        assert events.catch_up() == 1
    assert len(found_events(draft)) == 1
    assert status(party.instructor, version.file) == 409


def test_a_worker_killed_after_the_verdict_is_caught_up_with(draft, party):
    version = put(draft, party.depositor)
    StoredFile.objects.filter(pk=version.file_id).update(scan_state=ScanState.INFECTED, scanned_at=timezone.now())
    assert not found_events(draft)
    events.catch_up()
    assert [each.data["version"] for each in found_events(draft)] == [str(version.pk)]


def test_a_listener_that_breaks_changes_nothing_of_the_verdict(draft, party, settings, monkeypatch):
    version = put(draft, party.depositor)

    def broken(stored):
        raise RuntimeError("broken")

    monkeypatch.setattr("portal.files.listeners._infected", {"dossiers": [broken, events.infected]})
    with daemon(answering(FOUND)) as url:
        assert scan(version.file, url, settings).scan_state == ScanState.INFECTED
    assert len(found_events(draft)) == 1


@pytest.mark.parametrize(("internal", "kind"), [(False, EventKind.FILE_INFECTED), (True, EventKind.INFECTED_INSIDE)])
def test_an_infected_note_is_not_told_to_the_organisation(draft, party, settings, internal, kind):
    deposited(draft, party)
    stored = make_file(party.instructor, purpose=EXCHANGE)
    message = Message.objects.create(
        dossier=draft, author=party.instructor, author_label="x", side=Side.INSTRUCTION, internal=internal
    )
    MessageFile.objects.create(message=message, file=stored)
    with daemon(answering(FOUND)) as url:
        scan(stored, url, settings)
    assert DossierEvent.objects.filter(dossier=draft).latest("number").kind == kind


# --- A real daemon ----------------------------------------------------------------------------------------------------
@pytest.mark.clamd
@real
@pytest.mark.parametrize("name", INFECTED)
def test_eicar_in_a_piece_is_out_of_reach_for_everybody(draft, party, settings, name):
    settings.CLAMD_TIMEOUT = 20
    client = Client()
    client.force_login(party.depositor)
    path = reverse("dossiers:pieces", args=[draft.pk, ANY])
    assert client.post(path, {"file": upload(name, INFECTED[name])}).status_code == 201
    assert client.post(path, {"file": upload("sain.pdf")}).status_code == 201
    good, bad = StoredFile.objects.order_by("created_at").reverse()
    assert scan(good, os.environ["CLAMD_TEST_URL"], settings).scan_state == ScanState.CLEAN
    assert scan(bad, os.environ["CLAMD_TEST_URL"], settings).scan_state == ScanState.INFECTED
    people = (party.depositor, party.colleague, party.reader)
    assert ({status(who, bad) for who in people}, {status(who, good) for who in people}) == ({409}, {200})
    assert len(found_events(draft)) == 1
    assert Notice.objects.get().recipient == party.depositor
    assert set(problems(draft)) == {ANY}


@contextmanager
def own_clamd(port: int) -> Iterator[tuple[str, int]]:
    """A real daemon of the test's own, to kill: its address and process."""
    told = "echo $CLAMD_TEST_SOCKET; exec sleep 60"
    process = subprocess.Popen(
        ["bash", str(WITH_CLAMD), "bash", "-c", told],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"CLAMD_PORT": str(port)},
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        yield address, int((Path(address.removeprefix("unix://")).parent / "pid").read_text())
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        process.stdout.close()


class Dying:
    """The content of a file, during whose third part the daemon is killed."""

    def __init__(self, stored: StoredFile, pid: int) -> None:
        self.file, self.pid, self.parts = stored.open(), pid, 0

    def read(self, size: int) -> bytes:
        self.parts += 1
        if self.parts == 3:
            os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.3)
        return bytes(self.file.read(size))

    def __enter__(self) -> Dying:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


@pytest.mark.clamd
@real
def test_a_daemon_killed_in_mid_scan_leaves_the_file_waiting(draft, party, settings, monkeypatch):
    settings.CLAMD_TIMEOUT = 20
    content = pdf(body=b"%" + b"x" * 3_000_000 + b"\n")
    stored = put(draft, party.depositor, ANY, "plan.pdf", content).file
    deposited(draft, party)
    with own_clamd(53_377) as (url, pid):
        monkeypatch.setattr(clamd, "CHUNK", 65_536)
        dying = Dying(stored, pid)
        with monkeypatch.context() as patched:
            patched.setattr(StoredFile, "open", lambda self: dying)
            scan(stored, url, settings)
        assert dying.parts >= 3
    assert (stored.scan_state, stored.scan_attempts) == (ScanState.PENDING, 1)
    assert [status(who, stored) for who in (party.instructor, party.depositor)] == [409, 200]
    assert scan(stored, os.environ["CLAMD_TEST_URL"], settings).scan_state == ScanState.CLEAN
    assert status(party.instructor, stored) == 200


@pytest.mark.clamd
@real
def test_a_slow_daemon_leaves_the_file_waiting(draft, party, settings):
    """Stopped (SIGSTOP): it takes the connection and says nothing, then goes on."""
    stored = put(draft, party.depositor).file
    deposited(draft, party)
    with own_clamd(53_378) as (url, pid):
        os.kill(pid, signal.SIGSTOP)
        start = time.monotonic()
        try:
            scan(stored, url, settings)
        finally:
            os.kill(pid, signal.SIGCONT)
        assert time.monotonic() - start < 10
        assert stored.scan_state == ScanState.PENDING
        assert status(party.instructor, stored) == 409
        settings.CLAMD_TIMEOUT = 20
        assert scan(stored, url, settings).scan_state == ScanState.CLEAN
    assert status(party.instructor, stored) == 200
