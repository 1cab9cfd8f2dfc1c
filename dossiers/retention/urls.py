"""Addresses of the bin: the organisation's beneath ``/dossiers/``, who instructs' beneath ``/instruction/``."""

from __future__ import annotations

from django.urls import path

from . import views

organisation = [
    path("corbeille/", views.of_organisations, name="bin"),
    path("corbeille/<uuid:dossier_id>/reprendre/", views.restore, name="restore"),
]
instruction = [path("corbeille/", views.of_services, name="bin")]
