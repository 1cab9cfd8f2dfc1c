"""One way to write an e-mail address: its normal form, and its fingerprint that survives erasure."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

import idna
from django.conf import settings
from django.core.exceptions import ValidationError

MAX_LENGTH = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets, its angle brackets included.
MAX_LOCAL = 64  # RFC 5321, 4.5.3.1.1.
# RFC 5322, 3.2.3 (dot-atom-text): what a mailbox needs no quotes for.
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def normalise_address(raw: str) -> str:
    """The normal form of an address: no space around, lower case, domain in ASCII (IDNA 2008, UTS 46).

    Two spellings of one mailbox give the same string; normalising twice changes nothing. The local part is lowered
    too: RFC 5321 lets a server tell cases apart, none in use does. Raises :class:`ValidationError`, in French, with a
    code: ``empty``, ``long``, ``control``, ``space``, ``at``, ``quoted``, ``local``, ``domain``.
    """
    address = unicodedata.normalize("NFC", raw.strip(" \t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"))
    if not address:
        raise ValidationError("Saisissez une adresse e-mail.", code="empty")
    if len(address) > MAX_LENGTH:
        raise ValidationError(f"Cette adresse est trop longue : {MAX_LENGTH} caractères au plus.", code="long")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for char in address):
        raise ValidationError("Cette adresse contient un caractère invisible ou un retour à la ligne.", code="control")
    if any(char.isspace() for char in address):
        raise ValidationError("Une adresse ne contient pas d’espace.", code="space")
    if '"' in address:
        raise ValidationError("Les adresses entre guillemets ne sont pas acceptées.", code="quoted")
    if address.count("@") != 1:
        raise ValidationError("Une adresse contient un seul signe @, comme dans prenom.nom@exemple.fr.", code="at")
    local, _, domain = address.partition("@")
    if not _LOCAL.fullmatch(local) or len(local) > MAX_LOCAL:
        raise ValidationError(
            "Ce qui précède le signe @ n’est pas valide : lettres sans accent, chiffres, points et tirets.",
            code="local",
        )
    normal = f"{local.lower()}@{_ascii_domain(domain)}"
    if len(normal) > MAX_LENGTH:
        raise ValidationError(f"Cette adresse est trop longue : {MAX_LENGTH} caractères au plus.", code="long")
    return normal


def _ascii_domain(domain: str) -> str:
    """The domain in ASCII, lowered. Needs two labels at least, and a last one that is no number (no IP address)."""
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise ValidationError(_bad_domain(domain), code="domain") from error
    labels = ascii_domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValidationError(_bad_domain(domain), code="domain")
    return ascii_domain


def _bad_domain(domain: str) -> str:
    shown = domain[:60] or "rien"
    return f"Ce qui suit le signe @ ({shown}) n’est pas un nom de domaine, comme exemple.fr."


def display_address(address: str) -> str:
    """A normal address as people write it: its domain in Unicode where it is internationalised."""
    local, _, domain = address.partition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}@{idna.decode(domain)}"
    except (idna.IDNAError, UnicodeError):
        return address


def fingerprint(address: str) -> str:
    """HMAC-SHA256 (hexadecimal) of a normal address: recognises an erased address without keeping it.

    Keyed by ``SUPPRESSION_KEY`` (else ``SECRET_KEY``): changing the key forgets every suppression.
    """
    key = settings.SUPPRESSION_KEY or settings.SECRET_KEY
    return hmac.new(f"suppression:{key}".encode(), address.encode(), hashlib.sha256).hexdigest()
