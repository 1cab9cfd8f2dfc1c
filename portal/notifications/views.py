"""The list of notifications, and what one chooses to receive. A GET changes nothing; nothing here is cached."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.abilities import person_of
from portal.core.listing.paging import page_of

from . import services
from .enums import Frequency
from .forms import FrequenciesForm
from .models import Notice
from .registry import find_kind
from .tokens import BadTokenError, read_mute

PER_PAGE = 20


@never_cache
@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The person's notifications, newest first. Two queries beside the frame's."""
    items = page_of(request, Notice.objects.of(person_of(request)), PER_PAGE)
    entries = [
        {"notice": notice, "action": kind.action if (kind := find_kind(notice.kind)) else "Ouvrir"} for notice in items
    ]
    context = {
        "items": items,
        "entries": entries,
        "page_numbers": items.paginator.get_elided_page_range(items.number, on_each_side=1, on_ends=1),
        "any_unread": any(notice.read_at is None for notice in items),
        "until": timezone.now().isoformat(),
    }
    return render(request, "notifications/list.html", context)


@never_cache
@login_required
@require_POST
def open_notice(request: HttpRequest, notice: uuid.UUID) -> HttpResponse:
    """Mark one read and lead to what it is about; without an address, back to the list."""
    found = services.mark_read(actor=person_of(request), notice=notice)
    if found is None:
        raise Http404("Cette notification n’existe pas.")
    return redirect(found.url or "notifications:list")


@never_cache
@login_required
@require_POST
def read_notice(request: HttpRequest, notice: uuid.UUID) -> HttpResponse:
    if services.mark_read(actor=person_of(request), notice=notice) is None:
        raise Http404("Cette notification n’existe pas.")
    messages.success(request, "La notification est marquée comme lue.")
    return redirect("notifications:list")


@never_cache
@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all read, but for what came since the list was shown (``until``, ISO 8601)."""
    try:
        until = parse_datetime(request.POST.get("until", "")[:40])
    except ValueError:
        until = None
    if until is not None and timezone.is_naive(until):
        until = None
    services.mark_all_read(actor=person_of(request), until=until)
    messages.success(request, "Toutes vos notifications sont marquées comme lues.")
    return redirect("notifications:list")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = FrequenciesForm(request.POST or None, user=person_of(request))
    if request.method == "POST" and form.is_valid():
        services.set_frequencies(actor=person_of(request), frequencies=form.cleaned_data)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("notifications:preferences")
    status = 422 if form.is_bound else 200
    return render(request, "notifications/preferences.html", {"form": form}, status=status)


# The signature in the address is the authority, whoever holds it: no cookie is needed (RFC 8058, section 3.1).
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class MuteView(View):
    """Behind the signed link of a mail: GET shows a button, POST acts (software that reads mail follows links)."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:  # type: ignore[override]
        try:
            response = super().dispatch(request, token)
        except BadTokenError as error:
            response = render(request, "notifications/bad_token.html", {"reason": str(error)}, status=410)
        # The address of the page is a secret.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "notifications/mute.html", {"mute": read_mute(token), "done": False})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        mute = read_mute(token)
        services.set_frequencies(
            actor=mute.user, frequencies={category.key: Frequency.NONE for category in mute.categories}
        )
        return render(request, "notifications/mute.html", {"mute": mute, "done": True})
