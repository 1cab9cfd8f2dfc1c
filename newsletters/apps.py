from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "newsletters"
    verbose_name = "Lettres"

    def ready(self) -> None:
        from portal.core.sections import register_section

        from . import receivers  # noqa: F401

        register_section(order=50, slug="lettres", title="Lettres d'information", model="newsletters.LetterIndexPage")
