"""Screens of the organisation. Included by ``dossiers.urls`` in its namespace."""

from __future__ import annotations

from django.urls import path

from . import detail_views, edit_views, list_views

urlpatterns = [
    path("", list_views.index, name="list"),
    path("types/", list_views.types, name="types"),
    path("types/<slug:code>/", list_views.begin, name="begin"),
    path("<uuid:dossier_id>/", detail_views.detail, name="detail"),
    path("<uuid:dossier_id>/formulaire/", edit_views.edit, name="edit"),
    path("<uuid:dossier_id>/formulaire/version/", edit_views.follow, name="follow"),
    path("<uuid:dossier_id>/supprimer/", edit_views.delete, name="delete"),
    path("<uuid:dossier_id>/retirer/", detail_views.withdraw, name="withdraw"),
]
