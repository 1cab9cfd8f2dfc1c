from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "core"
    verbose_name = "Socle"

    def ready(self) -> None:
        from . import checks, receivers  # noqa: F401
