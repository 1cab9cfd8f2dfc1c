"""What people type in each kind of field, and what it reads as."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.enums import FieldKind
from dossiers.fields import answers, parsing
from dossiers.fields.parsing import InvalidError, clean_text
from tests.dossiers.factories import field

from .schemas import schema_of

READ: list[tuple[Any, str, dict[str, Any], Any]] = [
    # Numbers as French writes them, with any space.
    (parsing.integer, "12", {}, 12),
    (parsing.integer, " 1\u202f200 ", {}, 1200),
    (parsing.integer, "+7", {}, 7),
    (parsing.integer, "0012", {}, 12),
    (parsing.integer, "-3", {"min": -10}, -3),
    (parsing.money, "12,5", {}, "12.50"),
    (parsing.money, "12.5", {}, "12.50"),
    (parsing.money, "1 234,50 €", {}, "1234.50"),
    (parsing.money, "1\u00a0234\u202f567,89", {}, "1234567.89"),
    (parsing.money, "1.234,50", {}, "1234.50"),
    (parsing.money, "1'000", {}, "1000.00"),
    (parsing.money, "0", {}, "0.00"),
    (parsing.money, "-0", {}, "0.00"),
    (parsing.money, "999999999999,99", {}, "999999999999.99"),
    (parsing.money, "-12", {"min": "-100"}, "-12.00"),
    (parsing.date, "31/12/2026", {}, "2026-12-31"),
    (parsing.date, "1/2/2026", {}, "2026-02-01"),
    (parsing.date, "31-12-2026", {}, "2026-12-31"),
    (parsing.date, "31.12.2026", {}, "2026-12-31"),
    (parsing.date, "2026-12-31", {}, "2026-12-31"),
    (parsing.date, "29/02/2028", {}, "2028-02-29"),
    (parsing.phone, "05 58 00 00 00", {}, "0558000000"),
    (parsing.phone, "05.58.00.00.00", {}, "0558000000"),
    (parsing.phone, "+33 5 58 00 00 00", {}, "0558000000"),
    (parsing.phone, "+33 (0)5 58 00 00 00", {}, "0558000000"),
    (parsing.phone, "0033558000000", {}, "0558000000"),
    (parsing.phone, "+687 00 00 00", {}, "+687000000"),
    (parsing.email, " nom@exemple.fr ", {}, "nom@exemple.fr"),
    # The INSEE's own example of Luhn, its own number, La Poste's seat and one of its offices, a RIDET.
    (parsing.siret, "732 829 320 00074", {}, "73282932000074"),
    (parsing.siret, "13002526500013", {}, "13002526500013"),
    (parsing.siret, "35600000000048", {}, "35600000000048"),
    (parsing.siret, "35600000049837", {}, "35600000049837"),
    (parsing.siret, "1 234 567.001", {}, "1234567001"),
    (parsing.text, " deux\nlignes\t", {}, "deux lignes"),
    (parsing.long_text, "deux\n\nlignes", {}, "deux\n\nlignes"),
    (parsing.text, "é" * 10, {"max_length": 10}, "é" * 10),
]

REFUSED: list[tuple[Any, str, dict[str, Any], str]] = [
    (parsing.integer, "1e9", {}, "un nombre entier, en chiffres"),
    (parsing.integer, "NaN", {}, "un nombre entier, en chiffres"),
    (parsing.integer, "12,5", {}, "sans décimale"),
    (parsing.integer, "-1", {}, "positif ou nul"),
    (parsing.integer, "1" * 13, {}, "trop grand"),
    (parsing.integer, "9" * 150, {}, "trop grand"),
    (parsing.integer, "١٢", {}, "en chiffres"),
    (parsing.integer, "0", {"min": 1}, "au moins 1."),
    (parsing.integer, "1001", {"max": 1000}, "au plus 1\u202f000."),
    (parsing.integer, "0x1F", {}, "en chiffres"),
    (parsing.integer, "1_000", {}, "en chiffres"),
    (parsing.money, "1e9", {}, "en chiffres"),
    (parsing.money, "NaN", {}, "en chiffres"),
    (parsing.money, "sNaN", {}, "en chiffres"),
    (parsing.money, "Infinity", {}, "en chiffres"),
    (parsing.money, "-1", {}, "positif ou nul"),
    (parsing.money, "−1", {}, "positif ou nul"),
    (parsing.money, "1,234", {}, "deux décimales"),
    (parsing.money, "1,234.50", {}, "en chiffres"),
    (parsing.money, "1 000 000 000 000", {}, "trop grand"),
    (parsing.money, "9" * 100, {}, "trop grand"),
    (parsing.money, "12 000 $", {}, "en chiffres"),
    (parsing.money, "500 000,01", {"max": "500000"}, "au plus 500\u202f000 €"),
    (parsing.money, "9,99", {"min": "10"}, "au moins 10 €"),
    (parsing.money, "=1+1", {}, "en chiffres"),
    (parsing.date, "31/02/2026", {}, "n’existe pas"),
    (parsing.date, "12/31/2026", {}, "n’existe pas"),
    (parsing.date, "01/01/26", {}, "JJ/MM/AAAA"),
    (parsing.date, "demain", {}, "JJ/MM/AAAA"),
    (parsing.date, "01/01/0001", {}, "entre 1900 et 2199"),
    (parsing.date, "01/01/9999", {}, "entre 1900 et 2199"),
    (parsing.date, "31/12/2025", {"min": "2026-01-01"}, "à partir du 01/01/2026"),
    (parsing.date, "01/01/2027", {"max": "2026-12-31"}, "au plus tard le 31/12/2026"),
    (parsing.phone, "0558", {}, "dix chiffres"),
    (parsing.phone, "1558000000", {}, "dix chiffres"),
    (parsing.phone, "+" + "1" * 16, {}, "dix chiffres"),
    (parsing.email, "nom@exemple", {}, "adresse e-mail complète"),
    (parsing.email, "nom exemple.fr", {}, "adresse e-mail complète"),
    (parsing.email, "a@b.fr\nBcc: c@d.fr", {}, "adresse e-mail complète"),
    (parsing.email, "a" * 300 + "@exemple.fr", {}, "adresse e-mail complète"),
    (parsing.siret, "732 829 320 00075", {}, "n’existe pas"),
    (parsing.siret, "35600000049838", {}, "n’existe pas"),
    (parsing.siret, "00000000000000", {}, "n’existe pas"),
    (parsing.siret, "732829320", {}, "SIREN"),
    (parsing.siret, "1234567000", {}, "RIDET n’existe pas"),
    (parsing.siret, "12345", {}, "vous en avez saisi 5"),
    (parsing.siret, "FR73282932000074", {}, "14 chiffres"),
    (parsing.text, "é" * 11, {"max_length": 10}, "11 caractères"),
]


def name(value: Any) -> str:
    return value.__name__ if callable(value) else repr(value)[:30]


@pytest.mark.parametrize(("parse", "typed", "options", "value"), READ, ids=name)
def test_what_is_read(parse, typed, options, value):
    assert parse(typed, options) == value


@pytest.mark.parametrize(("parse", "typed", "options", "told"), REFUSED, ids=name)
def test_what_is_refused(parse, typed, options, told):
    with pytest.raises(InvalidError) as error:
        parse(typed, options)
    assert told in error.value.message


def test_text_is_what_every_database_takes():
    assert clean_text("a\x00b\x1b\ud800\r\nc\td") == "ab?\nc\td"
    assert len(clean_text("x" * 200_000)) == parsing.MOST_TYPED
    assert clean_text(None) == clean_text(["a"]) == ""


# --- Any text ---------------------------------------------------------------------------------------------------------
SCHEMA = schema_of(
    *(
        field(f"champ-{number}", kind)
        for number, kind in enumerate(["texte", "texte-long", "entier", "montant", "date"])
    ),
    *(field(f"autre-{number}", kind) for number, kind in enumerate(["oui-non", "siret", "e-mail", "telephone"])),
    field("choix", "choix", options={"choices": [{"value": "a", "label": "A"}], "other": True}),
)
typed_texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789 ,.-+€eE/\u202fNa", max_size=25),
    st.from_regex(r"[0-9]{1,15}([.,][0-9]{0,3})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", fullmatch=True),
    st.sampled_from(["oui", "non", "autre", "autre:", "autre:un GIP", "a", "b", "\x00", "\ud800"]),
)


@settings(deadline=None)
@given(st.sampled_from(SCHEMA.fields), typed_texts)
def test_any_text_is_read_or_kept_with_the_reason(of, typed):
    read = answers.parse(of, typed)
    json.dumps([read.value, read.raw], ensure_ascii=False).encode()
    if not clean_text(typed).strip():
        assert (read.value, read.raw, read.errors) == (None, None, [])
    elif read.errors:
        assert read.value is None
        # Nothing that was typed is lost: it is shown again as it was.
        kept = {answers.RAW: {of.key: read.raw}}
        assert answers.typed_in(of, kept) in (clean_text(typed), clean_text(typed).strip(), "autre:")
    else:
        # A value shown again and sent again is the same value.
        assert answers.parse(of, answers.as_typed(of, read.value)).value == read.value


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=999_999_999_999, places=2))
def test_amounts_survive_being_shown(amount: Decimal):
    of = next(each for each in SCHEMA if each.kind == FieldKind.MONEY)
    value = f"{amount:.2f}"
    assert answers.parse(of, answers.as_typed(of, value)).value == value


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_one_wrong_digit_of_a_siret_is_seen(start):
    """Luhn tells every change of one digit."""
    found = []
    for key in "0123456789":
        try:
            found.append(parsing.siret(start + key, {}))
        except InvalidError:
            continue
    assert len(found) <= (1 if not start.startswith("356000000") else 3)
