"""Addresses of the API, beneath ``/api/dossiers/v1/``."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "dossiers-api"
urlpatterns = [
    path("openapi.json", views.openapi, name="openapi"),
    path("dossiers/", views.dossiers, name="list"),
    path("dossiers/<uuid:dossier_id>/", views.dossier, name="detail"),
    path("dossiers/<uuid:dossier_id>/fichiers/<uuid:file_id>/", views.file, name="file"),
    path("dossiers/<uuid:dossier_id>/transitions/", views.transitions, name="transitions"),
]
