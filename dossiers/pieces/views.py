"""What the page's script asks for: a file at once or in parts, a piece taken out, the list of a field as it is now.

Answers are JSON: ``message`` for the person, ``html`` the field's list. Without the script, files come with the form
(:mod:`.posted`).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.models import User
from portal.core.ratelimit import over_limit

from ..access import get_dossier
from ..enums import Side
from ..models import Dossier, PartialUpload
from ..rules import DossierConflict
from ..screens import private
from . import uploads
from .limits import piece_field
from .panels import panels
from .posted import named, piece_of
from .rights import require_edit
from .services import FileRefused, add_file, remove_piece, replace_file

#: In an hour, by one person.
MOST_FILES: Final = 600
MOST_PARTS: Final = 6000
_PREFIX: Final = re.compile(r"[a-z0-9-]{0,60}\Z")
View = Callable[..., HttpResponseBase]


def answers(view: View) -> View:
    """Refusals as JSON, for whoever is signed in: 409 where the dossier changed, 422 where a file is not taken."""

    @private
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except uploads.OffsetConflict as conflict:
            told = "Une partie de ce fichier a déjà été envoyée."
            return JsonResponse({"message": told, "received": conflict.received}, status=409)
        except DossierConflict as conflict:
            return JsonResponse({"message": conflict.message}, status=409)
        except FileRefused as refusal:
            return JsonResponse({"message": refusal.message, "code": refusal.code}, status=422)
        except (UnreadablePostError, MultiPartParserError):
            told = "Le fichier n’a pas été reçu en entier ; recommencez."
            return JsonResponse({"message": told, "code": "incomplete"}, status=400)

    return answered


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _limited(request: HttpRequest, scope: str, most: int) -> None:
    if over_limit(str(_person(request).pk), scope, most):
        raise FileRefused("Vous avez envoyé beaucoup de fichiers en peu de temps : reprenez dans une heure.", "rate")


def _list(request: HttpRequest, dossier: Dossier, key: str, status: int = 200, **more: Any) -> JsonResponse:
    """The list of a field as it is now."""
    fresh, rights = get_dossier(request.user, dossier.pk, Side.ORGANISATION)
    prefix = request.POST.get("prefix") or request.GET.get("prefix") or request.headers.get("Upload-Prefix") or ""
    if not _PREFIX.match(prefix):
        raise Http404
    panel = panels(fresh, _person(request), rights, only=[key], prefix=prefix).get(key)
    if panel is None:
        raise Http404
    html = render_to_string("dossiers/pieces/_list.html", {"piece": panel}, request)
    told = {
        "html": html,
        "waits": panel.waits,
        "room": panel.room,
        "stopped": [_state(each) for each in panel.stopped],
        # Answers to files sent at once may cross each other: the one that knows of more events is the later.
        "at": fresh.last_event_number,
    }
    return JsonResponse(told | more, status=status)


def _state(upload: PartialUpload) -> dict[str, Any]:
    return {"id": str(upload.pk), "name": upload.name, "size": upload.size, "received": upload.received}


@answers
@require_http_methods(["GET", "HEAD", "POST"])
def field_files(request: HttpRequest, dossier_id: uuid.UUID, key: str) -> HttpResponse:
    """GET: the field's list. POST: one file (``file``), in a new slot or as a new version of ``piece``."""
    dossier, rights = get_dossier(request.user, dossier_id, Side.ORGANISATION)
    if piece_field(dossier, key) is None:
        raise Http404
    if request.method != "POST":
        return _list(request, dossier, key)
    require_edit(dossier, rights, key)
    _limited(request, "dossiers.files", MOST_FILES)
    upload = request.FILES.get("file")
    if upload is None:
        raise FileRefused("Aucun fichier n’a été reçu ; recommencez.", "missing")
    if request.POST.get("piece"):
        piece = _piece(request, dossier, key, request.POST["piece"])
        version = replace_file(piece=piece, actor=_person(request), upload=upload)
    else:
        version = add_file(dossier=dossier, actor=_person(request), field=key, upload=upload)
    return _list(request, dossier, key, 201, message=f"« {version.file.name} » est reçu.")


