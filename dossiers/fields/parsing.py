"""What people type, read as values: one function a kind of field, from any text. Each raises :class:`InvalidError`, in
French, and nothing else. Knows neither request nor database.

Texts are bounded before any pattern sees them, and no pattern backtracks.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

#: The most that is kept of what was typed in one field, valid or not.
MOST_TYPED: Final = 100_000
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_DIGITS: Final = re.compile(r"[0-9]+\Z")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*\Z")
_NUMBER: Final = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?\Z")
_DATE: Final = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})\Z")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
#: What fits numeric(14, 2), and a number that a browser and a spreadsheet hold exactly.
MOST_MONEY: Final = Decimal("999999999999.99")
MOST_INTEGER: Final = 999_999_999_999
#: SIREN of La Poste: its establishments other than the seat follow another rule than Luhn's.
LA_POSTE: Final = "356000000"


class InvalidError(Exception):
    """What was typed is no value of its kind. ``message`` says why, in French."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def clean_text(typed: Any) -> str:
    """``typed`` as text that every database takes: no control character but newlines and tabs, no lone surrogate."""
    if not isinstance(typed, str):
        return ""
    text = typed[: MOST_TYPED + 1].replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in text if c in "\n\t" or not (c < " " or "\x7f" <= c <= "\x9f"))[:MOST_TYPED]


