"""Address of « Mon espace »; what other apps show in it have their own."""

from django.urls import path

from . import views

urlpatterns = [path("mon-espace/", views.dashboard, name="dashboard")]
