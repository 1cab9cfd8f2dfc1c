"""Addresses of certificates, outside of the admin."""

from django.urls import path

from . import public_views

urlpatterns = [
    path("inscriptions/gerer/<str:token>/attestation.pdf", public_views.own_certificate, name="own-certificate"),
    path("attestations/<str:code>/", public_views.check, name="certificate"),
]
