"""Addresses that Wagtail's own pattern does not take: files beneath a page."""

from django.urls import path, re_path

from .feeds import calendars, data, embed, personal

_PAGE = r"^(?P<path>(?:[\w-]+/)+)"
_UID = r"(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    path("mon-espace/calendrier/", personal.personal_address, name="personal-calendar-address"),
    path("calendriers/personnel/<str:token>.ics", personal.personal_calendar, name="personal-calendar"),
    re_path(_PAGE + r"calendrier\.ics$", calendars.agenda_calendar, name="agenda-calendar"),
    re_path(_PAGE + r"agenda\.json$", data.agenda_json, name="agenda-json"),
    re_path(_PAGE + r"agenda\.csv$", data.agenda_csv, name="agenda-csv"),
    re_path(_PAGE + r"integrer/$", embed.embedded, name="agenda-embedded"),
    re_path(_PAGE + r"integrer/code/$", embed.embed_code, name="agenda-embed-code"),
    re_path(_PAGE + r"evenement\.ics$", calendars.event_calendar, name="event-calendar"),
    re_path(_PAGE + r"serie\.ics$", calendars.series_calendar, name="series-calendar"),
    re_path(_PAGE + rf"dates/{_UID}\.ics$", calendars.date_calendar, name="date-calendar"),
]
