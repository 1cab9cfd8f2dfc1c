"""Messages, complements and avis, for both sides. Included by ``dossiers.urls`` in its namespace.

Addresses with ``instruction/`` are of the instructing side, ``avis/`` is the advisors', the others are the
organisation's.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from ..enums import Side
from . import complement_views, opinion_views, revision_views, thread_views

_organisation, _desk = {"side": Side.ORGANISATION.value}, {"side": Side.INSTRUCTION.value}
urlpatterns: list[URLPattern] = [
    path("avis/", opinion_views.mine, name="my-opinions"),
    path("avis/<uuid:opinion_id>/", opinion_views.opinion, name="opinion"),
    path("<uuid:dossier_id>/messages/", thread_views.thread, _organisation, name="thread"),
    path("<uuid:dossier_id>/messages/lus/", thread_views.read, _organisation, name="thread-read"),
    path("<uuid:dossier_id>/messages/<uuid:message_id>/retirer/", thread_views.withdraw, name="message-withdraw"),
    path("<uuid:dossier_id>/complements/", complement_views.requests, name="requests"),
    path("<uuid:dossier_id>/complements/transmettre/", complement_views.answer, name="answer"),
    path("<uuid:dossier_id>/complements/<uuid:item_id>/", complement_views.item, name="item"),
    path("<uuid:dossier_id>/versions/", revision_views.changes, _organisation, name="changes"),
    path("<uuid:dossier_id>/instruction/complements/", complement_views.desk, name="desk-requests"),
    path("<uuid:dossier_id>/instruction/versions/", revision_views.changes, _desk, name="desk-changes"),
    path("<uuid:dossier_id>/instruction/messages/", thread_views.thread, _desk, name="desk-thread"),
    path("<uuid:dossier_id>/instruction/messages/lus/", thread_views.read, _desk, name="desk-thread-read"),
    path("<uuid:dossier_id>/instruction/notes/", thread_views.notes, name="desk-notes"),
    path(
        "<uuid:dossier_id>/instruction/notes/lues/",
        thread_views.read,
        _desk | {"internal": True},
        name="desk-notes-read",
    ),
    path("<uuid:dossier_id>/instruction/avis/", opinion_views.desk, name="desk-opinions"),
    path("<uuid:dossier_id>/instruction/avis/<uuid:opinion_id>/annuler/", opinion_views.revoke, name="opinion-revoke"),
    path("<uuid:dossier_id>/instruction/avis/<uuid:opinion_id>/relancer/", opinion_views.remind, name="opinion-remind"),
]
