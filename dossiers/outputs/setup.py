"""What this part declares when the app is ready."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.schedule import register_job

from ..journal import register_listener
from . import documents


def connect() -> None:
    register_listener(documents.on_event)
    register_job("dossier-documents", every=timedelta(minutes=2), run=documents.draw_waiting)
