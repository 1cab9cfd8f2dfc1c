"""What this part declares when the app is ready."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.schedule import register_job

from ..journal import register_listener
from . import webhooks


def connect() -> None:
    register_listener(webhooks.note)
    register_job("send-dossier-webhooks", every=timedelta(minutes=1), run=webhooks.send_due)
    register_job("forget-dossier-webhooks", every=timedelta(days=1), run=webhooks.sweep)
