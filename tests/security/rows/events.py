"""Events: agenda, registrations, imports, dates, venues."""

from ..matrix import HOME, Line

TABLE: dict[str, list[Line]] = {
    "Agenda": [
        ("everybody", 200, 405, "agenda-calendar event-calendar"),
        ("everybody", 200, 405, "agenda-json agenda-csv date-calendar agenda-embedded agenda-embed-code"),
        # The secret in the address is the right.
        ("everybody", 200, 405, "personal-calendar"),
        ("signed-in", 200, 302, "personal-calendar-address"),
        # The walk's event does not come back: tests/events/test_series_calendars.py.
        ("everybody", 404, 405, "series-calendar"),
    ],
    "Registering to an event": [
        ("everybody", 200, 422, "registration registration-link"),
        ("everybody", 200, 405, "registration-done registration-file"),
        # The walk's person was not marked present, and its reference is no certificate's.
        ("everybody", 404, 405, "own-certificate certificate"),
        # The signed link is the right; nothing is asked for by an empty form.
        ("everybody", 200, 400, "registration-manage"),
        ("signed-in", 200, 405, "my-registrations"),
    ],
    "Registrations to events": [
        ("pages", 200, 405, "organising organising_date organising_sheet organising_figures"),
        ("pages", 200, 422, "organising_add organising_refuse organising_letter"),
        ("pages", 200, 200, "organising_check_in"),
        ("pages", 405, 302, "organising_act organising_certificates"),
        # After a recent proof the file, else the way to give one.
        ("pages", 405, (200, 302), "organising_export"),
    ],
    "Imports of events": [
        ("pages", 200, 405, "imports import_report"),
        ("pages", 200, 422, "import_add import_source"),
        # The walk's run is over: its columns lead to its report.
        ("pages", 302, 302, "import_columns"),
        ("pages", 405, 302, "import_act import_confirm"),
    ],
    "Dates of events": [
        ("pages", 200, 405, "event_dates"),
        # An empty POST names no date.
        ("pages", 200, 302, "event_dates_change"),
        ("pages", 200, 200, "event_dates_add event_duplicate event_template_keep"),
        # Those of the spaces where one publishes.
        ("own-explorer", 200, 405, "event_templates"),
        ("pages", 405, 302, "event_template_begin event_template_forget"),
    ],
    "Venues of events": [
        # Venues are one directory that editors of all spaces add to and correct; nobody deletes one that is used.
        ("pages", 200, 405, "wagtailsnippets_events_venue:list wagtailsnippets_events_venue:list_results"),
        ("pages", 200, 405, "wagtailsnippets_events_venue:usage wagtailsnippets_events_venue:history"),
        ("pages", 200, 405, "wagtailsnippets_events_venue:history_results"),
        ("pages", 200, 200, "wagtailsnippets_events_venue:add wagtailsnippets_events_venue:edit"),
        ("pages", 200, 200, "wagtailsnippets_events_venue:copy"),
        ("national", 200, HOME, "wagtailsnippets_events_venue:delete"),
        ("pages", 200, 500, "wagtailsnippetchoosers_events_venue:create"),
        ("admin", 200, 405, "wagtailsnippetchoosers_events_venue:choose wagtailsnippetchoosers_events_venue:chosen"),
        ("admin", 200, 405, "wagtailsnippetchoosers_events_venue:choose_results"),
        ("admin", 200, 405, "wagtailsnippetchoosers_events_venue:chosen_multiple"),
    ],
}
