"""Under ``/contribuer/``."""

from django.urls import path

from . import correction_views, views

app_name = "contribution"
urlpatterns = [
    path("", views.index, name="index"),
    path("p/<uuid:proposal_id>/", views.detail, name="detail"),
    path("p/<uuid:proposal_id>/modifier/", views.edit, name="edit"),
    path("p/<uuid:proposal_id>/enregistrer/", views.save, name="save"),
    path("p/<uuid:proposal_id>/apercu/", views.preview, name="preview"),
    path("p/<uuid:proposal_id>/envoyer/", views.submit, name="submit"),
    path("p/<uuid:proposal_id>/retirer/", views.withdraw, name="withdraw"),
    path("p/<uuid:proposal_id>/supprimer/", views.delete, name="delete"),
    path("corriger/<int:page_id>/", correction_views.correct, name="correct"),
    path("corriger/<int:page_id>/merci/", correction_views.thanks, name="corrected"),
    path("<slug:slug>/", views.begin, name="begin"),
]