def as_decimal(value: Any) -> Decimal | None:
    """A finite number as Decimal, from whatever JSON holds; None for the rest."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value)[:40])
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def number_text(value: Decimal) -> str:
    """« 1 234,50 », « 12 »: as French writes it, with narrow no-break spaces; decimals only where there are."""
    whole = value == value.to_integral_value()
    text = f"{value:,.0f}" if whole else f"{value:,.2f}"
    return text.replace(",", "\u202f").replace(".", ",").replace("-", "−")


def text(typed: str, options: Mapping[str, Any]) -> str:
    value = typed.strip()
    if "\n" in value or "\t" in value:
        value = " ".join(value.split())
    return _bounded(value, options)


def long_text(typed: str, options: Mapping[str, Any]) -> str:
    return _bounded(typed.strip(), options)


def _bounded(value: str, options: Mapping[str, Any]) -> str:
    most = int(options.get("max_length") or 5_000)
    if len(value) > most:
        raise InvalidError(f"Votre texte fait {len(value)} caractères : {most} au plus.")
    return value


def _digits(typed: str) -> tuple[str, bool]:
    """The number in ``typed`` with a dot for its decimals, and whether it is negative. The euro sign is left out."""
    value = _SPACES.sub("", typed[:200]).replace("'", "").replace("’", "")
    value = value.removesuffix("€").removesuffix("EUR").removesuffix("euros")
    negative = value[:1] in ("-", "−")
    value = value[1:] if negative or value[:1] == "+" else value
    if _GROUPED.match(value):
        value = value.replace(".", "")
    return value.replace(",", "."), negative


def _within(value: Decimal, options: Mapping[str, Any], unit: str = "") -> None:
    least, most = as_decimal(options.get("min")), as_decimal(options.get("max"))
    if least is not None and value < least:
        raise InvalidError(f"Indiquez au moins {number_text(least)}{unit}.")
    if most is not None and value > most:
        raise InvalidError(f"Indiquez au plus {number_text(most)}{unit}.")


def integer(typed: str, options: Mapping[str, Any]) -> int:
    """« 12 », « 1 200 ». Below zero only where ``min`` says so."""
    text_, negative = _digits(typed)
    if not _NUMBER.match(text_):
        if _DIGITS.match(text_):
            raise InvalidError("Ce nombre est trop grand.")
        raise InvalidError("Saisissez un nombre entier, en chiffres : par exemple 12 ou 1 200.")
    if "." in text_:
        raise InvalidError("Saisissez un nombre entier, sans décimale.")
    value = -int(text_) if negative else int(text_)
    if abs(value) > MOST_INTEGER:
        raise InvalidError("Ce nombre est trop grand.")
    if value < 0 and as_decimal(options.get("min")) is None:
        raise InvalidError("Le nombre doit être positif ou nul.")
    _within(Decimal(value), options)
    return value


def money(typed: str, options: Mapping[str, Any]) -> str:
    """« 1 234,50 », « 12,5 € », « 12.5 » as ``"1234.50"``. « 1e9 » and « NaN » are no amounts."""
    text_, negative = _digits(typed)
    if not _NUMBER.match(text_):
        if _DIGITS.match(text_):
            raise InvalidError(f"Ce montant est trop grand : {number_text(MOST_MONEY)} € au plus.")
        raise InvalidError("Saisissez un montant en euros, en chiffres : par exemple 1 234,50.")
    if len(text_.partition(".")[2]) > 2:
        raise InvalidError("Un montant a deux décimales au plus : par exemple 1 234,50.")
    value = Decimal(text_)
    if value > MOST_MONEY:
        raise InvalidError(f"Ce montant est trop grand : {number_text(MOST_MONEY)} € au plus.")
    value = -value if negative and value else value
    if value < 0 and as_decimal(options.get("min")) is None:
        raise InvalidError("Le montant doit être positif ou nul.")
    _within(value, options, " €")
    return f"{value:.2f}"


def date(typed: str, options: Mapping[str, Any]) -> str:
    """« 31/12/2026 », « 31-12-2026 », « 2026-12-31 » as ``"2026-12-31"``. Years 1900 to 2199."""
    value = typed.strip()[:40]
    french, iso = _DATE.match(value), _ISO.match(value)
    if french:
        day, month, year = french.groups()
    elif iso:
        year, month, day = iso.groups()
    else:
        raise InvalidError("Saisissez une date sous la forme JJ/MM/AAAA : par exemple 31/12/2026.")
    try:
        read = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise InvalidError("Cette date n’existe pas. Saisissez-la sous la forme JJ/MM/AAAA.") from None
    if not 1900 <= read.year < 2200:
        raise InvalidError("L’année doit être entre 1900 et 2199.")
    for name, beyond, words in (("min", dt.date.__lt__, "à partir du"), ("max", dt.date.__gt__, "au plus tard le")):
        bound = as_date(options.get(name))
        if bound is not None and beyond(read, bound):
            raise InvalidError(f"Indiquez une date {words} {bound:%d/%m/%Y}.")
    return read.isoformat()


def as_date(value: Any) -> dt.date | None:
    """An ISO date as a date; None for anything else."""
    if not isinstance(value, str) or not _ISO.match(value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def email(typed: str, options: Mapping[str, Any]) -> str:
    value = typed.strip()
    try:
        if len(value) > 254:
            raise ValidationError("")
        validate_email(value)
    except ValidationError:
        raise InvalidError("Saisissez une adresse e-mail complète : par exemple nom@exemple.fr.") from None
    return value


def phone(typed: str, options: Mapping[str, Any]) -> str:
    """Ten digits (``"0558000000"``), or an international number (``"+687000000"``)."""
    value = re.sub(r"[().\-/‑–]", "", _SPACES.sub("", typed[:100]))
    if value.startswith("00"):
        value = "+" + value[2:]
    if value.startswith("+33"):
        value = "0" + value[3:].removeprefix("0")
    if value.startswith("+"):
        if _DIGITS.match(value[1:]) and 7 <= len(value) - 1 <= 15 and value[1] != "0":
            return value
    elif len(value) == 10 and _DIGITS.match(value) and value[0] == "0" and value[1] != "0":
        return value
    raise InvalidError(
        "Saisissez un numéro à dix chiffres, ou avec l’indicatif du pays : par exemple 05 58 00 00 00 ou +687 00 00 00."
    )


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + position % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def siret(typed: str, options: Mapping[str, Any]) -> str:
    """A SIRET (14 digits, Luhn) or a RIDET of New Caledonia (10 digits: RID, then the establishment's three).

    La Poste's own establishments (SIREN 356000000) are numbered so that their digits add up to a multiple of five,
    as INSEE has it (https://www.insee.fr/fr/metadonnees/definition/c1841). ISEE publishes no key for the RIDET.
    """
    value = re.sub(r"[.\-/]", "", _SPACES.sub("", typed[:100]))
    if not _DIGITS.match(value):
        raise InvalidError("Saisissez les 14 chiffres du SIRET, ou les 10 chiffres du RIDET (Nouvelle-Calédonie).")
    if len(value) == 9:
        raise InvalidError("Vous avez saisi un SIREN (9 chiffres) : ajoutez les 5 chiffres de l’établissement.")
    if len(value) == 10:
        if not int(value[:7]) or not int(value[7:]):
            raise InvalidError("Ce RIDET n’existe pas : vérifiez ses 10 chiffres.")
        return value
    if len(value) != 14:
        raise InvalidError(f"Un SIRET a 14 chiffres (un RIDET, 10) : vous en avez saisi {len(value)}.")
    la_poste = value.startswith(LA_POSTE) and sum(map(int, value)) % 5 == 0
    if not int(value) or not (_luhn(value) or la_poste):
        raise InvalidError("Ce SIRET n’existe pas : vérifiez ses 14 chiffres.")
    return value
