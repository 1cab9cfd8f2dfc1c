"""Screens of subscription. The letters' own section is a page."""

from django.urls import path

from . import views

app_name = "newsletters"
urlpatterns = [
    path("abonnement/", views.SubscribeView.as_view(), name="subscribe"),
    path("abonnement/merci/", views.ThanksView.as_view(), name="thanks"),
    path("confirmer/<str:token>/", views.ConfirmView.as_view(), name="confirm"),
    path("quitter/<str:token>/", views.LeaveView.as_view(), name="leave"),
    path("desabonnement/<str:token>/", views.UnsubscribeView.as_view(), name="unsubscribe"),
]
