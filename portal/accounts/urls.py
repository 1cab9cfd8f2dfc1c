"""Addresses under ``/compte/`` that are not allauth's."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.account, name="account"),
]
