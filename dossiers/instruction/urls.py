"""Addresses of the instructing services, beneath ``/instruction/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import act_views, dossier_views, list_views

app_name = "instruction"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", list_views.index, name="list"),
    path("<uuid:dossier_id>/", dossier_views.detail, name="detail"),
    path("<uuid:dossier_id>/prendre/", dossier_views.take, name="take"),
    path("<uuid:dossier_id>/proposer/", act_views.propose, name="propose"),
    path("<uuid:dossier_id>/decider/", act_views.decide, name="decide"),
    path("<uuid:dossier_id>/signer/", act_views.sign, name="sign"),
    path("<uuid:dossier_id>/renvoyer/", act_views.send_back, name="send-back"),
    path("<uuid:dossier_id>/rouvrir/", act_views.reopen, name="reopen"),
]
