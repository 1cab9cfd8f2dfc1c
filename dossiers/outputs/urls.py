"""Documents, verification, exports, figures. Included by ``dossiers.urls`` in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("<uuid:dossier_id>/pdf/", views.ask_full_document, name="full-document"),
    path("verifier/", views.verify_form, name="verify-form"),
    path("verifier/<str:code>/", views.verify, name="verify"),
]
