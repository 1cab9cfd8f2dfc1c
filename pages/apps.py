from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages"

    def ready(self) -> None:
        from datetime import timedelta

        from portal.core.dashboard import Zone, register_card
        from portal.core.highlights import register_highlight
        from portal.core.sections import register_section
        from portal.jobs.schedule import register_job

        from . import moderation, personal_data
        from .contribution import registration as contribution
        from .reports import jobs, notices  # noqa: F401
        from .services import moves  # noqa: F401

        personal_data.register_pages()
        contribution.register()

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
        register_job("remind-stale-pages", every=timedelta(days=1), run=jobs.remind_of_stale_pages)
        moderation.set_up()
        register_job("forget-reporters", every=timedelta(days=1), run=jobs.forget_reporters)
        for order, (key, title, zone) in enumerate(
            [
                ("reviews", "À relire avant publication", Zone.WAITING),
                ("reports", "Signalements des lecteurs", Zone.WAITING),
                ("stale", "Pages à relire", Zone.WAITING),
                ("proposals", "Mes contributions", Zone.MINE),
                ("drafts", "Mes brouillons", Zone.MINE),
                ("expiring", "Bientôt périmé", Zone.MINE),
            ]
        ):
            register_card(key=key, title=title, zone=zone, order=10 + order, loader=f"pages.dashboard.{key}")
