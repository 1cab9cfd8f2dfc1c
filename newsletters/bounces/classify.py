"""What a server's refusal means: the address, the moment, or us.

An address is given up (« hard ») only where a server says in so many words that it does not exist. A refusal of the
sender (reputation, policy, content) is no fault of the person's and never counts against them. All else may pass.
"""

from __future__ import annotations

import re
from typing import Final

from ..enums import EventKind

_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_BASIC: Final = re.compile(r"(?<![\d.])([245][0-5]\d)(?=[\s\-#:;,]|$)")
# RFC 3463, 3.2 and 3.3, with the IANA registry of enhanced codes.
_NO_SUCH: Final = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10"})
# The sender's address (RFC 3463, 3.2), what the message holds (3.7), policy (3.8).
_OURS: Final = re.compile(r"1\.[78]|[67]\.")


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_THING: Final = r"(?:user|recipient|mailbox|account|address|adresse|destinataire|bo[iî]te|utilisateur)"
#: The sender, the content or the way is refused.
_US: Final = _any(
    r"spam|unsolicited|junk|abus|banned|poor|policy|reputation|réputation",
    r"block(?:ed|list)|black ?list|liste noire|\brbl\b|dnsbl|gr[ae]y-?list",
    r"\bspf\b|\bdkim\b|\bdmarc\b|content rejected|authentication required",
    r"refus.{0,20}(?:serveur|exp[ée]diteur)|sender (?:rejected|denied|address)|not authori[sz]ed",
    r"relay(?:ing)? (?:access )?denied",
    # Servers that look for the sender use the words of an unknown recipient: « no such user, sender verify failed ».
    r"sender(?:'s)? (?:domain|host|mailbox|account|verif)|(?:bad|invalid|unknown|envelope|forged|this) sender",
    r"verification failed for|call-?out|call-?back|domain of (?:the )?sender",
    r"\b(?:helo|ehlo)\b|reverse (?:dns|lookup|host)|\bptr\b|(?:client|your) host|host ?name",
    r"your (?:domain|network|server|mail server|ip)\b|(?:accept|receiv)\w* (?:e?-?mails?|messages?) from",
    r"from:? header|header:? (?:address|field|from)|address header",
)
#: It may pass another day.
_LATER: Final = _any(
    r"\bfull\b|quota|over ?limit|exceed|insufficient|d[ée]pass|pleine|satur",
    r"too (?:many|much|quickly|large|big)|rate limit",
    r"temporar|try again|later|retry|timed? ?out|timeout|unavailable|connection (?:refused|reset)",
)
#: There is nobody.
_GONE: Final = _any(
    r"unknown (?:user|recipient|address|mailbox|account|local)|not a known user|not our customer",
    r"no such (?:user|mailbox|recipient|address|person|account|domain)|no mail-?box|nxdomain|nullmx|recipnotfound",
    _THING
    + r"[^.;\n]{0,40}(?:unknown|not found|does ?n[o']t exist|not exist|not listed|no longer|invalid|disabled|inactive)",
    _THING + r"[^.;\n]{0,40}(?:inconnue?|inexistante?|introuvable|n['’]existe|d[ée]sactiv|unrouteable)",
    r"doesn't have [^\n]{0,40}account|unrouteable address|does not like recipient|aucun destinataire",
    r"invalid (?:recipient|mailbox|address)",
    r"(?:domain|host)[^.;\n]{0,40}(?:not found|does not exist|non-?existent|unknown)",
)


def classify(status: str, said: str = "") -> tuple[str, str]:
    """(kind of event, code as « 550 5.1.1 ») of a failure: its enhanced ``status``, if any, and what was said."""
    found = _ENHANCED.search(status) or _ENHANCED.search(said)
    basic = _BASIC.search(said)
    detail = f"{found[2]}.{found[3]}" if found else ""
    code = " ".join(filter(None, [basic[1] if basic else "", f"{found[1]}.{detail}" if found else ""]))
    permanent = (found[1] if found else basic[1][0] if basic else "5") == "5"
    return _kind(detail, permanent, said), code


def _kind(detail: str, permanent: bool, said: str) -> str:
    if not permanent:
        return EventKind.SOFT_BOUNCE
    if _OURS.match(detail):
        return EventKind.REJECTED
    if _US.search(said):
        return EventKind.REJECTED
    if _LATER.search(said) and not (_GONE.search(said) and detail in _NO_SUCH):
        return EventKind.SOFT_BOUNCE
    if detail in _NO_SUCH:
        return EventKind.HARD_BOUNCE
    # 5.2.1 disabled, 5.4.4 no route, 5.0.0 and 5.1.0 anything: what was said decides.
    return EventKind.HARD_BOUNCE if _GONE.search(said) else EventKind.SOFT_BOUNCE
