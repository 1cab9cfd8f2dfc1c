"""What is stored of a file that is good, and what is left of one that is not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from portal.files.models import StoredFile
from portal.files.refusal import FileRefused
from portal.files.services import delete_file, keep_file, store_upload
from tests.factories import make_user

from .samples import GOOD, PAGE, docx, make_file, pdf, picture, upload

pytestmark = pytest.mark.django_db


def on_disk() -> set[Path]:
    return {each for each in Path(settings.VAR_DIR, "private").rglob("*") if each.is_file()}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_stored_as_it_was_sent(name):
    actor, content = make_user(), GOOD[name]
    stored = store_upload(actor=actor, upload=upload(name, content), purpose="essai")
    stored = StoredFile.objects.get(pk=stored.pk)
    with stored.open() as file:
        assert file.read() == content
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (stored.name, stored.uploaded_by, stored.purpose) == (name, actor, "essai")


def test_the_key_is_made_of_the_identifier_alone_and_readable_by_the_portal_alone():
    stored = store_upload(actor=None, upload=upload("../../etc/passwd.pdf"), purpose="essai")
    assert stored.key == f"{stored.id.hex[:2]}/{stored.id.hex}"
    path = Path(settings.VAR_DIR, "private", stored.key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert Path(settings.MEDIA_ROOT) not in path.parents


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vide.pdf", b"", "empty"),
        ("page.pdf", PAGE, "other_content"),
        ("image.svg", b"<svg/>", "extension"),
        ("page.html", PAGE, "extension"),
        ("archive.zip", docx(), "extension"),
        ("macro.docm", docx(), "extension"),
        ("donnees.xml", b"<a/>", "extension"),
        ("sans", pdf(), "extension"),
        ("x.pdf.exe", pdf(), "extension"),
        ("a.pdf%00.html", PAGE, "extension"),
        ("facture\u202efdp.exe", pdf(), "extension"),
        ("photo.png", picture("JPEG"), "other_content"),
    ],
)
def test_of_a_refused_file_nothing_is_left(name, content, code):
    before = on_disk()
    with pytest.raises(FileRefused) as refusal:
        store_upload(actor=make_user(), upload=upload(name, content), purpose="essai")
    assert refusal.value.code == code
    assert not StoredFile.objects.exists()
    assert on_disk() == before


def test_the_limit_is_said_in_megabytes(settings):
    settings.FILE_MAX_BYTES = 2_500_000
    content = pdf(b"%" + b"x" * 2_500_000)
    with pytest.raises(FileRefused, match=r"trop lourd \(2,5 Mo\). Maximum : 2,5 Mo"):
        store_upload(actor=None, upload=upload(content=content), purpose="essai")
    with pytest.raises(FileRefused, match="Maximum : 1 ko"):
        store_upload(actor=None, upload=upload(content=content[:2000]), purpose="essai", limit=1000)


def test_a_purpose_may_take_fewer_kinds():
    with pytest.raises(FileRefused, match=r"« \.pdf » n’est pas un type accepté. Types acceptés : PNG, JPG."):
        store_upload(actor=None, upload=upload(), purpose="image", accept=["png", "jpg", "jpeg", "exe"])


def test_a_full_disk_is_a_refusal_that_says_to_try_again(monkeypatch):
    def full(self, name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    with pytest.raises(FileRefused, match="réessayez plus tard"):
        store_upload(actor=None, upload=upload(), purpose="essai")
    assert not StoredFile.objects.exists()


def test_a_file_is_kept_for_its_sender_and_purpose_alone():
    actor = make_user()
    stored = make_file(actor)
    assert keep_file(actor=actor, file_id=str(stored.pk), purpose="essai") == stored
    for who, purpose, pk in [
        (make_user(), "essai", stored.pk),
        (actor, "autre", stored.pk),
        (actor, "essai", "x"),
        (actor, "essai", "00000000-0000-0000-0000-000000000000"),
    ]:
        with pytest.raises(FileRefused, match="n’est plus là"):
            keep_file(actor=who, file_id=pk, purpose=purpose)


def test_deleting_takes_the_content_away_after_the_commit(commit):
    stored = make_file()
    path = Path(settings.VAR_DIR, "private", stored.key)
    with commit():
        delete_file(stored=stored)
        assert path.exists()
    assert not path.exists()
    assert not StoredFile.objects.exists()