@answers
@require_POST
def remove(request: HttpRequest, piece_id: uuid.UUID) -> HttpResponse:
    piece = piece_of(_person(request), piece_id)
    remove_piece(piece=piece, actor=_person(request))
    return _list(request, piece.dossier, piece.field, message="Le fichier est retiré.")


@answers
@require_POST
def begin_upload(request: HttpRequest, dossier_id: uuid.UUID, key: str) -> HttpResponse:
    """Begin a large file, or go on: ``name``, ``size`` in bytes, ``fingerprint``, ``piece`` where it replaces one."""
    dossier, rights = get_dossier(request.user, dossier_id, Side.ORGANISATION)
    require_edit(dossier, rights, key)
    _limited(request, "dossiers.files", MOST_FILES)
    name, size = request.POST.get("name", ""), request.POST.get("size", "")
    if not (size.isascii() and size.isdigit()) or len(size) > 15:
        raise FileRefused("Le poids de ce fichier n’est pas connu ; recommencez.", "incomplete")
    piece = _piece(request, dossier, key, request.POST["piece"]) if request.POST.get("piece") else None
    upload = uploads.begin(
        dossier=dossier,
        actor=_person(request),
        field=key,
        name=name,
        size=int(size),
        fingerprint=request.POST.get("fingerprint", ""),
        piece=piece,
    )
    return JsonResponse(_state(upload) | {"part": uploads.PART_BYTES}, status=201)


@answers
@require_http_methods(["GET", "HEAD", "POST"])
def upload_part(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """GET: how much is there. POST: the part (the body) that begins at ``Upload-Offset``; the last one ends it."""
    if made := uploads.ended(actor=_person(request), upload_id=upload_id):
        return _list(request, made.piece.dossier, made.piece.field, done=True)
    upload = uploads.find(actor=_person(request), upload_id=upload_id)
    if request.method != "POST":
        return JsonResponse(_state(upload) | {"part": uploads.PART_BYTES, "done": False})
    _limited(request, "dossiers.parts", MOST_PARTS)
    upload = uploads.write_part(upload=upload, offset=_offset(request), content=_body(request))
    if upload.received < upload.size:
        return JsonResponse(_state(upload) | {"done": False})
    version = uploads.finish(upload=upload, actor=_person(request))
    told = f"« {version.file.name} » est reçu."
    return _list(request, upload.dossier, upload.field, 201, message=told, done=True)


@answers
@require_POST
def cancel_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    upload = PartialUpload.objects.select_related("dossier").filter(pk=upload_id, owner=_person(request)).first()
    if upload is None:
        raise Http404
    uploads.cancel(upload=upload)
    return _list(request, upload.dossier, upload.field, message=f"L’envoi de « {named(upload)} » est annulé.")


def _piece(request: HttpRequest, dossier: Dossier, key: str, identifier: str) -> Any:
    try:
        piece = piece_of(_person(request), uuid.UUID(identifier))
    except ValueError:
        raise Http404 from None
    if (piece.dossier_id, piece.field) != (dossier.pk, key):
        raise Http404
    return piece


def _offset(request: HttpRequest) -> int:
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit()) or len(offset) > 15:
        raise FileRefused("Cette partie du fichier ne dit pas où elle commence ; recommencez.", "incomplete")
    return int(offset)


def _body(request: HttpRequest) -> bytes:
    """The part, never more than one part of it in memory. Raises FileRefused where less came than was announced."""
    content = request.read(uploads.PART_BYTES + 1)
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if len(content) > uploads.PART_BYTES:
        raise FileRefused("Cette partie du fichier est trop lourde ; recommencez.", "too_large")
    if not announced.isdigit() or len(content) != int(announced):
        raise FileRefused("Cette partie du fichier n’a pas été reçue en entier ; recommencez.", "incomplete")
    return content
