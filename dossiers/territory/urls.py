"""Look-ups of perimeters, coverage, files of published pages. Included by ``dossiers.urls`` in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("publie/<int:page_id>/<uuid:file_id>/", views.published_file, name="published-file"),
]
