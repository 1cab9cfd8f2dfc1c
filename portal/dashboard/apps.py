from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "portal.dashboard"
    label = "dashboard"
    verbose_name = "Mon espace"

    def ready(self) -> None:
        from portal.core.dashboard import Zone, register_card

        register_card(
            key="notices", title="Notifications", zone=Zone.WAITING, order=50, loader="portal.dashboard.cards.notices"
        )
