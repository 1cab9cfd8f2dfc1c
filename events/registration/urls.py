"""Addresses of registration."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.mine, name="my-registrations"),
    path("lien/", views.ResendView.as_view(), name="registration-link"),
    path("gerer/<str:token>/", views.ManageView.as_view(), name="registration-manage"),
    path("gerer/<str:token>/rendez-vous.ics", views.calendar_file, name="registration-file"),
    path("<uuid:uid>/", views.RegisterView.as_view(), name="registration"),
    path("<uuid:uid>/faite/", views.done, name="registration-done"),
]
