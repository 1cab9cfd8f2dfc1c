"""Screens of subscription. The letters' own section is a page."""

from django.urls import path

from . import archive, views
from .letters.public_views import picture
from .people import views as people

app_name = "newsletters"
urlpatterns = [
    path("abonnement/", views.SubscribeView.as_view(), name="subscribe"),
    path("abonnement/merci/", views.ThanksView.as_view(), name="thanks"),
    path("confirmer/<str:token>/", views.ConfirmView.as_view(), name="confirm"),
    path("preferences/", people.AskLinkView.as_view(), name="ask_preferences"),
    path("preferences/envoye/", people.SentView.as_view(), name="preferences_sent"),
    path("preferences/<str:token>/", people.PreferencesView.as_view(), name="preferences"),
    path("preferences/<str:token>/donnees/", people.DataView.as_view(), name="own_data"),
    path("preferences/<str:token>/donnees.json", people.DataFileView.as_view(), name="own_data_file"),
    path("preferences/<str:token>/effacer/", people.EraseView.as_view(), name="erase"),
    path("adresse/<str:token>/", people.ChangeAddressView.as_view(), name="change_address"),
    path("rester/<str:token>/", people.StayView.as_view(), name="stay"),
    path("mes-lettres/", people.MineView.as_view(), name="mine"),
    path("images/<str:token>.jpg", picture, name="image"),
    path("liste/<slug:slug>/", archive.list_archive, name="list_archive"),
    path("liste/<slug:slug>/rss/", archive.list_rss, name="list_rss"),
    path("liste/<slug:slug>/atom/", archive.list_atom, name="list_atom"),
    path("quitter/<str:token>/", views.LeaveView.as_view(), name="leave"),
    path("desabonnement/<str:token>/", views.UnsubscribeView.as_view(), name="unsubscribe"),
]
