"""Work after the request. A task is only a wake-up: it reads the row again and may run twice."""

from __future__ import annotations

from django_tasks import task


@task()
def answer_correction(proposal_pk: str) -> None:
    """Tell a reader without an account what became of their correction, once."""
    from .mail import answer_reader

    answer_reader(proposal_pk)
