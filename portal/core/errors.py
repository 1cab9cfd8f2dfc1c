"""Error pages as readers see them: requests that cannot be read, forms without their token, missing pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import page_not_found

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# What is given back to a person whose form was refused: enough for a long text, not for a file.
MOST_FIELDS = 60
LONGEST_KEPT = 100_000
#: Parts of the names of fields that are not said again: secrets, and what nobody typed.
NOT_SAID = ("password", "token", "csrf", "next")


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception, *args: Any) -> HttpResponse:
    """400 for what cannot be read, 413 for what is too much.

    The page is rendered without the request: its host, its body or its cookies may be what cannot be read.
    """
    if isinstance(exception, TOO_MUCH):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token. What was typed is given back as text to copy.

    There is no button that sends it again: a form posted from another site would then pass with one click.
    """
    context = {"typed": _typed(request)}
    return HttpResponse(render_to_string("403_csrf.html", context, request), status=403)


def _typed(request: HttpRequest) -> str:
    """The texts of a refused form, one "name : value" a line; "" where there is none."""
    lines = [
        f"{name} : {value}"
        for name, values in list(request.POST.lists())[:MOST_FIELDS]
        for value in values[:MOST_FIELDS]
        if value.strip() and not any(part in name.lower() for part in NOT_SAID)
    ]
    return "\n".join(lines)[:LONGEST_KEPT].replace("\x00", "")


class NotFoundPageMiddleware:
    """With DEBUG, Django answers a missing page with its own report. A demonstration shows the portal's page instead;
    errors other than 404 keep Django's report. For the development settings only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match is None:
            return page_not_found(request, Http404())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
