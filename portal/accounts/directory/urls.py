"""Addresses under ``/annuaire/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.listing, name="directory"),
    path("exporter/", views.export, name="directory-export"),
]
