"""What the views of this part share: signing in, rates, where one goes back to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from portal.accounts.abilities import person_of
from portal.core.ratelimit import over_limit

from ..enums import Side
from ..models import Dossier
from ..rules import DossierConflict, DossierRefused
from .notices import dossier_url
from .panels import TO_DOSSIER

ACTS_AN_HOUR = 300
TOO_MANY = "Trop d’envois à la suite : réessayez dans une heure. Ce que vous avez saisi est conservé ci-dessous."


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Never kept by a cache, and only for who is signed in."""

    @never_cache
    @login_required(login_url="account_login")
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return checked


def require_rate(request: HttpRequest, scope: str = "dossier-exchange") -> None:
    """Raises :class:`DossierRefused` (``many``) where the person acts too often."""
    if over_limit(str(person_of(request).pk), scope, ACTS_AN_HOUR):
        raise DossierRefused("many", TOO_MANY)


def status_of(refusal: DossierRefused) -> int:
    """409 where somebody acted meanwhile, 429 for too many, else 422: the form again."""
    if isinstance(refusal, DossierConflict):
        return 409
    return 429 if refusal.code == "many" else 422


def go_back(dossier: Dossier, side: Side | str, own: str, anchor: str, back: str) -> HttpResponseRedirect:
    """To the dossier's screen where the form was shown there, else to this part's own screen (a name of address)."""
    where = dossier_url(dossier, side)
    if back == TO_DOSSIER and where:
        return HttpResponseRedirect(f"{where}#{anchor}")
    return redirect(own, dossier.pk)
