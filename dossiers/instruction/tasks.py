"""Work after the commit. The task is only a wake-up: it may come twice, or not at all."""

from __future__ import annotations

from django_tasks import task


@task()
def work_on_batch(batch_id: str) -> int:
    """Do what is left of a batch."""
    from ..models import Batch
    from ..services.batches import run

    batch = Batch.objects.select_related("requested_by").filter(pk=batch_id).first()
    return run(batch) if batch is not None else 0
