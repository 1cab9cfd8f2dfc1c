"""Addresses of the instructing services, beneath ``/instruction/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ..exports.urls import urlpatterns as exports
from ..figures.urls import urlpatterns as figures
from ..retention.urls import instruction as retention
from . import act_views, batch_views, desk_views, dossier_views, list_views, settings_views

app_name = "instruction"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", list_views.index, name="list"),
    *figures,
    *exports,
    *retention,
    path("vues/", settings_views.views, name="views"),
    path("vues/<int:view_id>/supprimer/", settings_views.delete_view, name="view-delete"),
    path("etiquettes/", settings_views.labels, name="labels"),
    path("etiquettes/<int:label_id>/", settings_views.label, name="label"),
    path("etiquettes/<int:label_id>/supprimer/", settings_views.delete_label, name="label-delete"),
    path("absences/", settings_views.absences, name="absences"),
    path("absences/<int:absence_id>/annuler/", settings_views.cancel_absence, name="absence-cancel"),
    path("lots/", batch_views.new, name="batch-new"),
    path("lots/<uuid:batch_id>/", batch_views.result, name="batch"),
    path("<uuid:dossier_id>/", dossier_views.detail, name="detail"),
    path("<uuid:dossier_id>/prendre/", dossier_views.take, name="take"),
    path("<uuid:dossier_id>/proposer/", act_views.act, {"name": "propose"}, name="propose"),
    path("<uuid:dossier_id>/decider/", act_views.act, {"name": "decide"}, name="decide"),
    path("<uuid:dossier_id>/signer/", act_views.act, {"name": "sign"}, name="sign"),
    path("<uuid:dossier_id>/renvoyer/", act_views.act, {"name": "send-back"}, name="send-back"),
    path("<uuid:dossier_id>/rouvrir/", act_views.act, {"name": "reopen"}, name="reopen"),
    path("<uuid:dossier_id>/confier/", desk_views.assign, name="assign"),
    path("<uuid:dossier_id>/transmettre/", desk_views.reassign, name="reassign"),
    path("<uuid:dossier_id>/etiquettes/", desk_views.labels, name="dossier-labels"),
]
