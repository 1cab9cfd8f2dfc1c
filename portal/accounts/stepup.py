"""Asking again who one is before a sensitive act (an export, a send, the second factor itself).

A proof (sign-in or confirmation: password, application, key, code by mail) holds for
``ACCOUNT_REAUTHENTICATION_TIMEOUT`` seconds in its session. docs/sign-in.md says what happens to a form posted after.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.internal.httpkit import serialize_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

View = Callable[..., HttpResponseBase]
#: Longest posted form kept for after the confirmation, in bytes of its encoding. Files are never kept.
LONGEST_KEPT: Final = 100_000


def proved_recently(request: HttpRequest) -> bool:
    """Whether who is signed in proved it in this session within the time allowed. No query."""
    user: Any = request.user
    if not user.is_authenticated:
        return False
    records = get_authentication_records(request, user)
    return bool(records) and 0 <= time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def step_up_required(view: View) -> View:
    """Let ``view`` run only after a recent proof.

    A GET leads to the confirmation, then back. A POST is kept (without files, up to 100 KB) in the session and done
    after the confirmation; one that cannot be kept leads back to its own address, which says to send it again.
    Anonymous visitors are led to the sign-in. For a class: ``@method_decorator(step_up_required, name="dispatch")``.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), login_url=reverse(settings.LOGIN_URL))
        if not proved_recently(request):
            return ask_again(request)
        return view(request, *args, **kwargs)

    return guarded


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """To the first of the ways the person has to confirm who they are; side effects: the session keeps the POST."""
    request.session.pop(STATE_SESSION_KEY, None)
    target = request.get_full_path()
    if request.method == "POST":
        if request.FILES or len(request.POST.urlencode()) > LONGEST_KEPT:
            messages.warning(
                request,
                "Votre envoi n’a pas pu être gardé pendant la confirmation de votre identité. Recommencez-le.",
            )
        else:
            # allauth plays it again when it is led back to this very path; its query is in what is kept.
            request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
            target = request.path
    method = get_adapter(request).get_reauthentication_methods(request.user)[0]
    return HttpResponseRedirect(f"{method['url']}?{urlencode({'next': target})}")
