"""Look-ups of perimeters, coverage, publishing. Included by ``dossiers.urls`` in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("couverture/", views.coverage_index, name="coverage-index"),
    path("couverture/<str:key>/", views.coverage_screen, name="coverage"),
    path("publie/<int:page_id>/<uuid:file_id>/", views.published_file, name="published-file"),
    path("<uuid:dossier_id>/chevauchements/", views.picked, name="clashes"),
    path("<uuid:dossier_id>/publication/", views.publication, name="publication"),
]
