"""What this part declares when the app is ready."""

from __future__ import annotations

from portal.core.dashboard import Zone, register_card


def connect() -> None:
    register_card(
        key="dossiers", title="Mes dossiers", zone=Zone.WAITING, order=35, loader="dossiers.deposit.lists.card"
    )
