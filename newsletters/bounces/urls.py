"""Where the provider of letters tells what became of them: the paths of ``anymail.urls``, of that provider alone."""

from django.urls import path

from . import webhooks

urlpatterns = [path("anymail/<slug:provider>/tracking/", webhooks.tracking, name="provider-events")]
