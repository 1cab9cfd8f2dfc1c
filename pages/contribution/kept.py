"""What was typed when the session had ended: kept with the visitor's session until they have signed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

KEY: Final = "contribution-kept"
SECONDS: Final = 24 * 3600
MOST: Final = 200_000  # characters


def signed_in_or_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signing in comes first; a form sent without it is kept, and shown again at the same address afterwards."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
            if sum(len(value) for values in fields.values() for value in values) <= MOST:
                request.session[KEY] = {"path": request.path, "at": time.time(), "fields": fields}
        return redirect_to_login(request.get_full_path(), login_url=reverse("account_login"))

    return checked


def kept_fields(request: HttpRequest) -> dict[str, list[str]] | None:
    """The fields kept for this address, or None. They stay until :func:`forget` says that they were saved."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict) or kept.get("path") != request.path or time.time() - kept.get("at", 0) > SECONDS:
        return None
    fields: dict[str, list[str]] = kept["fields"]
    return fields


def forget(request: HttpRequest) -> None:
    """What was kept is saved: it need not be shown again."""
    kept = request.session.get(KEY)
    if isinstance(kept, dict) and kept.get("path") == request.path:
        del request.session[KEY]
