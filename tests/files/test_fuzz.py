"""Names and contents that nobody thought of: never another error than a refusal, never for long."""

from __future__ import annotations

import contextlib
import io
import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.files.inspection import inspect
from portal.files.names import MAX_BYTES, MAX_LENGTH, attachment_header, extension_of, normalised_name
from portal.files.refusal import FileRefused

from .samples import GOOD, object_stream, pdf

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SECONDS = 2
SAMPLES = {
    "pdf": pdf(body=object_stream(b"<</Type/Font>>")),
    **{name.rpartition(".")[2].lower(): content for name, content in GOOD.items() if not name.endswith(".pdf")},
}
names = st.text(max_size=400) | st.builds(
    "".join,
    st.lists(st.sampled_from(["../", "\\", "\u202e", "\0", ".", " ", "e\u0301", "é", "CON", ".pdf", "%00", "日"])),
)


@settings(max_examples=300, deadline=None)
@given(names)
def test_a_normalised_name_does_no_harm(name):
    found = normalised_name(name)
    assert found
    assert found == normalised_name(found)
    assert found == unicodedata.normalize("NFC", found)
    assert len(found) <= MAX_LENGTH
    assert len(found.encode()) <= MAX_BYTES
    assert not set(found) & set('/\\\0\r\n"<>:|?*%;')
    assert not any(unicodedata.category(each) in ("Cc", "Cf", "Cs") for each in found)
    assert not found.startswith((".", " "))
    assert not found.endswith((".", " "))
    header = attachment_header(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("note.pdf", "note.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\note.pdf", "note.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\u200b.p\u200bdf", "a.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        (" .htaccess ", "htaccess"),
        ("CON.pdf", "_CON.pdf"),
        ("note.pdf. . ", "note.pdf"),
        (".pdf", "pdf"),
        ("", "fichier"),
        ("\0", "fichier"),
        ("a\tb\r\nc.pdf", "a b c.pdf"),
        ('a"b;c.pdf', "a_b_c.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_as_they_become(name, expected):
    assert normalised_name(name) == expected


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.PDF", "pdf"), ("x.pdf.exe", "exe"), ("pdf", ""), (".pdf", ""), ("a.", ""), ("a.tar.gz", "gz")],
)
def test_the_extension_is_the_last_one(name, extension):
    assert extension_of(name) == extension


def judged(content: bytes, extension: str) -> None:
    """Any answer will do, but for another error and for one that is late."""
    start = time.thread_time()
    with contextlib.suppress(FileRefused):
        inspect(io.BytesIO(content), extension)
    assert time.thread_time() - start < SECONDS


@pytest.mark.parametrize("extension", SAMPLES)
@quick
@given(data=st.data())
def test_a_truncated_file_is_refused_or_taken(extension, data):
    sample = SAMPLES[extension]
    judged(sample[: data.draw(st.integers(1, len(sample) - 1))], extension)


@pytest.mark.parametrize("extension", SAMPLES)
@quick
@given(data=st.data())
def test_a_file_with_other_bytes_is_refused_or_taken(extension, data):
    content = bytearray(SAMPLES[extension])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    if content:
        judged(bytes(content), extension)


@pytest.mark.parametrize("extension", SAMPLES)
@quick
@given(
    start=st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]), rest=st.binary()
)
def test_noise_is_refused_or_taken(extension, start, rest):
    judged(start + rest or b"x", extension)


def test_nothing_is_slow():
    """Contents made to be looked at for long."""
    packed = object_stream(b"<<>>" * 5000)
    slow = {
        "streams": pdf(body=b"stream\n" * 600_000),
        "dictionaries": pdf(body=b"<<" * 2_000_000),
        "objects": pdf(body=b"1 0 obj\n" * 600_000, catalog=b""),
        "roots": pdf(body=b"".join(b"/Root %d 0 R\n" % n for n in range(300_000))),
        "escapes": pdf(body=b"/#4a#61#76#61#53#63#72#69#70#74x" * 120_000),
        "slashes": pdf(body=b"/" * 4_000_000),
        "digits": pdf(body=b"9" * 4_000_000 + b" 0 obj"),
        "spaces": pdf(body=b"/Root" + b" " * 4_000_000),
        "packed": pdf(body=packed * 3000),
        "bomb": pdf(body=object_stream(b" " * 90_000_000) * 4),
    }
    for name, content in slow.items():
        start = time.thread_time()
        judged(content, "pdf")
        assert time.thread_time() - start < SECONDS, name
