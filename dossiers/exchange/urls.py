"""Messages, complements and avis, for both sides. Included by ``dossiers.urls`` in its namespace."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
