"""Whatever the bytes: a table or a refusal, and rows that are read or said to be bad. Never another exception."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletters.addresses import fingerprint, normalise_address
from newsletters.imports.domains import one_slip, suggest
from newsletters.imports.enums import Column, Outcome
from newsletters.imports.reading import Keys, Reader, address_of, tidy
from newsletters.imports.refusal import TableRefused
from newsletters.imports.tables import describe, rows

from .corpus import GOOD, REFUSED, ROWS

SAMPLES = [content for content, _ in [*GOOD.values(), *REFUSED.values(), *ROWS.values()] if len(content) < 20_000]
quick = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def say(refused: TableRefused) -> None:
    assert refused.message


def go_through(data: bytes) -> None:
    file = io.BytesIO(data)
    try:
        table = describe(file, len(data))
        reader = Reader({str(Column.ADDRESS): table.mapping.get(Column.ADDRESS, 0), str(Column.NAME): 1})
        found = rows(
            file,
            kind=table.kind,
            encoding=table.encoding,
            delimiter=table.delimiter,
            has_header=table.has_header,
        )
        last = 0
        for record, _ in found:
            assert record[0] > last
            last = record[0]
            row = reader.read(record)
            if row.outcome == Outcome.INVALID:
                assert row.reason
                assert "\0" not in row.typed
            else:
                assert normalise_address(row.address) == row.address
                assert row.fingerprint == fingerprint(row.address)
                assert row.name == tidy(row.name, 150)
    except TableRefused as refused:
        say(refused)
    assert not file.closed


@quick
@given(st.binary(max_size=3000))
def test_any_bytes(data):
    go_through(data)


@quick
@given(
    st.text(alphabet=st.sampled_from("a@.;,\t|\"'\n\r é=\0<>«\u200b\ud7ff"), max_size=400),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_table(text, encoding):
    go_through(text.encode(encoding, "ignore"))


@quick
@given(st.sampled_from(SAMPLES), st.data())
def test_any_change_of_the_corpus(sample, data):
    """Cut, with bytes changed, or two files in one."""
    at = data.draw(st.integers(0, len(sample)))
    inserted = data.draw(st.one_of(st.binary(max_size=40), st.sampled_from([b'"', b"\0", b"\xff\xfe", b"PK\x03\x04"])))
    removed = data.draw(st.integers(0, 60))
    go_through(sample[:at] + inserted + sample[at + removed :])


@settings(max_examples=600, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.emails(),
        st.builds("{}@{}".format, st.text('aB1.+_-é"', max_size=70), st.text("aB1.-éß√ı", max_size=70)),
    )
)
def test_the_quick_way_gives_the_normal_address(written):
    try:
        expected = normalise_address(written)
    except ValidationError:
        with pytest.raises(ValidationError):
            address_of(written)
    else:
        assert address_of(written) == expected


def test_keys_are_their_own_and_in_order():
    keys = Keys()
    made = [keys.next() for _ in range(5000)]
    assert len(set(made)) == 5000
    assert {(key.version, key.variant) for key in made} == {(7, "specified in RFC 4122")}
    milliseconds = [key.int >> 80 for key in made]
    assert milliseconds == sorted(milliseconds)


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gmail.fr", "gmail.com"), ("gmail.co", "gmail.com"), ("gmaill.com", "gmail.com"),
        ("orage.fr", "orange.fr"), ("ornage.fr", "orange.fr"), ("wanadoo.f", "wanadoo.fr"), ("wanado.fr", "wanadoo.fr"),
        ("hotmial.com", "hotmail.com"), ("laposte.ne", "laposte.net"), ("outlok.fr", "outlook.fr"),
        ("yaho.fr", "yahoo.fr"),
    ],
)  # fmt: skip
def test_slips_of_the_finger_are_seen(domain, meant):
    assert suggest(domain) == meant


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com", "orange.fr", "mail.com", "ymail.com", "yahoo.be", "hotmail.it", "outlook.com", "exemple.fr",
        "sfr.fr", "nfr.fr", "free.fr", "landes.fr", "dax.fr", "gouv.fr", "mairie-dax.fr", "numerique.gouv.fr", "me.com",
        "live.be",
    ],
)  # fmt: skip
def test_true_domains_are_left_alone(domain):
    assert suggest(domain) == ""


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_slip_goes_both_ways(left, right):
    assert one_slip(left, right) == one_slip(right, left)
