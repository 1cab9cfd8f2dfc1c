"""What this part declares when the app is ready."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.schedule import register_job
from portal.notifications.registry import register

from . import kinds, services


def connect() -> None:
    for each in kinds.KINDS:
        register(each)
    register_job("dossier-retention", every=timedelta(hours=6), run=services.run)
