"""Work after the commit. The task is only a wake-up: it may come twice, or not at all."""

from __future__ import annotations

from django_tasks import task


@task()
def build_export(export_id: str) -> bool:
    """Make an export."""
    from .building import build

    return build(export_id)
