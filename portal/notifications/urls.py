"""Addresses of notifications: the list in « Mon espace », the choices in « Mon compte »."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("mon-espace/notifications/", views.notices, name="list"),
    path("mon-espace/notifications/lues/", views.read_all, name="read-all"),
    path("mon-espace/notifications/<uuid:notice>/ouvrir/", views.open_notice, name="open"),
    path("mon-espace/notifications/<uuid:notice>/lue/", views.read_notice, name="read"),
    path("compte/notifications/", views.preferences, name="preferences"),
    path("compte/notifications/arreter/<str:token>/", views.MuteView.as_view(), name="mute"),
]
