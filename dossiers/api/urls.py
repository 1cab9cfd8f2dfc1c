"""Addresses of the API, beneath ``/api/dossiers/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "dossiers-api"
urlpatterns: list[URLPattern | URLResolver] = []
