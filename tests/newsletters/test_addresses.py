"""One mailbox, one address, however it is written."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from newsletters.addresses import display_address, fingerprint, normalise_address


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("marie@exemple.fr", "marie@exemple.fr"),
        (" \tMarie.Dupont@EXEMPLE.FR\N{NO-BREAK SPACE}", "marie.dupont@exemple.fr"),
        ("marie+lettre@exemple.fr", "marie+lettre@exemple.fr"),
        ("o'neil@exemple.fr", "o'neil@exemple.fr"),
        ("marie@déjà-vu.fr", "marie@xn--dj-vu-sqa5d.fr"),
        ("marie@DE\u0301JA\u0300-VU.fr", "marie@xn--dj-vu-sqa5d.fr"),
        ("marie@xn--dj-vu-sqa5d.fr", "marie@xn--dj-vu-sqa5d.fr"),
        # IDNA 2008 keeps the sharp s, which that of 2003 turned into another domain.
        ("marie@faß.de", "marie@xn--fa-hia.de"),
        ("marie@exemple。fr", "marie@exemple.fr"),
    ],
)
def test_spellings_of_one_mailbox_are_one_address(raw, normal):
    assert normalise_address(raw) == normal


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("marie", "at"),
        ("marie@@exemple.fr", "at"),
        ("marie@a@exemple.fr", "at"),
        ("marie d@exemple.fr", "space"),
        ('"marie"@exemple.fr', "quoted"),
        ("marie@exemple.fr\r\nBcc: x@exemple.fr", "control"),
        ("marie@exemple.fr\n", "control"),
        ("mar\x00ie@exemple.fr", "control"),
        ("marie\u200b@exemple.fr", "control"),
        ("marie\u202e@exemple.fr", "control"),
        ("@exemple.fr", "local"),
        (".marie@exemple.fr", "local"),
        ("marie..d@exemple.fr", "local"),
        ("hélène@exemple.fr", "local"),
        ("<marie@exemple.fr>", "local"),
        ("m" * 65 + "@exemple.fr", "local"),
        ("m" * 308 + "@exemple.fr", "long"),
        ("marie@" + ".".join(["a" * 60] * 5) + ".fr", "long"),
        ("marie@exemple", "domain"),
        ("marie@exemple..fr", "domain"),
        ("marie@-exemple.fr", "domain"),
        ("marie@exem_ple.fr", "domain"),
        ("marie@127.0.0.1", "domain"),
        ("marie@[127.0.0.1]", "domain"),
        ("marie@" + "a" * 64 + ".fr", "domain"),
        ("marie@xn--a.fr", "domain"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(raw, code):
    with pytest.raises(ValidationError) as caught:
        normalise_address(raw)
    assert caught.value.code == code


@given(st.text(max_size=40) | st.from_regex(r"[^@]{0,20}@[^@]{0,20}\.[a-z]{2,4}", fullmatch=True) | st.emails())
def test_whatever_is_typed_gives_a_sound_address_or_a_reason(raw):
    try:
        normal = normalise_address(raw)
    except ValidationError as refused:
        error = refused
    else:
        error = None
    if error:
        assert error.code
        assert error.messages[0].endswith(".")
        return
    assert normalise_address(normal) == normal
    assert normalise_address(f" {normal.upper()} ") == normal
    assert normal.isascii()
    assert normal.count("@") == 1
    assert len(normal) <= 254
    assert not any(char.isspace() or ord(char) < 32 for char in normal)
    assert normalise_address(display_address(normal)) == normal


def test_a_fingerprint_is_keyed_and_says_nothing_of_the_address(settings):
    before = fingerprint("marie@exemple.fr")
    assert len(before) == 64
    assert fingerprint("marie@exemple.fr") == before != fingerprint("marie2@exemple.fr")
    settings.SUPPRESSION_KEY = "another"
    assert fingerprint("marie@exemple.fr") != before
