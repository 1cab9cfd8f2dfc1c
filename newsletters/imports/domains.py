"""Domains that look mistyped, and mailboxes of a function. Small lists, and one slip of the finger."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Where most people have their mailbox in France, and what is one slip away from them though it exists.
KNOWN: Final = frozenset(
    """
    gmail.com googlemail.com orange.fr orange.com wanadoo.fr free.fr sfr.fr sfr.com neuf.fr laposte.net laposte.fr
    hotmail.fr hotmail.com
    outlook.fr outlook.com live.fr live.com msn.com yahoo.fr yahoo.com ymail.com rocketmail.com icloud.com
    me.com mac.com bbox.fr aol.com aol.fr gmx.fr gmx.com gmx.net club-internet.fr numericable.fr numericable.com
    cegetel.net aliceadsl.fr libertysurf.fr 9online.fr noos.fr protonmail.com proton.me pm.me mailo.com mailo.fr
    tutanota.com zoho.com mail.com email.com mail.fr caramail.com bouyguestelecom.fr mediom.com nordnet.fr ozone.net
    francetravail.fr pole-emploi.fr gouv.fr ac-paris.fr lilo.org riseup.net posteo.net posteo.de fastmail.com grange.fr
    """.split()  # noqa: SIM905 - a list to read
)
#: Of these a slip is looked for: shorter ones are one letter away from too much.
_AIMED: Final = tuple(
    """
    gmail.com orange.fr wanadoo.fr laposte.net hotmail.fr hotmail.com outlook.fr outlook.com yahoo.fr yahoo.com
    icloud.com club-internet.fr numericable.fr aliceadsl.fr protonmail.com francetravail.fr googlemail.com
    """.split()  # noqa: SIM905
)
#: Slips of more than one letter, or that make another domain.
_SLIPS: Final = {
    "gmail.fr": "gmail.com",
    "gmal.fr": "gmail.com",
    "gmial.fr": "gmail.com",
    "gamil.fr": "gmail.com",
    "gmail.con": "gmail.com",
    "gmaill.fr": "gmail.com",
    "free.f": "free.fr",
    "fre.fr": "free.fr",
    "sfr.f": "sfr.fr",
    "live.f": "live.fr",
    "neuf.f": "neuf.fr",
    "bbox.f": "bbox.fr",
    "wanado.f": "wanadoo.fr",
    "wannado.fr": "wanadoo.fr",
    "laposte.com": "laposte.net",
    "la-poste.net": "laposte.net",
    "orange.f": "orange.fr",
    "hotmail.co": "hotmail.com",
    "yahoo.co": "yahoo.com",
}
#: Endings under which the large providers really give mailboxes.
_ENDINGS: Final = frozenset("fr com net org be ch ca it es de uk co.uk lu pt pl nl eu re at ie com.br".split())  # noqa: SIM905
_SEVERAL: Final = frozenset({"hotmail", "outlook", "yahoo", "live", "gmx", "msn", "aol"})

_ROLES: Final = re.compile(
    r"(?:contact|contacts|infos?|information|mairie|accueil|secretariat|secretaire|administration|admin|direction|"
    r"communication|webmaster|postmaster|abuse|noreply|no-reply|ne-pas-repondre|support|service|services|bureau|"
    r"hello|bonjour|office|compta|comptabilite|rh|recrutement|commercial|presse|standard|ccas|cias|mediatheque|"
    r"bibliotheque|commune|dgs|sales|team|equipe)(?:[._+-].*|\d*)"
)


def is_role(local: str) -> bool:
    """Whether the local part of a normal address is of a function (RFC 2142, and the field's), not of a person."""
    return _ROLES.fullmatch(local) is not None


@lru_cache(maxsize=20_000)
def suggest(domain: str) -> str:
    """The domain that ``domain`` (normal) was probably meant to be; empty where nothing looks wrong."""
    if domain in KNOWN:
        return ""
    if domain in _SLIPS:
        return _SLIPS[domain]
    name, _, ending = domain.partition(".")
    if name in _SEVERAL and ending in _ENDINGS:
        return ""
    if not 6 <= len(domain) <= 18:
        return ""
    return next((aimed for aimed in _AIMED if one_slip(domain, aimed)), "")


def one_slip(left: str, right: str) -> bool:
    """Whether one letter added, left out, changed, or two neighbours swapped, make ``left`` of ``right``."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    left, right = left[start:], right[start:]
    if left[1:] == right[1:] or left[1:] == right or left == right[1:]:
        return True
    return left[:2] == right[1::-1] and left[2:] == right[2:]
