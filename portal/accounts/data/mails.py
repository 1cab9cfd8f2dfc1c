"""Mails about the account's end, to an address that the account may not have any more."""

from __future__ import annotations

from typing import Any

from ..adapter import AccountAdapter


def write(prefix: str, address: str, context: dict[str, Any]) -> None:
    """Send the mail of the templates ``{prefix}_subject.txt`` and ``{prefix}_message.txt``."""
    AccountAdapter().render_mail(prefix, address, context).send()
