"""Addresses under ``/compte/`` that are not allauth's."""

from django.urls import path

from . import views
from .invitations import views as invitations
from .profile import views as profile

urlpatterns = [
    path("", views.account, name="account"),
    path("profil/", profile.profile, name="profile"),
    path("profil/<slug:step>/", profile.edit_step, name="profile-step"),
    path("bienvenue/", profile.welcome, name="welcome"),
    path("bienvenue/<slug:step>/", profile.welcome, name="welcome-step"),
    path("equipe/", invitations.team, name="team"),
    path("equipe/organisations/", profile.claims, name="organisation-claims"),
    path("equipe/inviter/", invitations.invite_somebody, name="team-invite"),
    path("equipe/<uuid:invitation>/renvoyer/", invitations.resend_one, name="invitation-resend"),
    path("equipe/<uuid:invitation>/annuler/", invitations.revoke_one, name="invitation-revoke"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
]
