from datetime import timedelta

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from allauth.socialaccount.providers import registry
        from wagtail.models import AbstractPage
        from wagtail.permissions import register_permission_policy

        from portal.jobs.schedule import register_job

        from . import checks, receivers, sign_in_log  # noqa: F401
        from .invitations import personal_data, told  # noqa: F401
        from .invitations.services import forget_old_invitations, send_due_invitations
        from .page_policy import SpacePagePermissionPolicy
        from .proconnect.provider import ProConnectProvider
        from .services import forget_ended_sessions, forget_sign_in_links
        from .services.groups import sync_expired

        registry.register(ProConnectProvider)
        register_permission_policy(AbstractPage, SpacePagePermissionPolicy())
        register_job("expired-roles", every=timedelta(minutes=10), run=sync_expired)
        register_job("ended-sessions", every=timedelta(hours=24), run=forget_ended_sessions)
        register_job("sign-in-links", every=timedelta(hours=24), run=forget_sign_in_links)
        register_job("invitations", every=timedelta(minutes=2), run=send_due_invitations)
        register_job("old-invitations", every=timedelta(hours=24), run=forget_old_invitations)
