"""Two windows at once: a part is written once, a slot is given once. On a database that several may write to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from dossiers.models import PartialUpload
from dossiers.pieces import uploads
from dossiers.pieces.services import FileRefused, add_file, current_files
from portal.files.models import StoredFile
from tests.dossiers.factories import field, make_draft, make_party, make_type
from tests.files.samples import pdf, upload

pytestmark = [
    pytest.mark.wide,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="a database in memory has one writer and no wait"),
]
CONTENT = pdf()


def at_once(number: int, work: Callable[[], Any]) -> list[Any]:
    """What each of ``number`` threads came to: what it gave, or what it raised."""
    found: list[Any] = []
    ready = threading.Barrier(number)

    def run() -> None:
        try:
            ready.wait(10)
            found.append(work())
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return found


@pytest.fixture
def party() -> Any:
    return make_party()


@pytest.fixture
def draft(party: Any) -> Any:
    return make_draft(party, make_type([field("plan", "piece", options={"max_files": 2})]))


def test_a_part_sent_by_several_windows_is_written_once(draft, party):
    row = PartialUpload.objects.create(
        dossier=draft, field="plan", owner=party.depositor, name="a.pdf", size=len(CONTENT)
    )
    found = at_once(8, lambda: uploads.write_part(upload=row, offset=0, content=CONTENT[:100]))
    assert sorted(type(each).__name__ for each in found) == ["OffsetConflict"] * 7 + ["PartialUpload"]
    assert {each.received for each in found} == {100}


def test_an_end_asked_for_by_several_makes_one_piece(draft, party):
    row = PartialUpload.objects.create(
        dossier=draft, field="plan", owner=party.depositor, name="a.pdf", size=len(CONTENT)
    )
    row = uploads.write_part(upload=row, offset=0, content=CONTENT)
    found = at_once(4, lambda: uploads.finish(upload=row, actor=party.depositor))
    assert [each.file.name for each in current_files(draft)["plan"]] == ["a.pdf"]
    assert StoredFile.objects.count() == 1
    assert any(getattr(each, "pk", None) == row.pk for each in found)


def test_a_field_takes_no_more_than_it_says(draft, party):
    found = at_once(6, lambda: add_file(dossier=draft, actor=party.depositor, field="plan", upload=upload()))
    assert sum(isinstance(each, FileRefused) for each in found) == 4
    assert len(current_files(draft)["plan"]) == StoredFile.objects.count() == 2
