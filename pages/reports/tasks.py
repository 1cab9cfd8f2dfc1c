"""Work after the request. A task is only a wake-up: it reads the row again and may run twice."""

from __future__ import annotations

from django_tasks import task


@task()
def send_answer(report_pk: str) -> None:
    """Send the editors' answer to whoever left an address with their report, once."""
    from .mail import write_to_reader

    write_to_reader(report_pk)
