"""Uploads of pieces. Included by ``dossiers.urls`` in its namespace; downloads are ``portal.files``'s."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("<uuid:dossier_id>/pieces/<slug:key>/", views.field_files, name="pieces"),
    path("<uuid:dossier_id>/pieces/<slug:key>/envois/", views.begin_upload, name="upload-begin"),
    path("pieces/<uuid:piece_id>/retirer/", views.remove, name="piece-remove"),
    path("envois/<uuid:upload_id>/", views.upload_part, name="upload"),
    path("envois/<uuid:upload_id>/annuler/", views.cancel_upload, name="upload-cancel"),
]
