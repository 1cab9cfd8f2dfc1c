from datetime import timedelta

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from portal.jobs.schedule import register_job

        from . import delivery
        from .services import forget_read_notices

        register_job("send-notices", every=timedelta(seconds=50), run=delivery.send_due)
        register_job("forget-read-notices", every=timedelta(days=1), run=forget_read_notices)
