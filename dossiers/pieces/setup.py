"""What this part declares when the app is ready."""

from __future__ import annotations

from datetime import timedelta

from portal.files.access import register_reader
from portal.files.listeners import register_download_listener, register_infected_listener
from portal.files.references import register_reference
from portal.jobs.schedule import register_job

from ..models import PURPOSE
from . import events, selectors, uploads


def connect() -> None:
    register_reader(PURPOSE, selectors.readable)
    register_reference(PURPOSE, selectors.versions_in_use)
    register_reference(PURPOSE, selectors.documents_in_use)
    register_reference(PURPOSE, selectors.exports_in_use)
    for purpose in events.PURPOSES:
        register_download_listener(purpose, events.downloaded)
        register_infected_listener(purpose, events.infected)
    register_job("dossier-infected-files", every=timedelta(minutes=5), run=events.catch_up)
    register_job("dossier-partial-uploads", every=timedelta(hours=1), run=uploads.expire)
