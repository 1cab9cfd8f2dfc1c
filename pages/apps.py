from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages"

    def ready(self) -> None:
        from portal.core.sections import register_section

        register_section(order=10, slug="actualites", title="Actualités", model="pages.NewsIndexPage")
        register_section(order=40, slug="initiatives", title="Initiatives", model="pages.InitiativeIndexPage")
