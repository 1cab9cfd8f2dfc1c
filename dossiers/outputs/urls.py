"""Documents, verification, exports, figures. Included by ``dossiers.urls`` in its namespace."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
