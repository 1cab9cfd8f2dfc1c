"""Under ``/fichiers/``."""

from django.urls import path

from .views import download

app_name = "files"
urlpatterns = [path("<uuid:file_id>/", download, name="download")]
