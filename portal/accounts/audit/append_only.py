"""Lines of the log are added, never changed or deleted by the portal's code.

Held by signals: whatever saves or deletes a line through its model fails, and so does the deletion of a queryset. The
one exception is :mod:`portal.accounts.data.redaction`, which takes an erased person's name out with an ``UPDATE`` that
sends no signal. Who may write SQL is beyond this: the database's own rights are the answer there.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete, pre_save
from wagtail.models import ModelLogEntry, PageLogEntry

LOGS = (PageLogEntry, ModelLogEntry)


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a line of the log."""


def refuse_change(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw and not instance._state.adding:
        raise AppendOnlyError("Lines of the audit log are never changed.")


def refuse_deletion(sender: type, instance: Any, **kwargs: Any) -> None:
    raise AppendOnlyError("Lines of the audit log are never deleted.")


def protect() -> None:
    for model in LOGS:
        pre_save.connect(refuse_change, sender=model, dispatch_uid="audit-no-change")
        pre_delete.connect(refuse_deletion, sender=model, dispatch_uid="audit-no-deletion")
