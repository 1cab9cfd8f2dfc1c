"""Signed tokens of one copy: who it went to and by which list, in 38 characters that say nothing of the address.

A token carries the numbers of the subscription and of the delivery and a keyed BLAKE2b of them, bound to one purpose:
what opens a picture does not unsubscribe. It never expires (leaving must work for ever), and works still when the
delivery was purged. Zeros are the token of a trial, which leads to a page that says so.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings

_NUMBERS = struct.Struct(">QQ")
_MAC = 12  # bytes: 96 bits, as RFC 4868 truncates; guessing is limited by the server's answer, not by computing.


class Purpose(StrEnum):
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    CLICK = "click"
    OPEN = "open"
    BOUNCE = "bounce"
    EVENT = "event"


class Ref(NamedTuple):
    """What a token leads to; 0 where there is none (a trial)."""

    subscription: int
    delivery: int


class BadTokenError(ValueError):
    """Forged, cut off, or made for another purpose."""


@cache
def _key(purpose: str, secret: str) -> bytes:
    return blake2b(f"newsletters.sending.{purpose}:{secret}".encode(), digest_size=32).digest()


def _sign(purpose: str, numbers: bytes) -> bytes:
    return blake2b(numbers, key=_key(purpose, settings.SECRET_KEY), digest_size=_MAC).digest()


def maker(purpose: Purpose) -> Callable[[int, int], bytes]:
    """What makes tokens of one purpose from (subscription, delivery), many and fast: 38 URL-safe characters."""
    key, pack, encode = _key(purpose, settings.SECRET_KEY), _NUMBERS.pack, base64.urlsafe_b64encode

    def make_one(subscription: int, delivery: int) -> bytes:
        numbers = pack(subscription, delivery)
        # 28 bytes make 38 characters and two of padding.
        return encode(numbers + blake2b(numbers, key=key, digest_size=_MAC).digest())[:-2]

    return make_one


def make(purpose: Purpose, subscription: int, delivery: int) -> str:
    """A token for an address on the web."""
    return maker(purpose)(subscription, delivery).decode("ascii")


def read(purpose: Purpose, token: str) -> Ref:
    """What ``token`` refers to. No query. Raises :class:`BadTokenError`."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadTokenError from error
    return _checked(purpose, raw)


def make_local(purpose: Purpose, subscription: int, delivery: int) -> str:
    """The same for the local part of an address (VERP): base 32, lower case, 45 characters."""
    numbers = _NUMBERS.pack(subscription, delivery)
    return base64.b32encode(numbers + _sign(purpose, numbers)).rstrip(b"=").decode("ascii").lower()


def read_local(purpose: Purpose, token: str) -> Ref:
    """What the token of a returned message's address refers to, whatever its case. Raises :class:`BadTokenError`."""
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError) as error:
        raise BadTokenError from error
    return _checked(purpose, raw)


def _checked(purpose: Purpose, raw: bytes) -> Ref:
    numbers, mac = raw[: _NUMBERS.size], raw[_NUMBERS.size :]
    if len(mac) != _MAC or not hmac.compare_digest(mac, _sign(purpose, numbers)):
        raise BadTokenError
    return Ref(*_NUMBERS.unpack(numbers))
