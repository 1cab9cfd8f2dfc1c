"""Screens of the administration that ask for an ability: the view, and its entry in the menu."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.menu import MenuItem

from .abilities import can
from .rules import Ability


def needs(ability: Ability) -> Any:
    """403 for who has ``ability`` nowhere, on GET as on POST; what lies outside their scope is then 404 by itself."""

    def decorate(view: Any) -> Any:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not can(request.user, ability):
                raise PermissionDenied
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer

        return checked

    return decorate


class AbilityMenuItem(MenuItem):
    """Shown to who has ``ability`` somewhere."""

    def __init__(self, *args: Any, ability: Ability, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ability = ability

    def is_shown(self, request: HttpRequest) -> bool:
        return can(request.user, self.ability)
