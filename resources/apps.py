from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Ressources"

    def ready(self) -> None:
        from portal.core.contribution import ContributionKind, register_contribution
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
        register_contribution(
            ContributionKind(
                order=30,
                key="resource",
                slug="ressource",
                label="Une ressource",
                description="Un guide, un outil, une formation… que d’autres peuvent reprendre.",
                pictogram="book",
                section="ressources",
                model="resources.ResourcePage",
                form="resources.contribution.ResourceContributionForm",
                same_link=("link_url", "links__url"),
                correctable=("author_name", "links.url", "links.label", "accessibility_note"),
            )
        )
