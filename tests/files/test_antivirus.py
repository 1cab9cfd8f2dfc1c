"""What the antivirus says decides who is given a file; while it says nothing, nobody but its sender is."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.core.health import UnhealthyError
from portal.files import access, clamd, health, scanning
from portal.files.checks import files_are_scanned
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.files.selectors import file_for, may_be_served
from portal.notifications.models import Notice
from tests.factories import make_user

from .daemons import answering, daemon, dripping, hanging, hanging_up
from .samples import EICAR, docx, make_file, package, pdf

pytestmark = pytest.mark.django_db
NOBODY_THERE = "tcp://127.0.0.1:1"


@pytest.fixture
def waiting(settings):
    """Makes a file that waits for its scan, though the daemon be named only later."""
    settings.FILES_WITHOUT_SCANNER = False
    settings.CLAMD_TIMEOUT = 0.3

    def make(actor=None, **fields) -> StoredFile:
        return make_file(actor, scan_state=ScanState.PENDING, **fields)

    return make


def scanned(stored: StoredFile, url: str, settings) -> StoredFile:
    settings.CLAMD_URL = url
    scanning.scan_file(stored.pk)
    stored.refresh_from_db()
    return stored


def is_served(stored: StoredFile) -> bool:
    return may_be_served(make_user(), stored)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"stream: OK\0", ScanState.CLEAN),
        (b"stream: Eicar-Test-Signature FOUND\0", ScanState.INFECTED),
        (b"stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0", ScanState.UNSCANNABLE),
        (b"stream: Heuristics.Encrypted.PDF FOUND\0", ScanState.UNSCANNABLE),
        (b"INSTREAM size limit exceeded. ERROR\0", ScanState.UNSCANNABLE),
        (b"stream: Can't allocate memory ERROR\0", ScanState.PENDING),
        (b"UNKNOWN COMMAND\0", ScanState.PENDING),
        (b"stream: OK", ScanState.PENDING),
        (b"", ScanState.PENDING),
        (b"x" * 10_000, ScanState.PENDING),
        (b"HTTP/1.1 200 OK\r\n\r\n\0", ScanState.PENDING),
    ],
)
def test_only_a_plain_word_makes_a_file_clean(waiting, settings, answer, state):
    with daemon(answering(answer)) as url:
        stored = scanned(waiting(), url, settings)
    assert stored.scan_state == state
    assert is_served(stored) == (state == ScanState.CLEAN)
    assert (stored.scanned_at is None) == (state == ScanState.PENDING)


@pytest.mark.parametrize("behave", [hanging, dripping, hanging_up])
def test_a_daemon_that_is_slow_or_hangs_up_leaves_a_file_waiting(waiting, settings, behave):
    start = timezone.now()
    with daemon(behave) as url:
        stored = scanned(waiting(), url, settings)
    assert stored.scan_state == ScanState.PENDING
    assert not is_served(stored)
    assert timezone.now() - start < timedelta(seconds=4)


@pytest.mark.parametrize("url", [NOBODY_THERE, "unix:///nowhere/clamd.ctl", "http://127.0.0.1:1", "nonsense"])
def test_a_daemon_that_is_down_is_tried_again_later_and_later(waiting, settings, url):
    stored = waiting()
    delays = []
    for attempt in range(1, 8):
        StoredFile.objects.update(scan_after=timezone.now())
        scanned(stored, url, settings)
        assert stored.scan_attempts == attempt
        assert stored.scan_state == (ScanState.ERROR if attempt >= 3 else ScanState.PENDING)
        assert not is_served(stored)
        delays.append(round((stored.scan_after - timezone.now()).total_seconds()))
    assert delays == [30, 60, 120, 240, 480, 900, 900]


def test_once_it_is_back_tick_catches_up(waiting, settings):
    files = [waiting() for _ in range(3)]
    settings.CLAMD_URL = NOBODY_THERE
    scanning.scan_waiting_files()
    assert set(StoredFile.objects.values_list("scan_state", "scan_attempts")) == {(ScanState.PENDING, 0)}
    with daemon(answering(b"stream: OK\0")) as settings.CLAMD_URL:
        assert scanning.scan_waiting_files() == len(files)
        assert scanning.scan_waiting_files() == 0
    assert set(StoredFile.objects.values_list("scan_state", "engine")) == {(ScanState.CLEAN, "ClamAV 1.4.6")}


def test_a_daemon_that_fails_on_files_holds_tick_up_for_one_of_them(waiting, settings):
    for _ in range(3):
        waiting()
    with daemon(answering(b"stream: Can't allocate memory ERROR\0")) as settings.CLAMD_URL:
        assert scanning.scan_waiting_files() == 0
    assert sorted(StoredFile.objects.values_list("scan_attempts", flat=True)) == [0, 0, 1]


def test_a_file_that_another_is_scanning_is_left_to_it(waiting, settings):
    stored = waiting(scan_after=timezone.now() + timedelta(minutes=1))
    with daemon(answering(b"stream: OK\0")) as settings.CLAMD_URL:
        assert scanning.scan_file(stored.pk) is None
        assert scanning.scan_waiting_files() == 0
    stored.refresh_from_db()
    assert stored.scan_state == ScanState.PENDING


def test_a_verdict_that_comes_after_another_took_over_is_not_written(waiting, settings, monkeypatch):
    stored = waiting()
    settings.CLAMD_URL = NOBODY_THERE

    def late(file):
        StoredFile.objects.update(scan_attempts=7, scan_state=ScanState.INFECTED)
        return clamd.Verdict()

    monkeypatch.setattr(clamd, "scan", late)
    scanned(stored, NOBODY_THERE, settings)
    assert stored.scan_state == ScanState.INFECTED


def test_the_scan_is_asked_for_once_the_file_is_committed(settings, commit):
    settings.FILES_WITHOUT_SCANNER = False
    with daemon(answering(b"stream: OK\0")) as settings.CLAMD_URL:
        with commit():
            stored = make_file()
            assert stored.scan_state == ScanState.PENDING
        stored.refresh_from_db()
        assert stored.scan_state == ScanState.CLEAN


def test_what_was_stored_without_a_scanner_is_scanned_once_there_is_one(settings):
    stored = make_file()
    assert stored.scan_state == ScanState.NOT_SCANNED
    assert scanning.scan_waiting_files() == 0
    with daemon(answering(b"stream: Win.Test FOUND\0")) as settings.CLAMD_URL:
        assert not is_served(stored)
        scanning.scan_waiting_files()
    stored.refresh_from_db()
    assert stored.scan_state == ScanState.INFECTED


def test_who_sent_an_infected_file_is_told_neutrally_and_once(waiting, settings, commit):
    sender = make_user()
    stored = waiting(sender, name="bilan.pdf")
    with daemon(answering(b"stream: Win.Trojan-1 FOUND\0")) as url, commit():
        scanned(stored, url, settings)
        scanned(stored, url, settings)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (sender, "files.infected")
    [message] = mail.outbox
    assert message.to == [sender.email]
    assert "bilan.pdf" in message.body
    assert "Trojan" not in message.subject + message.body
    assert message.attachments == []


def test_what_is_too_large_for_the_daemon_is_not_sent_to_it(waiting, settings):
    settings.CLAMD_MAX_BYTES = 10
    assert scanned(waiting(), NOBODY_THERE, settings).scan_state == ScanState.UNSCANNABLE


def test_health_says_what_is_wrong(waiting, settings, client):
    def words() -> str:
        health.caches["default"].clear()
        return health.antivirus()

    settings.FILES_WITHOUT_SCANNER = True
    assert "par choix" in words()
    settings.FILES_WITHOUT_SCANNER = False
    with pytest.raises(UnhealthyError, match="aucun antivirus"):
        words()
    settings.CLAMD_URL = NOBODY_THERE
    with pytest.raises(UnhealthyError, match="ne répond pas"):
        words()
    assert client.get("/sante/").json()["parts"]["antivirus"]["ok"] is False
    today = f"ClamAV 1.4.6/27700/{timezone.now():%a %b %d %H:%M:%S %Y}".encode() + b"\0"
    with daemon(answering(b"", today)) as settings.CLAMD_URL:
        assert words() == "ClamAV 1.4.6"
        stored = waiting(created_at=timezone.now() - timedelta(hours=1))
        with pytest.raises(UnhealthyError, match="fichiers en attente depuis plus de 15 minutes : 1"):
            words()
        stored.delete()
        make_file(scan_state=ScanState.ERROR)
        with pytest.raises(UnhealthyError, match="en échec : 1"):
            words()
        StoredFile.objects.all().delete()
    old = b"ClamAV 1.4.6/27000/Thu Jul  3 10:35:12 2025\0"
    with daemon(answering(b"", old)) as settings.CLAMD_URL, pytest.raises(UnhealthyError, match="datent du 03/07/2025"):
        words()


@pytest.mark.parametrize(
    ("url", "without", "found"),
    [
        ("", True, "files.W001"),
        ("", False, "files.E001"),
        ("http://127.0.0.1", False, "files.E002"),
        ("unix:", True, "files.E002"),
        ("unix:///run/clamav/clamd.ctl", False, None),
        ("tcp://127.0.0.1:3310", False, None),
    ],
)
def test_the_deployment_check_says_whether_files_are_scanned(settings, url, without, found):
    settings.CLAMD_URL, settings.FILES_WITHOUT_SCANNER = url, without
    assert [each.id for each in files_are_scanned(None)] == ([found] if found else [])


def test_the_deployment_check_says_when_more_is_taken_than_scanned(settings):
    settings.CLAMD_URL, settings.CLAMD_MAX_BYTES = NOBODY_THERE, 10
    assert [each.id for each in files_are_scanned(None)] == ["files.W002"]


@pytest.mark.clamd
@pytest.mark.skipif(not os.environ.get("CLAMD_TEST_URL"), reason="scripts/with-clamd")
@pytest.mark.parametrize("address", ["CLAMD_TEST_URL", "CLAMD_TEST_SOCKET"])
def test_a_real_daemon_finds_eicar_wherever_it_hides(waiting, settings, monkeypatch, address):
    """In a table, in a part of a DOCX, in a stream of a PDF: infected, out of reach for everybody, its sender too."""
    settings.CLAMD_TIMEOUT = 20
    url = os.environ[address]
    sender = make_user()
    monkeypatch.setattr(access, "_readers", {})
    access.register_reader("essai", lambda user: StoredFile.objects.all())
    text = EICAR.decode()
    infected = {
        "virus.csv": EICAR,
        "virus.docx": docx(parts={"word/media/note.txt": text}),
        "virus.odt": package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>", "x": text}),
        "virus.pdf": pdf(body=b"7 0 obj\n<</Length 68>>\nstream\n" + EICAR + b"\nendstream\nendobj\n"),
    }
    for name, content in infected.items():
        stored = scanned(waiting(sender, name=name, content=content), url, settings)
        assert (stored.scan_state, stored.engine[:6]) == (ScanState.INFECTED, "ClamAV"), name
        assert stored.signature.startswith("Eicar-Test-Signature")
        for who in (sender, make_user()):
            assert file_for(who, stored.pk) == stored
            assert not may_be_served(who, stored)
    assert scanned(waiting(sender), url, settings).scan_state == ScanState.CLEAN


@pytest.mark.clamd
@pytest.mark.skipif(not os.environ.get("CLAMD_TEST_URL"), reason="scripts/with-clamd")
def test_a_real_daemon_that_is_given_too_much_says_so(waiting, settings):
    settings.CLAMD_TIMEOUT, settings.FILE_MAX_BYTES, settings.CLAMD_MAX_BYTES = 20, 40_000_000, 40_000_000
    content = pdf(body=b"%" + b"x" * 30_000_000 + b"\n")
    stored = scanned(waiting(content=content), os.environ["CLAMD_TEST_URL"], settings)
    assert (stored.scan_state, stored.signature) == (ScanState.UNSCANNABLE, "INSTREAM size limit exceeded")
