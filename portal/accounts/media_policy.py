"""Permissions on images and documents at scale: the same departure as :mod:`portal.accounts.page_policy`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from .paths import beneath


class SpaceMediaPermissionPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's policy, with one flat condition for the collections instead of one a permission row."""

    def _collections_with_perm(self, user: Any, actions: Iterable[str]) -> QuerySet[Collection]:
        rows = self._get_user_permission_objects_for_actions(user, actions)
        return beneath(Collection.objects.all(), [row.collection.path for row in rows])


def register_media_policies() -> None:
    """After Wagtail's own apps are ready: theirs would replace ours."""
    for model, auth_model in (
        (get_image_model(), "wagtailimages.Image"),
        (get_document_model(), "wagtaildocs.Document"),
    ):
        register_permission_policy(
            model, SpaceMediaPermissionPolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        )
