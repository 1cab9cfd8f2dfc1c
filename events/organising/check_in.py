"""The check-in page, for a phone at the door."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal.accounts.abilities import person_of

from ..guards import publishers_only
from ..registration import services
from ..registration.rules import CHECK_IN_BEFORE, RegistrationRefused
from .access import own_date, own_registration
from .selectors import attending

SAID = {"present": True, "absent": False, "effacer": None}


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Who comes, by name: present, absent, or not known. Each act is one person's: two at the door disturb nobody."""
    occurrence = own_date(request, uid)
    words = (request.POST if request.method == "POST" else request.GET).get("q", "")[:100]
    if request.method == "POST" and request.POST.get("presence") in SAID:
        one = own_registration(occurrence, request.POST.get("inscription", ""))
        try:
            services.set_attended(registration=one, actor=person_of(request), attended=SAID[request.POST["presence"]])
        except RegistrationRefused as refusal:
            messages.error(request, refusal.message)
        address = reverse("organising_check_in", args=[uid])
        return redirect(f"{address}?{urlencode({'q': words})}#i-{one.pk}" if words else f"{address}#i-{one.pk}")
    everybody = attending(occurrence)
    shown = attending(occurrence, words) if words else everybody
    context = {
        "occurrence": occurrence,
        "rows": shown,
        "words": words,
        "present": sum(one.attended is True for one in everybody),
        "expected": len(everybody),
        "is_open": occurrence.starts_at - timezone.now() <= CHECK_IN_BEFORE,
        "page_title": "Pointage",
        "header_icon": "tick",
    }
    return render(request, "events/organising/check_in.html", context)
