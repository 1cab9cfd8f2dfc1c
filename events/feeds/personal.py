"""« Mes inscriptions » as a calendar: the feed, by a secret address, and the screen where one has it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.abilities import person_of
from portal.accounts.models import User

from ..enums import ACTIVE, Attending, RegistrationState, Status
from ..ical import calendar_bytes
from ..ical.vevents import describe, stamp
from ..models import Registration
from ..services import event_url
from . import tokens
from .conditional import CALENDAR

NAME = "Mes inscriptions"
#: How long past dates stay, and how many dates a calendar has at the most: the last to be held go first.
KEPT = timedelta(days=180)
MOST = 500


@require_safe
def personal_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The dates somebody is registered to. 404 for an address unknown, revoked, or of a closed account."""
    found = tokens.find(token)
    if found is None:
        raise Http404("Ce calendrier n’existe pas.")
    content = personal_bytes(found.user, timezone.now())
    tokens.note_use(found)
    etag = quote_etag(hashlib.blake2b(content, digest_size=16).hexdigest())
    response = HttpResponse(content, content_type=CALENDAR)
    response["ETag"] = etag
    answer: HttpResponse = get_conditional_response(request, etag=etag, response=response) or response
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def personal_bytes(user: User, now: datetime) -> bytes:
    """The calendar of what ``user`` is registered to. Whoever waits has it as tentative; the join link is there for
    those confirmed who take part online. Two queries.
    """
    registrations = (
        Registration.objects.filter(
            user=user, state__in=ACTIVE, occurrence__past_from__gt=now - KEPT, occurrence__page__live=True
        )
        .select_related("occurrence__page__organisation", "occurrence__venue__commune")
        .prefetch_related("occurrence__page__themes")
        .order_by("occurrence__starts_at", "occurrence_id", "number")
    )
    rows = list(registrations[:MOST])
    zones = {row.occurrence.time_zone for row in rows if not row.occurrence.all_day}
    return calendar_bytes([_vevent(row) for row in rows], zones, name=NAME)


def _vevent(registration: Registration) -> bytes:
    occurrence = registration.occurrence
    page = occurrence.page
    off = occurrence.status == Status.ANNULE
    confirmed = registration.state == RegistrationState.CONFIRMED
    online = registration.attending == Attending.ONLINE and confirmed and not off
    note = "" if confirmed else f"{RegistrationState(registration.state).label}."
    event = describe(
        occurrence,
        page,
        event_url(page),
        sorted(theme.name for theme in page.themes.all()),
        join_url=occurrence.join_url if online else "",
        note=note,
    )
    if not confirmed and not off:
        event["status"] = "TENTATIVE"
    stamped = stamp(
        event,
        sequence=occurrence.sequence + registration.sequence,
        created_at=registration.created_at,
        modified_at=max(occurrence.modified_at, registration.changed_at),
    )
    data: bytes = stamped.to_ical()
    return data


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def personal_address(request: HttpRequest) -> HttpResponse:
    """Where one has the address of one's calendar, renews it, revokes it."""
    user = person_of(request)
    if request.method == "POST":
        if request.POST.get("action") == "revoke":
            tokens.revoke(actor=user)
            messages.success(request, "L’adresse de votre calendrier ne répond plus.")
        else:
            tokens.renew(actor=user)
            messages.success(request, "Votre calendrier a une nouvelle adresse.")
        return redirect("personal-calendar-address")
    token = tokens.current(user)
    address = ""
    if token is not None:
        address = settings.SITE_URL + reverse("personal-calendar", args=[tokens.secret_of(token)])
    return render(request, "events/feeds/personal.html", {"token": token, "address": address, "name": NAME})
