"""Make once, remember, take away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model

from ..models import SeededObject

M = TypeVar("M", bound=Model)


class Store:
    """The objects already seeded, by key: read once, kept up while seeding."""

    def __init__(self) -> None:
        self.known = {row.key: row for row in SeededObject.objects.select_related("content_type")}
        self.made = 0

    def once(self, key: str, make: Callable[[], M]) -> M | None:
        """The object of ``key``: made in one transaction with its record, or found. None where it was deleted since:
        what a person deleted stays deleted."""
        if row := self.known.get(key):
            model: Any = row.content_type.model_class()
            return model._default_manager.filter(pk=row.object_id).first()
        with transaction.atomic():
            instance = make()
            self.known[key] = SeededObject.objects.create(
                key=key, content_type=ContentType.objects.get_for_model(instance), object_id=str(instance.pk)
            )
        self.made += 1
        return instance
