"""Work after the request. A task is only a wake-up: it reads the row again and may run twice."""

from __future__ import annotations

from django_tasks import task


@task()
def scan_stored_file(file_id: str) -> None:
    """Have one file scanned, unless it was or another is at it."""
    from .scanning import scan_file

    scan_file(file_id)
