from datetime import timedelta

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "portal.files"
    label = "files"
    verbose_name = "Fichiers"

    def ready(self) -> None:
        from portal.core.health import register_health
        from portal.jobs.schedule import register_job

        from . import checks, health, notices, retention, scanning  # noqa: F401
        from .personal_data import register_downloads

        register_downloads()
        register_health("antivirus", health.antivirus)
        register_job("scan-waiting-files", every=timedelta(seconds=50), run=scanning.scan_waiting_files)
        register_job("delete-unused-files", every=timedelta(hours=1), run=retention.delete_unused_files)
        register_job("erase-quarantine", every=timedelta(days=1), run=retention.erase_quarantine)
        register_job("forget-file-downloads", every=timedelta(days=1), run=retention.forget_downloads)
        register_job("sweep-file-storage", every=timedelta(days=1), run=retention.sweep_storage)
