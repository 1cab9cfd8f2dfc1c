"""Text fit for iCalendar."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.utils.encoding import iri_to_uri

# Everything RFC 5545 keeps out of TEXT but the line feed, and the separators of Unicode that readers take for one.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def plain(text: str) -> str:
    """``text`` without control characters; line ends are line feeds."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def parameter(text: str) -> str:
    """``text`` for a parameter, which has neither line ends nor straight double quotes (RFC 5545, 3.2)."""
    return " ".join(plain(text).replace('"', "”").split())


def uri(address: str) -> str:
    """An address in ASCII, as URI values are."""
    return str(iri_to_uri(plain(address).replace("\n", "")))


def mailto(address: str) -> str:
    """An e-mail address as a URI (RFC 6068); the domain's other letters are in their ASCII form."""
    local, _, domain = plain(address).strip().rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return "mailto:" + quote(local, safe="!$'*+-._~") + f"@{domain}"
