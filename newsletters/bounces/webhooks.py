"""The door through which a provider tells what became of copies. Anymail checks who speaks, and reads what they say.

Open only for the provider that ``EMAIL_PROVIDER`` names, and only once a secret is set: Anymail by itself would take
anybody's word. What is refused there was not looked at; what is not ours is taken, changes nothing and is answered 200,
because a provider that hears anything else says it again.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.utils import get_anymail_setting
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.core import ratelimit

from ..sending.providers import provider_of

logger = logging.getLogger(__name__)

#: Bytes of one message, and what one may tell: providers that group events send a few hundred at most.
LARGEST, MOST_EVENTS = 1024 * 1024, 2000
#: Messages a minute of one sender; of who does not know the secret, an hour.
A_MINUTE, FAILURES_AN_HOUR = 6000, 60
#: What Anymail's parsers raise for a message that is not of the provider's shape.
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, OSError, RecursionError,
               AnymailConfigurationError)  # fmt: skip


def has_secret(name: str) -> bool:
    """Whether who posts for the provider ``name`` is checked."""
    if get_anymail_setting("webhook_secret", default=None):
        return True
    found = getattr(settings, "ANYMAIL", {})
    return any(found.get(key) for key in provider_of(name).signatures)


@cache
def _view(name: str) -> Any:
    """Anymail's view of the provider's events; None where there is none."""
    from anymail.urls import urlpatterns

    return next((each.callback for each in urlpatterns if each.name == f"{name}_tracking_webhook"), None)


@csrf_exempt
@never_cache
def tracking(request: HttpRequest, provider: str) -> HttpResponse:
    """200 once everything told is written, or is nothing of ours; 4xx where nothing was looked at.

    404: not our provider, or closed. 403: not the secret. 400: not the provider's shape. 413, 429: too much.
    """
    if provider != settings.EMAIL_PROVIDER or not has_secret(provider) or _view(provider) is None:
        raise Http404
    return _receive(request, provider)


@require_http_methods(["POST", "HEAD"])
def _receive(request: HttpRequest, provider: str) -> HttpResponse:
    if request.method == "HEAD":  # Some ask whether somebody is there before they are set up.
        return HttpResponse()
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > LARGEST:
        return HttpResponse(status=413)
    if ratelimit.too_many(request, "provider-events", A_MINUTE, 60):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    callback = _view(provider)
    view = callback.view_class(**callback.view_initkwargs)
    view.setup(request)
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        refused = ratelimit.too_many(request, "provider-events-refused", FAILURES_AN_HOUR)
        return HttpResponse(status=429 if refused else 403)
    except _UNREADABLE:
        return HttpResponse(status=400)
    try:
        events = view.parse_events(request)
    except _UNREADABLE as error:
        logger.warning("An event of %s could not be read (%s).", provider, type(error).__name__)
        return HttpResponse(status=400)
    if len(events) > MOST_EVENTS:
        return HttpResponse(status=413)
    for event in events:
        view.signal.send(sender=callback.view_class, event=event, esp_name=view.esp_name)
    return HttpResponse()
