"""Addresses of keys and webhooks, beneath ``/instruction/cles/``."""

from __future__ import annotations

from django.urls import path

from . import screens

app_name = "dossier-keys"
urlpatterns = [
    path("", screens.index, name="index"),
    path("creer/", screens.create_key, name="create-key"),
    path("<uuid:token_id>/revoquer/", screens.revoke_key, name="revoke-key"),
    path("webhooks/creer/", screens.create_webhook, name="create-webhook"),
    path("webhooks/<uuid:webhook_id>/", screens.webhook, name="webhook"),
    path("webhooks/<uuid:webhook_id>/changer/", screens.change_webhook, name="change-webhook"),
]
