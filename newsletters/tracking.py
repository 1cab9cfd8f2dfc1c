"""What a letter's links lead through, and the picture that tells it was opened (docs/campaigns.md).

The address of a link holds the number of a :class:`~newsletters.models.TrackedLink` and a signed token of the copy; it
never holds where it leads: nothing typed into it leads elsewhere than to what that letter said (no open redirect).
"""

from __future__ import annotations

import base64
import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any, Final

from django.core.cache import caches
from django.db import DatabaseError
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core import ratelimit

from .models import CampaignSummary, Click, Delivery, Subscriber, TrackedLink
from .sending.tokens import BadTokenError, Purpose, Ref, read

logger = logging.getLogger(__name__)

#: A click so soon after the server took the letter is the scanner's of a mailbox, not a person's.
SCANNER_SECONDS: Final = 10
#: So many different links of one copy within :data:`BURST_SECONDS`, and none of them was followed by a person.
BURST_LINKS: Final = 4
BURST_SECONDS: Final = 10
#: Clicks noted of one copy in an hour. Beyond, the link still leads where it led.
NOTED_AN_HOUR: Final = 60
#: Addresses that lead nowhere, asked by one visitor in an hour.
FAILURES_AN_HOUR: Final = 120
CONTACT_EVERY: Final = dt.timedelta(days=1)
_LARGEST: Final = 2**63 - 1
#: One transparent point, GIF 89a, 43 bytes.
PIXEL: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")


@never_cache
@require_safe
def follow(request: HttpRequest, link: str, token: str) -> HttpResponse:
    """Lead to what the letter said, and count it. One query to read, three to write at the most; HEAD writes nothing.

    A link of another campaign than the copy's leads nowhere. Once the log of a campaign was purged its links lead on,
    uncounted. A trial's token leads on, uncounted. A database that cannot be written to keeps nobody from reading.
    """
    try:
        ref = read(Purpose.CLICK, token)
        found = _found(base36_to_int(link), ref)
    except ValueError:  # BadTokenError is one.
        found = None
    if found is None:
        return _leads_nowhere(request)
    if found["copy"] and request.method == "GET" and not _is_ahead(request):
        try:
            _note(ref, found)
        except DatabaseError:
            logger.exception("A click could not be noted.")
    response = HttpResponseRedirect(found["url"])
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(number: int, ref: Ref) -> Mapping[str, Any] | None:
    """The link with what is known of the copy (``copy`` None: nothing is to be noted); None where it leads nowhere."""
    if number > _LARGEST:
        return None
    frozen = CampaignSummary.objects.filter(campaign=OuterRef("campaign"), final=True)
    found = (
        TrackedLink.objects.filter(pk=number)
        .annotate(
            sent=FilteredRelation("campaign__deliveries", condition=Q(campaign__deliveries__pk=ref.delivery)),
            copy=F("sent__pk"),
            sent_at=F("sent__sent_at"),
            clicked_at=F("sent__clicked_at"),
            person=F("sent__subscriber"),
            tracking=F("sent__subscriber__tracking"),
            contact=F("sent__subscriber__last_contact_at"),
            unreachable=F("sent__subscriber__unreachable_at"),
            purged=Exists(frozen),
        )
        .values("pk", "url", "copy", "sent_at", "clicked_at", "person", "tracking", "contact", "unreachable", "purged")
        .order_by()
        .first()
    )
    if found is None or not found["url"].lower().startswith(("http://", "https://")):
        return None
    is_trial = ref == Ref(0, 0)
    return found if found["copy"] or found["purged"] or is_trial else None


def _is_ahead(request: HttpRequest) -> bool:
    """Whether a browser asks before anybody clicked."""
    return "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")).lower()


def _note(ref: Ref, found: Mapping[str, Any]) -> None:
    if ratelimit.over_limit(str(ref.delivery), "letter-clicks", NOTED_AN_HOUR):
        return
    now = timezone.now()
    # Being sent still, or just sent: nobody has read it.
    machine = found["sent_at"] is None or now - found["sent_at"] < dt.timedelta(seconds=SCANNER_SECONDS)
    agreed = bool(found["tracking"])
    click = Click.objects.create(
        link_id=found["pk"], delivery_id=ref.delivery if agreed else None, at=now, machine=machine
    )
    machine = _is_burst(ref, click, now) or machine
    if machine:
        return
    if agreed and found["clicked_at"] is None:
        Delivery.objects.filter(pk=ref.delivery, clicked_at=None).update(clicked_at=now)
    if found["person"] and (found["unreachable"] or now - found["contact"] > CONTACT_EVERY):
        Subscriber.objects.filter(pk=found["person"]).update(last_contact_at=now, unreachable_at=None)


def _is_burst(ref: Ref, click: Click, now: dt.datetime) -> bool:
    """Whether this copy's links are being followed one after the other; those counted just before are taken back.

    What was followed is remembered for some seconds, in the cache, under a keyed hash: no row says who clicked.
    """
    key = "letter-clicks:" + salted_hmac("newsletters.tracking", str(ref.delivery)).hexdigest()
    cache = caches["default"]
    recent: dict[int, int] = cache.get(key) or {}
    recent[click.link_id] = click.pk
    cache.set(key, recent, BURST_SECONDS)
    if len(recent) < BURST_LINKS:
        return False
    Click.objects.filter(pk__in=recent.values()).update(machine=True)
    Delivery.objects.filter(
        pk=ref.delivery, clicked_at__gte=now - dt.timedelta(seconds=BURST_SECONDS * BURST_LINKS)
    ).update(clicked_at=None)
    return True


def _leads_nowhere(request: HttpRequest) -> HttpResponse:
    if ratelimit.too_many(request, "letter-links", FAILURES_AN_HOUR):
        return HttpResponse("Trop de demandes. Réessayez dans une heure.", "text/plain; charset=utf-8", 429)
    return render(request, "newsletters/unknown_link.html", status=404)


@never_cache
@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The picture, whatever the token. That it was shown is noted only of who agreed to be measured, once.

    Two queries at the most; HEAD writes nothing.
    """
    if request.method == "GET":
        try:
            _note_opening(read(Purpose.OPEN, token))
        except BadTokenError:
            pass
        except DatabaseError:
            logger.exception("An opening could not be noted.")
    response = HttpResponse(PIXEL, content_type="image/gif")
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _note_opening(ref: Ref) -> None:
    unseen = Delivery.objects.filter(pk=ref.delivery, opened_at=None, subscriber__tracking=True)
    if ref.delivery and unseen.exists():
        Delivery.objects.filter(pk=ref.delivery, opened_at=None).update(opened_at=timezone.now())
