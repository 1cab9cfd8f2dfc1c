from datetime import timedelta

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "portal.jobs"
    label = "jobs"
    verbose_name = "Tâches"

    def ready(self) -> None:
        from portal.core.health import register_health

        from . import health, housekeeping, leases
        from .schedule import register_job

        register_job("reap-lost-tasks", every=timedelta(seconds=20), run=leases.reap_lost_tasks)
        register_job("retry-failed-tasks", every=timedelta(seconds=20), run=leases.retry_failed_tasks)
        register_job("publish-scheduled-pages", every=timedelta(seconds=30), run=housekeeping.publish_scheduled)
        register_job("forget-old-tasks", every=timedelta(hours=6), run=housekeeping.forget_old_tasks)
        register_health("ouvrier", health.worker)
        register_health("tick", health.tick)
        register_job("clear-sessions", every=timedelta(days=1), run=housekeeping.clear_sessions)
