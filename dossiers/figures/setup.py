"""What this part declares when the app is ready."""

from __future__ import annotations

from django.db import connections
from django.db.backends.signals import connection_created

from portal.core.dashboard import Zone, register_card

from .expressions import prepare_connection


def connect() -> None:
    connection_created.connect(prepare_connection, dispatch_uid="dossiers.figures")
    # Those opened before this app was ready.
    for each in connections.all(initialized_only=True):
        if each.connection is not None:
            prepare_connection(each)
    register_card(
        key="dossier-figures",
        title="Chiffres des dossiers",
        zone=Zone.FOLLOWED,
        order=40,
        loader="dossiers.figures.dashboard.figures",
    )
