"""What uses files: each app declares it, so that a file that nothing uses any more can be deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from .models import StoredFile

#: Gives the identifiers of the files in use, as ``Model.objects.values("file")`` does; null values do no harm.
InUse = Callable[[], "QuerySet[Any, Any]"]
_references: dict[str, list[InUse]] = {}


def register_reference(purpose: str, in_use: InUse) -> None:
    """Declare, in ``AppConfig.ready``, where files of ``purpose`` are used; several may be declared for one purpose."""
    found = _references.setdefault(purpose, [])
    if in_use not in found:
        found.append(in_use)


def known_purposes() -> list[str]:
    """The purposes of which is known what uses their files. Files of another are never deleted as unused."""
    return sorted(_references)


def unused(files: QuerySet[StoredFile], purpose: str) -> QuerySet[StoredFile]:
    """Those of ``files`` of ``purpose`` that nothing uses; none where nobody said what would."""
    declared = _references.get(purpose, [])
    if not declared:
        return files.none()
    files = files.filter(purpose=purpose)
    for in_use in declared:
        # Through the files' own table, for a null among the identifiers would make every « not in » unknown.
        files = files.exclude(pk__in=StoredFile.objects.filter(pk__in=in_use()).values("pk"))
    return files
