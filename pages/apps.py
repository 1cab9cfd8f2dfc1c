from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages"

    def ready(self) -> None:
        from portal.core.highlights import register_highlight
        from portal.core.sections import register_section

        from .services import moves  # noqa: F401

        register_section(order=10, slug="actualites", title="Actualités", model="pages.NewsIndexPage")
        register_section(order=40, slug="initiatives", title="Initiatives", model="pages.InitiativeIndexPage")
        register_highlight(
            kind="news",
            title="À la une",
            order=10,
            loader="pages.selectors.news_highlights",
            section="actualites",
            pictogram="notification",
            empty_text="Aucune actualité n’est encore publiée ici.",
        )
        register_highlight(
            kind="initiative",
            title="Des initiatives qui inspirent",
            order=40,
            loader="pages.selectors.initiative_highlights",
            section="initiatives",
            pictogram="innovation",
        )
