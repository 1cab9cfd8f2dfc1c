"""What sharing adds to the portal at its start."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.schedule import register_job

from . import mails


def connect() -> None:
    register_job("dossier-invitation-mails", every=timedelta(minutes=2), run=mails.send_due_mails)
