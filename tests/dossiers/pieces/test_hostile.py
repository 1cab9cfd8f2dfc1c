"""Hostile files at the door of pieces: refused in time and logged, the others kept; odd names become plain ones."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from dossiers.enums import EventKind
from dossiers.journal import faults
from dossiers.models import DossierEvent
from dossiers.pieces.services import current_files
from portal.files.models import StoredFile, private_storage
from tests.files.samples import pdf, upload
from tests.files.test_uploads import BOUNDARY, body

from .conftest import ANY, PLAN, put
from .hostile import FILES, ODD, odd_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(party):
    client = Client()
    client.force_login(party.depositor)
    return client


def stored_contents() -> list[str]:
    storage = private_storage()
    if not storage.exists(""):
        return []
    return [f"{folder}/{name}" for folder in storage.listdir("")[0] for name in storage.listdir(folder)[1]]


def test_there_are_many():
    assert len({(name, content) for name, content, _ in FILES}) >= 150
    assert len({content for _, content, _ in FILES}) >= 100


@pytest.mark.parametrize("third", [0, 1, 2])
def test_every_hostile_file_is_refused_in_time_and_logged_and_what_is_good_stays(client, draft, party, third):
    kept = put(draft, party.depositor, ANY, "bon.pdf")
    url = reverse("dossiers:pieces", args=[draft.pk, ANY])
    before = stored_contents()
    wrong = []
    for number, (name, content, code) in enumerate(FILES[third::3]):
        if number % 50 == 0:
            caches["default"].clear()  # Refusals of one dossier that are noted in an hour.
        noted = DossierEvent.objects.filter(dossier=draft, kind=EventKind.FILE_REFUSED).count()
        start = time.perf_counter()
        sent = body(("file", name, content)) if name else body(("file", "\x00", content))
        answer = client.generic("POST", url, sent, content_type=f"multipart/form-data; boundary={BOUNDARY}")
        seconds = time.perf_counter() - start
        told = answer.json()
        if answer.status_code != 422 or (code not in (None, told["code"]) and name):
            wrong.append((name, code, answer.status_code, told))
        elif seconds > 2:
            wrong.append((name, f"{seconds:.1f} s"))
        elif told["code"] != "missing":
            events = DossierEvent.objects.filter(dossier=draft, kind=EventKind.FILE_REFUSED)
            last = events.latest("number")
            if events.count() != noted + 1 or last.data["code"] != told["code"]:
                wrong.append((name, "not logged"))
            if not _harmless(last.data["name"]):
                wrong.append((name, last.data["name"]))
    assert not wrong
    assert stored_contents() == before
    assert StoredFile.objects.get() == kept.file
    assert current_files(draft) == {ANY: [kept]}
    draft.refresh_from_db()
    assert not list(faults(draft))


def _harmless(name: str) -> bool:
    return len(name) <= 120 and not set(name) & set('/\\<>:"|?*%;\r\n\0\u202e\u200b')


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_cleaned_and_is_never_a_key(client, draft, party, name):
    content = odd_content(name)
    put(draft, party.depositor, ANY, name, content)
    stored = StoredFile.objects.get()
    assert stored.name == ODD[name]
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", stored.key)
    assert stored_contents() == [stored.key]
    answer = client.get(stored.get_absolute_url())
    assert b"".join(answer.streaming_content) == content
    header = answer["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert re.fullmatch(r"attachment; filename=\"[\w .()+=@-]+\"; filename\*=UTF-8''[\w.%~-]+", header)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    page = client.get(reverse("dossiers:pieces", args=[draft.pk, ANY])).json()["html"]
    assert "<script>" not in page
    assert "\u202e" not in page


def test_the_limit_passes_and_one_byte_more_does_not(client, draft):
    start = pdf(body=b"%" * 900_000 + b"\n")
    for more, status in ((1, 422), (0, 201)):
        content = pdf(body=b"%" * (1_900_000 - len(start) + more) + b"\n")
        assert len(content) == 1_000_000 + more
        answer = client.post(reverse("dossiers:pieces", args=[draft.pk, PLAN]), {"file": upload("a.pdf", content)})
        assert answer.status_code == status
    assert StoredFile.objects.get().size == 1_000_000


@pytest.mark.parametrize("length", ["", "0", "80", "nonsense", "-1"])
def test_a_length_that_lies_or_is_missing_stores_nothing(client, draft, length):
    url = reverse("dossiers:pieces", args=[draft.pk, ANY])
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    answer = client.generic("POST", url, body(("file", "a.pdf", pdf())), content_type=kind, CONTENT_LENGTH=length)
    assert answer.status_code in (400, 422)
    assert answer.json()["message"]
    assert not StoredFile.objects.exists()
    assert stored_contents() == []


def test_bad_files_among_several_of_a_form_do_not_take_the_good_ones_away(draft, party):
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from dossiers.pieces.posted import receive

    names = [("bon.pdf", pdf()), ("page.pdf", b"<html>"), ("bombe.docx", FILES[0][1]), ("autre.pdf", pdf())]
    files = MultiValueDict({ANY: [upload(*each) for each in names], PLAN: [upload("vide.pdf", b"")]})
    told = receive(dossier=draft, actor=party.depositor, data=QueryDict(), files=files)
    assert [each.file.name for each in current_files(draft)[ANY]] == ["bon.pdf", "autre.pdf"]
    assert set(told) == {ANY, PLAN}
    assert [each.partition(" : ")[0] for each in itertools.chain(told[PLAN], told[ANY])] == [
        "« vide.pdf »",
        "« page.pdf »",
        "« bombe.docx »",
    ]
