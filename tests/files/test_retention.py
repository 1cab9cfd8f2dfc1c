"""Files go when nothing uses them, and never one that something does, or a form that is being filled."""

from __future__ import annotations

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Case, F, UUIDField, Value, When
from django.utils import timezone

from portal.files import personal_data, references, retention
from portal.files.enums import ScanState
from portal.files.models import FileDownload, StoredFile, private_storage
from portal.files.services import keep_file
from tests.factories import make_user

from .samples import make_file

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def used(monkeypatch) -> list:
    """Identifiers of the files of « essai » that something uses."""
    found: list = []
    monkeypatch.setattr(references, "_references", {})
    references.register_reference("essai", lambda: StoredFile.objects.filter(pk__in=found).values("pk"))
    return found


def path_of(stored: StoredFile) -> Path:
    return Path(settings.VAR_DIR, "private", stored.key)


def remaining() -> set:
    return set(StoredFile.objects.values_list("pk", flat=True))


def test_what_nothing_uses_is_deleted_after_its_delay_with_its_content(used, commit):
    old, in_use, fresh = make_file(touched_at=LONG_AGO), make_file(touched_at=LONG_AGO), make_file()
    undeclared = make_file(purpose="autre", touched_at=LONG_AGO)
    used.append(in_use.pk)
    with commit():
        assert retention.delete_unused_files() == 1
    assert remaining() == {in_use.pk, fresh.pk, undeclared.pk}
    assert not path_of(old).exists()
    assert path_of(in_use).exists()
    assert retention.delete_unused_files() == 0


def test_what_no_longer_uses_a_file_lets_it_go(used):
    stored = make_file(touched_at=LONG_AGO)
    used.append(stored.pk)
    assert retention.delete_unused_files() == 0
    used.clear()
    assert retention.delete_unused_files() == 1


def test_a_form_that_came_back_keeps_its_files(used):
    actor = make_user()
    stored = make_file(actor, touched_at=LONG_AGO)
    keep_file(actor=actor, file_id=stored.pk, purpose="essai")
    assert retention.delete_unused_files() == 0


def test_a_file_kept_between_the_look_and_the_deletion_stays(used, monkeypatch):
    """The list of what is unused is old when its turn comes: the row is looked at again, under its lock."""
    actor = make_user()
    stored = make_file(actor, touched_at=LONG_AGO)
    look = retention.unused
    calls = []

    def slow(files, purpose):
        found = look(files, purpose)
        if not calls:
            pks = list(found.values_list("pk", flat=True))
            keep_file(actor=actor, file_id=stored.pk, purpose="essai")
            found = StoredFile.objects.filter(pk__in=pks)
        calls.append(purpose)
        return found

    monkeypatch.setattr(retention, "unused", slow)
    assert retention.delete_unused_files() == 0
    assert remaining() == {stored.pk}


def test_an_empty_reference_hides_nothing(used):
    """A null among the identifiers, as a nullable field gives, would make « not in » true of nothing."""
    nulled = Case(When(size__gt=0, then=Value(None)), default=F("pk"), output_field=UUIDField())
    references.register_reference("essai", lambda: StoredFile.objects.annotate(file=nulled).values("file"))
    make_file(touched_at=LONG_AGO)
    assert retention.delete_unused_files() == 1


def test_an_infected_content_is_erased_after_quarantine_and_its_row_stays():
    old = make_file(scan_state=ScanState.INFECTED, scanned_at=timezone.now() - timedelta(days=31))
    fresh = make_file(scan_state=ScanState.INFECTED, scanned_at=timezone.now())
    clean = make_file(scan_state=ScanState.CLEAN, scanned_at=LONG_AGO)
    assert retention.erase_quarantine() == 1
    old.refresh_from_db()
    assert old.erased_at is not None
    assert [path_of(each).exists() for each in (old, fresh, clean)] == [False, True, True]
    assert retention.erase_quarantine() == 0


def test_contents_of_transactions_rolled_back_are_swept_a_day_later():
    kept = make_file()
    try:
        with transaction.atomic():
            lost = make_file()
            raise RuntimeError
    except RuntimeError:
        pass
    recent = private_storage().save("ab/" + "ab" * 16, ContentFile(b"x"))
    foreign = private_storage().save("ab/lisezmoi", ContentFile(b"x"))
    yesterday = (timezone.now() - timedelta(hours=25)).timestamp()
    for path in (path_of(kept), path_of(lost), Path(settings.VAR_DIR, "private", foreign)):
        os.utime(path, (yesterday, yesterday))
    assert path_of(lost).exists()
    assert retention.sweep_storage() == 1
    assert [path_of(each).exists() for each in (kept, lost)] == [True, False]
    assert private_storage().exists(recent)
    assert private_storage().exists(foreign)


def test_the_log_of_downloads_is_kept_for_a_year():
    stored = make_file()
    old, recent = (
        FileDownload.objects.create(file=stored, at=timezone.now() - timedelta(days=days)) for days in (366, 364)
    )
    assert retention.forget_downloads() == 1
    assert FileDownload.objects.get() == recent
    assert old.pk != recent.pk


def test_who_downloaded_is_told_to_them_and_forgotten_with_them():
    reader = make_user()
    stored = make_file(make_user(), name="secret-dun-autre.pdf")
    FileDownload.objects.create(file=stored, user=reader)
    FileDownload.objects.create(file=stored, user=make_user())
    [line] = personal_data.exported(reader)
    assert line["usage"] == "essai"
    assert "secret" not in str(line)
    personal_data.erased(reader)
    assert list(personal_data.exported(reader)) == []
    assert FileDownload.objects.filter(user=None).count() == 1


def test_damage_is_found_by_the_command():
    whole, changed, missing = make_file(), make_file(), make_file()
    erased = make_file(erased_at=timezone.now())
    private_storage().delete(erased.key)
    out = StringIO()
    path_of(changed).write_bytes(b"autre chose")
    path_of(missing).unlink()
    with pytest.raises(CommandError, match="2 file"):
        call_command("verify_files", stdout=out)
    assert str(changed.pk) in out.getvalue()
    assert f"{missing.pk} essai" in out.getvalue()
    assert str(whole.pk) not in out.getvalue()
    StoredFile.objects.exclude(pk=whole.pk).delete()
    call_command("verify_files", stdout=out)
    assert "whole" in out.getvalue()
