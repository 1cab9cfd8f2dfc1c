"""What the screens of every part share: who they are for, how often one acts there, what a refusal answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from portal.accounts.abilities import get_abilities, person_of
from portal.accounts.rules import Ability
from portal.core.ratelimit import over_limit

from .rules import DossierConflict, DossierRefused

ACTS_AN_HOUR = 1000
TOO_MANY = "Trop d’envois à la suite : réessayez dans une heure. Ce que vous avez saisi est conservé ci-dessous."


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Never kept by a cache, and only for who is signed in. What they may see there, each view asks."""

    @never_cache
    @login_required
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return checked


def for_instructors(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only for who instructs somewhere, beneath :func:`private`; to others it does not exist (404)."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not get_abilities(person_of(request)).anywhere(Ability.INSTRUCT):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def require_rate(request: HttpRequest) -> None:
    """Raises :class:`DossierRefused` (``many``) where the person acts too often on dossiers, whatever the act."""
    if over_limit(str(person_of(request).pk), "dossier-acts", ACTS_AN_HOUR):
        raise DossierRefused("many", TOO_MANY)


def status_of(refusal: DossierRefused) -> int:
    """409 where somebody acted meanwhile, 429 for too many, else 422: the form again."""
    if isinstance(refusal, DossierConflict):
        return 409
    return 429 if refusal.code == "many" else 422
