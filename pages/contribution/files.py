"""Who reads the files of a proposal: its author, and who reviews it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from portal.files.models import StoredFile

from ..models import ProposalFile
from .selectors import readable_proposals


def readable(user: Any) -> QuerySet[StoredFile]:
    """The files of the proposals that ``user`` may read."""
    proposals = readable_proposals(user).order_by().values("pk")
    return StoredFile.objects.filter(pk__in=ProposalFile.objects.filter(proposal__in=proposals).values("file"))


def in_use() -> QuerySet[Any, Any]:
    """The files that a proposal holds."""
    return ProposalFile.objects.order_by().values("file")
