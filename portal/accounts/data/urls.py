"""Addresses under ``/compte/mes-donnees/``."""

from django.urls import path

from . import views

app_name = "personal-data"
urlpatterns = [
    path("", views.data, name="data"),
    path("exporter/", views.export, name="export"),
    path("supprimer/", views.erase, name="erase"),
    path("annuler/<str:token>/", views.cancel, name="cancel"),
]
