"""Imports in the background. A task is only a wake-up: it reads the import again and may come twice."""

from __future__ import annotations

from django_tasks import task


@task()
def work_on_import(import_id: str) -> None:
    """Do what an import waits for, unless another process is at it."""
    from .work import carry_out

    carry_out(import_id)
