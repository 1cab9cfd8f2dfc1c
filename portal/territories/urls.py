"""Addresses beneath ``/territoires/`` that are not Wagtail's pages."""

from django.urls import path

from . import views

app_name = "territories"
urlpatterns = [
    path("choisir/", views.choose, name="choose"),
    path("oublier/", views.forget, name="forget"),
    path("suggestions/", views.suggest, name="suggest"),
    path("fiche/<str:key>/", views.detail, name="detail"),
]
