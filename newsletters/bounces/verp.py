"""Addresses that a copy's answers come back to: each carries a signed token of the copy (VERP).

Servers put the envelope's sender into « To: » of what they return, so that the copy is known whatever else the message
says. Both addresses are plus-addresses of a mailbox the operator reads (``BOUNCE_ADDRESS``, ``UNSUBSCRIBE_ADDRESS``).
"""

from __future__ import annotations

from django.conf import settings

from ..sending.tokens import Purpose, make_local


def return_path(delivery: int, subscription: int) -> str:
    """The envelope's sender of a copy; empty where no mailbox takes what comes back."""
    return _tagged(settings.BOUNCE_ADDRESS, Purpose.BOUNCE, delivery, subscription)


def unsubscribe_address(delivery: int, subscription: int) -> str:
    """Where a message unsubscribes (RFC 2369, 3.2); empty where no mailbox reads it."""
    return _tagged(settings.UNSUBSCRIBE_ADDRESS, Purpose.UNSUBSCRIBE, delivery, subscription)


def _tagged(mailbox: str, purpose: Purpose, delivery: int, subscription: int) -> str:
    local, _, domain = mailbox.partition("@")
    return f"{local}+{make_local(purpose, subscription, delivery)}@{domain}" if domain else ""
