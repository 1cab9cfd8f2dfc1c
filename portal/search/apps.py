from django.apps import AppConfig
from wagtail.search import apps as wagtail_search


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = "Recherche"
    default = True


class WagtailSearchConfig(wagtail_search.WagtailSearchAppConfig):
    """Wagtail's search app, indexing by our own tasks (:mod:`portal.search.receivers`)."""

    default = False

    def ready(self) -> None:
        super().ready()
        from .receivers import connect

        connect()
