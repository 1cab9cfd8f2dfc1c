"""The territory a visitor chose, kept in a cookie without an account."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .selectors import chosen_territory

COOKIE = "territoire"


class ChosenTerritoryMiddleware:
    """Sets ``request.territory``: lazily, the person's own or chosen territory, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.territory = SimpleLazyObject(lambda: chosen_territory(request))  # type: ignore[attr-defined]
        return self.get_response(request)
