"""What programs ask: the list, one dossier, a file of it, and acts of instruction."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_safe

from portal.files.models import StoredFile
from portal.files.selectors import served_states
from portal.files.views import hand_out
from portal.territories.models import TerritoryLink
from portal.territories.selectors import parse_key

from ..access import get_dossier
from ..enums import Action, Side, State
from ..models import ApiToken, Dossier, PieceVersion
from ..rules import TRANSITIONS, Actor
from ..services.transitions import perform
from .description import description
from .doors import BadRequestError, api, body_of
from .representation import brief, whole
from .tokens import Scope

PAGE, MOST = 50, 200
RELATED = ("type", "type_version", "organisation", "territory", "routed_to", "assignee")
#: What a program may do: what instruction does. Depositing is people's.
ACTIONS = [action for action, row in TRANSITIONS.items() if row.actors & {Actor.INSTRUCTOR, Actor.VALIDATOR}]


def in_reach(token: ApiToken) -> QuerySet[Dossier]:
    """The dossiers of a key: those its person instructs now, inside the key's territory."""
    found = Dossier.objects.for_instructor(token.user)
    if token.territory_id is not None:
        inside = TerritoryLink.objects.filter(ancestor=token.territory_id).values("descendant")
        found = found.filter(routed_to__in=inside)
    return found


@api("GET", scope=Scope.READ)
def dossiers(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """A page of the list, in the order of the last change; ``next`` leads on at any depth at the same cost."""
    limit = _number(request.GET.get("limit", str(PAGE)), 1, MOST)
    found = _filtered(in_reach(token), request)
    if cursor := request.GET.get("cursor"):
        at, pk = _read_cursor(cursor)
        found = found.filter(Q(updated_at__gt=at) | Q(updated_at=at, pk__gt=pk))
    rows = list(found.select_related(*RELATED).order_by("updated_at", "pk")[: limit + 1])
    page = rows[:limit]
    return JsonResponse(
        {"results": [brief(each) for each in page], "next": _cursor(page[-1]) if len(rows) > limit else None}
    )


@api("GET", scope=Scope.READ)
def dossier(request: HttpRequest, token: ApiToken, dossier_id: uuid.UUID) -> HttpResponse:
    """One dossier with its answers, files, requests, decisions and log."""
    return JsonResponse(whole(_get(token, dossier_id)))


@api("GET", scope=Scope.READ)
def file(request: HttpRequest, token: ApiToken, dossier_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponseBase:
    """The content of a piece, once the antivirus has said that it is clean. Logged as any download."""
    found = _get(token, dossier_id)
    mine = PieceVersion.objects.filter(piece__dossier=found, piece__removed_at=None, file=file_id).values("file")
    stored = StoredFile.objects.filter(pk__in=mine, scan_state__in=served_states(), erased_at=None).first()
    if stored is None:
        raise Http404
    return hand_out(stored, token.user)


@api("POST", scope=Scope.DECIDE)
def transitions(request: HttpRequest, token: ApiToken, dossier_id: uuid.UUID) -> HttpResponse:
    """Do one act. The body names ``action`` and ``version``; ``Idempotency-Key`` makes sending it again harmless."""
    found = _get(token, dossier_id)
    sent = body_of(request)
    if sent.get("action") not in ACTIONS:
        raise BadRequestError(f"action: one of {', '.join(ACTIONS)}.")
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 60:
        raise BadRequestError("Idempotency-Key: 60 characters at most.")
    after = perform(
        Action(sent["action"]),
        dossier=found,
        actor=token.user,
        version=_version(sent),
        key=f"api:{key}" if key else "",
        **_payload(sent),
    )
    return JsonResponse(brief(Dossier.objects.select_related(*RELATED).get(pk=after.pk)))


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """How all this is called, for programs (OpenAPI 3.1). Public: it says nothing of anybody."""
    return JsonResponse(description(request.build_absolute_uri("/api/dossiers/v1/")))


def _get(token: ApiToken, dossier_id: uuid.UUID) -> Dossier:
    if not in_reach(token).filter(pk=dossier_id).exists():
        raise Http404
    return get_dossier(token.user, dossier_id, Side.INSTRUCTION)[0]


def _filtered(found: QuerySet[Dossier], request: HttpRequest) -> QuerySet[Dossier]:
    if states := request.GET.getlist("state"):
        if not set(states) <= set(State.values):
            raise BadRequestError(f"state: among {', '.join(State.values)}.")
        found = found.filter(state__in=states)
    if code := request.GET.get("type"):
        found = found.filter(type__code=code.replace("\x00", ""))
    if key := request.GET.get("territory"):
        parsed = parse_key(key)
        if parsed is None:
            raise BadRequestError("territory: a key as « departement-40 ».")
        inside = TerritoryLink.objects.filter(ancestor__level=parsed[0], ancestor__code=parsed[1]).values("descendant")
        found = found.filter(territory__in=inside)
    if since := request.GET.get("updated_since"):
        found = found.filter(updated_at__gte=_moment(since))
    return found


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year < 1900:
        raise BadRequestError("A moment is written in ISO 8601 with its offset: 2026-01-31T09:00:00+01:00.")
    return found


def _number(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not least <= int(text) <= most:
        raise BadRequestError(f"limit: from {least} to {most}.")
    return int(text)


def _cursor(dossier: Dossier) -> str:
    return base64.urlsafe_b64encode(f"{dossier.updated_at.isoformat()} {dossier.pk.hex}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        at, _, pk = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return _moment(at), uuid.UUID(pk)
    except (ValueError, binascii.Error, BadRequestError):
        raise BadRequestError("cursor: take it from « next ».") from None


def _version(sent: dict[str, Any]) -> int:
    version = sent.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise BadRequestError("version: the number that the dossier had when it was read.")
    return version


_TEXTS = ("reason", "reason_code", "message", "outcome")
_FLAGS = ("signing", "waive_opinions")


def _payload(sent: dict[str, Any]) -> dict[str, Any]:
    """What the services take, typed. Raises :class:`BadRequestError` on what nobody knows."""
    payload: dict[str, Any] = {}
    for name, value in sent.items():
        if name in ("action", "version"):
            continue
        if (name in _TEXTS and isinstance(value, str)) or (name in _FLAGS and isinstance(value, bool)):
            payload[name] = value
        elif name == "amount" and isinstance(value, str):
            payload[name] = _amount(value)
        elif name == "due_on" and isinstance(value, str):
            payload[name] = _day(value)
        elif name == "items" and isinstance(value, list):
            payload[name] = value
        else:
            raise BadRequestError(f"{name[:60]}: not known here, or not of this kind.")
    return payload


def _amount(text: str) -> Decimal:
    try:
        if len(text) > 30:
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        raise BadRequestError("amount: a decimal number in a string, as « 1234.50 ».") from None


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise BadRequestError("due_on: a day as « 2026-01-31 ».")
    return found
