"""The admin's API of images and documents, limited to what one may choose or change: it would list everything."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry


class _Own:
    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]
        user = self.request.user  # type: ignore[attr-defined]
        allowed = policy_registry.get_by_type(found.model).instances_user_has_any_permission_for(
            user, ["add", "choose", "change", "delete"]
        )
        return found.filter(pk__in=allowed.values("pk"))


class OwnImages(_Own, ImagesAdminAPIViewSet):
    """Images of one's own collections."""


class OwnDocuments(_Own, DocumentsAdminAPIViewSet):
    """Documents of one's own collections."""


def own_media(router: Any) -> None:
    """For ``construct_admin_api``, after Wagtail's own endpoints."""
    router.register_endpoint("images", OwnImages)
    router.register_endpoint("documents", OwnDocuments)
