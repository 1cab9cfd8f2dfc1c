"""What this part declares when the app is ready."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.schedule import register_job

from . import services


def connect() -> None:
    register_job("dossier-exports", every=timedelta(minutes=2), run=services.build_waiting)
    register_job("dossier-exports-over", every=timedelta(minutes=30), run=services.expire)
