from datetime import timedelta

from django.apps import AppConfig


class PersonalDataConfig(AppConfig):
    name = "portal.accounts.data"
    label = "personal_data"
    verbose_name = "Données personnelles"

    def ready(self) -> None:
        from portal.jobs.schedule import register_job
        from portal.notifications.registry import register

        from ..audit.append_only import protect
        from . import holdings, kinds
        from .services import erase_due, watch_inactive

        protect()
        holdings.register_own()
        for kind in kinds.KINDS:
            register(kind)
        register_job("erase-accounts", every=timedelta(hours=1), run=erase_due)
        register_job("watch-inactive-accounts", every=timedelta(hours=12), run=watch_inactive)
