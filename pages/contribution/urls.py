"""Under ``/contribuer/``."""

from django.urls import path

from . import views

app_name = "contribution"
urlpatterns = [
    path("", views.index, name="index"),
    path("p/<uuid:pk>/", views.detail, name="detail"),
    path("p/<uuid:pk>/modifier/", views.edit, name="edit"),
    path("p/<uuid:pk>/enregistrer/", views.save, name="save"),
    path("p/<uuid:pk>/apercu/", views.preview, name="preview"),
    path("p/<uuid:pk>/envoyer/", views.submit, name="submit"),
    path("p/<uuid:pk>/retirer/", views.withdraw, name="withdraw"),
    path("p/<uuid:pk>/supprimer/", views.delete, name="delete"),
    path("<slug:slug>/", views.begin, name="begin"),
]
