"""Addresses of the instructing services, beneath ``/instruction/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "instruction"
urlpatterns: list[URLPattern | URLResolver] = []
