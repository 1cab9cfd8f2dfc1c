from datetime import timedelta

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from wagtail.models import AbstractPage
        from wagtail.permissions import register_permission_policy

        from portal.jobs.schedule import register_job

        from . import receivers  # noqa: F401
        from .page_policy import SpacePagePermissionPolicy
        from .services.groups import sync_expired

        register_permission_policy(AbstractPage, SpacePagePermissionPolicy())
        register_job("expired-roles", every=timedelta(minutes=10), run=sync_expired)
