from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Ressources"

    def ready(self) -> None:
        from portal.core.highlights import register_highlight
        from portal.core.sections import register_section

        from . import receivers  # noqa: F401

        register_section(order=30, slug="ressources", title="Ressources", model="resources.CataloguePage")
        register_highlight(
            kind="resource",
            title="Ressources récentes",
            order=30,
            loader="resources.selectors.recent_resources",
            section="ressources",
            pictogram="book",
            limit=3,
        )
