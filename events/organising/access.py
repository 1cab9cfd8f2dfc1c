"""Who may see the registered: those who publish in the event's space. What is not theirs does not exist."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from portal.accounts.abilities import can
from portal.accounts.rules import Ability

from ..models import Occurrence, Registration
from .selectors import organised_by, with_figures


def organisers_only(view: Any) -> Any:
    """403 for who publishes nowhere, on GET as on POST; never cached."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can(request.user, Ability.PUBLISH):
            raise PermissionDenied
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return never_cache(checked)


def own_date(request: HttpRequest, uid: uuid.UUID) -> Occurrence:
    """The occurrence with its figures; 404 for another territory's."""
    found = with_figures(organised_by(request.user)).filter(uid=uid).first()
    if found is None:
        raise Http404("Cette date n’existe pas, ou n’est pas des vôtres.")
    return found


def own_registration(occurrence: Occurrence, pk: Any) -> Registration:
    """A registration of that date; 404 for another's."""
    try:
        key = uuid.UUID(str(pk))
    except ValueError as error:
        raise Http404 from error
    found = Registration.objects.filter(pk=key, occurrence=occurrence, purged_at=None).first()
    if found is None:
        raise Http404("Cette inscription n’est pas de cette date.")
    return found
