"""Addresses of invitations. Included by ``dossiers.urls`` in its namespace."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("<uuid:dossier_id>/invitations/", views.people, name="people"),
    path("invitations/<uuid:invitation_id>/", views.invitation, name="invitation"),
    path("invitations/<uuid:invitation_id>/renvoyer/", views.resend, name="invitation-resend"),
    path("invitations/<uuid:invitation_id>/annuler/", views.revoke, name="invitation-revoke"),
]
