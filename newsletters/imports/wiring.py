"""What imports add to the rest: work of the schedule, use of files, rows emptied of who is erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models.signals import pre_delete

from portal.files.references import register_reference
from portal.jobs.schedule import register_job

from ..models import Subscriber
from . import services
from .models import ERASED, ImportedRow, SubscriberImport


def register() -> None:
    """For ``AppConfig.ready``."""
    register_job("wake-imports", every=timedelta(minutes=1), run=services.wake_forgotten_imports)
    register_job("forget-imports", every=timedelta(days=1), run=services.forget_old_imports)
    register_reference(services.PURPOSE, files_in_use)
    pre_delete.connect(subscriber_goes, sender=Subscriber, dispatch_uid="newsletters.imports")


def files_in_use() -> Any:
    return SubscriberImport.objects.values("file")


def subscriber_goes(sender: type, instance: Subscriber, **kwargs: Any) -> None:
    """Rows keep nothing of who is erased but the keyed hash."""
    ImportedRow.objects.filter(address=instance.address).update(**ERASED)
