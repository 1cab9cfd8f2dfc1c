"""Who may open the screens of sendings: those who write or send letters somewhere; what is not theirs is 404."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from portal.accounts.abilities import get_abilities
from portal.accounts.rules import Ability

from .. import access
from ..models import Campaign, NewsletterPage


def composes(user: Any) -> bool:
    """Whether ``user`` writes or sends letters somewhere."""
    abilities = get_abilities(user)
    return abilities.anywhere(Ability.COMPOSE_LETTER) or abilities.anywhere(Ability.SEND_LETTER)


def sends(user: Any) -> bool:
    """Whether ``user`` sends letters somewhere."""
    return get_abilities(user).anywhere(Ability.SEND_LETTER)


def _guarded(view: Any, allowed: Any) -> Any:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not allowed(request.user):
            raise PermissionDenied
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return never_cache(checked)


def composers_only(view: Any) -> Any:
    """403 for who neither writes nor sends letters anywhere."""
    return _guarded(view, composes)


def senders_only(view: Any) -> Any:
    """403 for who sends letters nowhere."""
    return _guarded(view, sends)


def national_only(view: Any) -> Any:
    """403 for who does not answer for the sendings of the whole country."""
    return _guarded(view, access.is_national)


def own_campaign(request: HttpRequest, uid: uuid.UUID) -> Campaign:
    """The campaign of one of the person's territories; 404 for another's."""
    found = (
        access.visible_campaigns(request.user)
        .select_related("territory", "letter", "created_by", "requested_by", "approved_by", "frozen_revision__user")
        .filter(uuid=uid)
        .first()
    )
    if found is None:
        raise Http404("Cet envoi n’existe pas, ou n’est pas des vôtres.")
    return found


def sent_campaign(request: HttpRequest, uid: uuid.UUID) -> Campaign:
    """The same, for what only who sends letters there may do or read: 403 for the others of its team."""
    found = own_campaign(request, uid)
    if not access.may_send(request.user, found.territory):
        raise PermissionDenied
    return found


def own_letter(request: HttpRequest, pk: int) -> NewsletterPage:
    """A letter of a territory the person writes or sends letters for; 404 for another's."""
    found = own_letters(request.user).filter(pk=pk).first()
    if found is None or found.space is None:
        raise Http404("Cette lettre n’existe pas, ou n’est pas des vôtres.")
    return found


def own_letters(user: Any) -> Any:
    """The letters that ``user`` may prepare a sending of, the latest first."""
    return (
        NewsletterPage.objects.filter(fact__space__territory__in=access.composed_territories(user))
        .select_related("fact__space__territory", "list")
        .order_by("-latest_revision_created_at", "-pk")
    )
