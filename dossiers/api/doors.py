"""The door of each address of the API: a key, its scope, how often; answers in JSON, faults included."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from portal.core.ratelimit import over_limit, too_many

from ..models import ApiToken
from ..rules import DossierConflict, DossierRefused
from .tokens import Scope, recognise

BY_HOUR = 3000
#: Wrong keys from one address, by hour.
WRONG_BY_HOUR = 60
LARGEST_BODY = 256 * 1024


class BadRequestError(Exception):
    """What was sent is not understood; the message is for who wrote the program."""


View = Callable[..., HttpResponseBase]


def api(*methods: str, scope: Scope) -> Callable[[View], View]:
    """An address of the API: ``view(request, token, …)``. Cookies count for nothing, so no forgery is possible.

    401 without a good key, 403 without the scope, 405, 429; what the view raises becomes 400, 404, 409, 422.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = _answer(request, view, methods, scope, args, kwargs)
            answer["Cache-Control"] = "no-store"
            answer["X-Content-Type-Options"] = "nosniff"
            return answer

        return guarded

    return decorate


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the body. Raises :class:`BadRequestError`."""
    if request.content_type != "application/json":
        raise BadRequestError("The body must be application/json.")
    if len(request.body) > LARGEST_BODY:
        raise BadRequestError("The body is too large.")
    try:
        found = json.loads(request.body or b"{}", parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise BadRequestError("The body must be a JSON object.")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _answer(
    request: HttpRequest, view: View, methods: tuple[str, ...], scope: Scope, args: Any, kwargs: Any
) -> HttpResponseBase:
    token = recognise(request.headers.get("Authorization", ""))
    if token is None:
        if too_many(request, "dossiers-api-key", WRONG_BY_HOUR):
            return _fault(429, "too_many", "Trop de clés refusées ; réessayez dans une heure.")
        answer = _fault(401, "unauthorized", "Une clé d’API valable est demandée.")
        answer["WWW-Authenticate"] = 'Bearer realm="dossiers"'
        return answer
    if over_limit(str(token.pk), "dossiers-api", BY_HOUR):
        return _fault(429, "too_many", "Trop de demandes ; réessayez dans une heure.")
    if request.method not in methods:
        answer = _fault(405, "method", "Cette adresse ne prend pas cette méthode.")
        answer["Allow"] = ", ".join(methods)
        return answer
    if scope not in token.scopes:
        return _fault(403, "scope", f"Cette clé ne permet pas « {scope} ».")
    return _guarded(request, view, token, args, kwargs)


def _guarded(request: HttpRequest, view: View, token: ApiToken, args: Any, kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, token, *args, **kwargs)
    except BadRequestError as error:
        return _fault(400, "bad_request", str(error))
    except Http404:
        return _fault(404, "not_found", "Il n’y a rien à cette adresse pour cette clé.")
    except DossierConflict as error:
        last = error.event
        more = {"last_event": {"kind": last.kind, "at": last.at, "by": last.actor_label}} if last is not None else {}
        return _fault(409, error.code, error.message, **more)
    except DossierRefused as error:
        return _fault(422, error.code, error.message, field=error.field, errors=error.errors)


def _fault(status: int, code: str, message: str, **more: Any) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message} | more}, status=status)
