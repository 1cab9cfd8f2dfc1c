"""Addresses of exports, beneath ``/instruction/``. Included by ``dossiers.instruction.urls`` in its namespace."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("exports/", views.index, name="exports"),
    path("exports/nouveau/", views.new, name="export-new"),
    path("exports/contacts/", views.contacts, name="export-contacts"),
]
