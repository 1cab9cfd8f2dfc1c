"""Who may see the registered: those who publish in the event's space. What is not theirs does not exist."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest

from ..models import Occurrence, Registration
from .selectors import organised_by, with_figures


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
