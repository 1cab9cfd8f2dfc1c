"""At ``/chiffres/``: beside ``/dossiers/``, which the anonymous page cache leaves alone."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import public_views

urlpatterns: list[URLPattern] = [
    path("", public_views.page, name="public-figures"),
    path("dossiers.csv", public_views.open_data, name="public-figures-data"),
]
