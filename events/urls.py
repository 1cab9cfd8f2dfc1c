"""Addresses that Wagtail's own pattern does not take: files beneath a page."""

from django.urls import re_path

from . import views

_PAGE = r"^(?P<path>(?:[\w-]+/)+)"

urlpatterns = [
    re_path(_PAGE + r"calendrier\.ics$", views.agenda_calendar, name="agenda-calendar"),
    re_path(_PAGE + r"evenement\.ics$", views.event_calendar, name="event-calendar"),
]
