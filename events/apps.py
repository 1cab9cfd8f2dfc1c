from datetime import timedelta

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Événements"

    def ready(self) -> None:
        from portal.core.sections import register_section
        from portal.jobs.schedule import register_job

        from . import receivers, services  # noqa: F401

        register_job("refresh-event-dates", every=timedelta(minutes=5), run=services.refresh_dates)
        register_section(order=20, slug="agenda", title="Agenda", model="events.AgendaPage")
