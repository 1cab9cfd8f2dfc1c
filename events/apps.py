from datetime import timedelta

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Événements"

    def ready(self) -> None:
        from portal.core.contribution import ContributionKind, register_contribution
        from portal.core.dashboard import Zone, register_card
        from portal.core.highlights import register_highlight
        from portal.core.personal_data import register as register_personal_data
        from portal.core.sections import register_section
        from portal.jobs.schedule import register_job

        from . import receivers, services  # noqa: F401
        from .ical import tombstones
        from .imports import notices as import_notices  # noqa: F401
        from .imports import runs as import_runs
        from .organising import retention
        from .registration import receivers as registration_receivers  # noqa: F401
        from .registration import reminders
        from .registration import services as registration_services

        register_job("refresh-event-dates", every=timedelta(minutes=5), run=services.refresh_dates)
        register_job("sweep-event-tombstones", every=timedelta(hours=1), run=tombstones.sweep)
        register_job("extend-event-series", every=timedelta(hours=12), run=services.extend_series)
        register_job("remind-registered", every=timedelta(minutes=5), run=reminders.remind)
        register_job("expire-seat-offers", every=timedelta(minutes=5), run=registration_services.expire_offers)
        register_job("purge-registrations", every=timedelta(hours=12), run=retention.purge_registrations)
        register_personal_data(
            "event-registrations",
            "Mes inscriptions à des événements",
            export=retention.export_person,
            erase=retention.erase_person,
            keep="le nombre d’inscrits et de présents, sans rien de vous : c’est le bilan de l’événement",
            order=40,
        )
        register_card(
            key="event-registrations",
            title="Mes inscriptions",
            zone=Zone.FOLLOWED,
            order=5,
            loader="events.organising.dashboard.my_registrations",
        )
        register_card(
            key="organised-events",
            title="Mes événements",
            zone=Zone.MINE,
            order=30,
            loader="events.organising.dashboard.my_events",
        )
        register_job("import-events", every=timedelta(minutes=5), run=import_runs.run_due)
        register_section(order=20, slug="agenda", title="Agenda", model="events.AgendaPage")
        register_highlight(
            kind="event",
            title="Prochains rendez-vous",
            order=20,
            loader="events.screens.upcoming_highlights",
            template="events/partials/highlights.html",
            section="agenda",
            pictogram="calendar",
            empty_text="Aucun rendez-vous n’est annoncé pour l’instant.",
        )
        register_contribution(
            ContributionKind(
                order=20,
                key="event",
                slug="evenement",
                label="Un événement",
                description="Un atelier, une rencontre, un webinaire… avec sa date et son lieu.",
                pictogram="calendar",
                section="agenda",
                model="events.EventPage",
                form="events.contribution.EventContributionForm",
                same_link=("registration_url", "registration_url"),
                same_day=("start_date", "dates__start_date"),
                correctable=(
                    "dates.start_date",
                    "dates.start_time",
                    "dates.end_date",
                    "dates.end_time",
                    "venue_note",
                    "organiser",
                    "registration_url",
                    "registration_note",
                    "price_note",
                ),
            )
        )
