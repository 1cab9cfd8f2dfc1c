"""What the database knows of workers and of periodic work."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A worker process. Its heartbeat is the lease of the task it runs: silent for too long, the task is another's."""

    id = models.CharField(primary_key=True, max_length=64)
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "ouvrier"

    def __str__(self) -> str:
        return self.id


class PeriodicRun(models.Model):
    """The last run of one periodic job. ``leased_until`` keeps two ``tick`` from running it at once."""

    name = models.CharField(primary_key=True, max_length=100)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "travail périodique"

    def __str__(self) -> str:
        return self.name
