"""Work after the commit. The task is only a wake-up: it may come twice, or not at all."""

from __future__ import annotations

from django_tasks import task


@task()
def draw_document(document_id: str) -> bool:
    """Draw one document up, unless it was or another is at it."""
    from .documents import draw

    return draw(document_id)
