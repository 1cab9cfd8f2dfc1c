"""Uploads as they stream in, with what a browser never sends."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from portal.files.refusal import FileRefused
from portal.files.validators import check_upload

from .samples import pdf

BOUNDARY = "limite"


def body(*parts: tuple[str, str, bytes]) -> bytes:
    """A multipart body of (field, name of the file, content); without a name it is a text."""
    out = b""
    for field, name, content in parts:
        named = f'; filename="{name}"' if name else ""
        out += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{named}\r\n'.encode()
        out += (b"Content-Type: application/pdf\r\n" if name else b"") + b"\r\n" + content + b"\r\n"
    return out + f"--{BOUNDARY}--\r\n".encode()


def request(content: bytes, *, path: str = "/contribuer/", **meta) -> WSGIRequest:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return RequestFactory().generic("POST", path, content, content_type=kind, **meta)


@pytest.fixture
def temporary(settings, tmp_path) -> Path:
    """Where uploads are written as they come."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    return tmp_path


def refusal(upload) -> FileRefused:
    with pytest.raises(FileRefused) as found:
        check_upload(upload)
    return found.value


def test_beyond_the_limit_nothing_more_is_written_and_the_form_is_read_on(settings, temporary):
    settings.FILE_MAX_BYTES = 200_000
    good = pdf(body=b"%" * 100_000 + b"\n")
    sent = request(body(("a", "a.pdf", bytes(900_000)), ("b", "b.pdf", good), ("titre", "", b"Bonjour")))
    assert sent.POST["titre"] == "Bonjour"
    refused, kept = sent.FILES["a"], sent.FILES["b"]
    assert (refusal(refused).code, refused.size, refused.read()) == ("too_large", 900_000, b"")
    assert check_upload(kept).size == len(good)
    assert sum(each.stat().st_size for each in temporary.iterdir()) <= len(good)
    kept.close()


def test_the_limit_itself_passes_and_one_byte_more_does_not(settings, temporary):
    start = pdf(body=b"%" * 90_000 + b"\n")  # Its own address in digits, as long as that of the others.
    for more, passes in ((0, True), (1, False)):
        settings.FILE_MAX_BYTES = 100_000
        content = pdf(body=b"%" * (190_000 - len(start) + more) + b"\n")
        assert len(content) == 100_000 + more
        upload = request(body(("a", "a.pdf", content))).FILES["a"]
        if passes:
            assert check_upload(upload).size == 100_000
        else:
            assert refusal(upload).message == "Ce fichier est trop lourd. Maximum : 100 ko."
        upload.close()


def test_many_files_of_one_request_are_limited_together(settings, temporary):
    settings.FILE_MAX_BYTES, settings.FILE_REQUEST_FILES = 100_000, 2
    content = pdf(body=b"%" * 80_000 + b"\n")
    sent = request(body(*[("a", f"{n}.pdf", content) for n in range(4)]))
    codes = [refusal(each).code if hasattr(each, "failure") else "" for each in sent.FILES.getlist("a")]
    assert codes == ["", "", "too_large", "too_large"]
    for each in sent.FILES.getlist("a"):
        each.close()


def test_the_library_takes_heavier_files(settings, temporary):
    settings.FILE_MAX_BYTES, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10_000, 200_000
    content = bytes(150_000)
    library = request(body(("a", "a.mp4", content)), path="/admin/documents/add/").FILES["a"]
    assert library.read() == content
    assert request(body(("a", "a.mp4", content))).FILES["a"].read() == b""
    library.close()


def test_a_full_disk_is_a_refusal_of_the_file_and_the_form_is_read_on(temporary, monkeypatch):
    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.write", full, raising=False)
    sent = request(body(("a", "a.pdf", bytes(5000)), ("titre", "", b"Bonjour")))
    assert refusal(sent.FILES["a"]).code == "not_written"
    assert sent.POST["titre"] == "Bonjour"


@pytest.mark.parametrize("length", ["", "0", "50", "nonsense"])
def test_a_length_that_lies_or_is_missing_stores_nothing(length, temporary):
    sent = request(body(("a", "a.pdf", bytes(5000))), CONTENT_LENGTH=length)
    assert "a" not in sent.FILES


def test_a_body_shorter_than_it_says_is_no_error(temporary):
    content = body(("a", "a.pdf", pdf()))[:-60]
    environ = request(content).environ | {"CONTENT_LENGTH": str(len(content) + 5000), "wsgi.input": BytesIO(content)}
    sent = WSGIRequest(environ)
    upload = sent.FILES.get("a")
    assert upload is None or refusal(upload).code == "broken"


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x" * 300 + ".pdf", None),
        ("a." + "p" * 290, "extension"),
        ("../../etc/passwd.pdf", None),
        ("facture\u202efdp.exe", "extension"),
        ("a.pdf%00.html", "extension"),
        ("x.pdf.exe", "extension"),
    ],
)
def test_no_name_is_an_error(settings, temporary, small, name, code):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10**6 if small else 100
    upload = request(body(("a", name, pdf()))).FILES["a"]
    assert not set(upload.name) & set("/\\\u202e%")
    assert len(upload.name) <= 120
    if code:
        assert refusal(upload).code == code
    else:
        assert check_upload(upload).extension == "pdf"
    upload.close()
