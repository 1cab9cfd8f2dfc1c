"""Beneath ``/instruction/``, in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("chiffres/", views.index, name="figures"),
    path("chiffres/feuilles-de-route/", views.roadmaps, name="figures-roadmaps"),
    path("chiffres/telecharger/", views.download, name="figures-file"),
]
