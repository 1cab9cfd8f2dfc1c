"""What this part declares when the app is ready."""

from __future__ import annotations

from datetime import timedelta

from portal.core.dashboard import Zone, register_card
from portal.jobs.schedule import register_job

from ..services import batches


def connect() -> None:
    register_card(
        key="instruction",
        title="Dossiers à instruire",
        zone=Zone.WAITING,
        order=15,
        loader="dossiers.instruction.dashboard.to_instruct",
    )
    register_job("dossier-batches", every=timedelta(minutes=2), run=batches.run_left)
