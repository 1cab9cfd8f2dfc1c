"""Euros as people read them."""

from __future__ import annotations

from decimal import Decimal


def euros(amount: Decimal) -> str:
    """« 12 500 € », « 12 500,50 € », with spaces that do not break."""
    text = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",").removesuffix(",00")
    return f"{text}\u00a0€"
