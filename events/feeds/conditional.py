"""Conditional answers (RFC 9110, 13): an unchanged feed is told so before any event is read."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, http_date, parse_etags, quote_etag
from wagtail.models import Page, Site

from .. import rules
from ..enums import Zone
from ..services import agenda_stamp

P = TypeVar("P", bound=Page)
# Raised when the bytes of a feed change though no event did.
FORMAT = 4
CALENDAR, JSON, CSV = "text/calendar; charset=utf-8", "application/json", "text/csv; charset=utf-8"
# Below this, the envelope of gzip is not worth it.
_LEAST_ZIPPED = 1024


@dataclass(frozen=True)
class File:
    """What an address gives: its bytes, its type, its name ("" for none), whether it is saved rather than read."""

    content: bytes
    content_type: str = CALENDAR
    name: str = ""
    attachment: bool = False


class Validators:
    """The strong ETag and the Last-Modified of any feed at the request's address. One query.

    The set under « à venir » or « aujourd'hui » changes at midnight without a change to an event, so the days it is in
    the zones of France are part of the tag, and the latest of their midnights bounds the date from below. Compressed,
    the representation is another: its tag ends in ``-gz``.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        version, changed_at = agenda_stamp()
        now = timezone.now()
        days = {zone: rules.today_in(zone, now) for zone in Zone.values}
        midnight = max(rules.to_utc(day, time.min, zone) for zone, day in days.items())
        parts = [str(FORMAT), str(version), changed_at.isoformat(), request.get_full_path(), *map(str, days.values())]
        self.tag = hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        self.modified = _in_seconds(max(changed_at, midnight), now)

    @cached_property
    def zipped(self) -> bool:
        """Whether the reader takes gzip."""
        asked = self.request.headers.get("Accept-Encoding", "").replace(" ", "").lower().split(",")
        return any(each == "gzip" or (each.startswith("gzip;q=") and each[7:].strip("0.")) for each in asked)

    def etag(self, *, zipped: bool = False) -> str:
        return quote_etag(f"{self.tag}-gz" if zipped else self.tag)

    def named(self) -> HttpResponse | None:
        """A 304 where the reader names the very tag: it was given by a 200 of this version, so nothing is looked up."""
        theirs = {each.removeprefix("W/") for each in parse_etags(self.request.headers.get("If-None-Match", ""))}
        for zipped in (False, True):
            if self.etag(zipped=zipped) in theirs:
                return self.headed(HttpResponseNotModified(), self.etag(zipped=zipped))
        return None

    def fresh(self) -> HttpResponse | None:
        """The 304 or 412 that the other conditions ask for (``*``, If-Modified-Since…), or None."""
        found = get_conditional_response(self.request, etag=self.etag(), last_modified=self.modified)
        return None if found is None else self.headed(found, self.etag())

    def answer(self, file: File) -> HttpResponse:
        zipped = self.zipped and len(file.content) >= _LEAST_ZIPPED
        body = gzip.compress(file.content, 5, mtime=0) if zipped else file.content
        response = HttpResponse(body, content_type=file.content_type)
        response["Content-Length"] = str(len(body))
        if zipped:
            response["Content-Encoding"] = "gzip"
        if disposition := content_disposition_header(file.attachment, file.name):
            response["Content-Disposition"] = disposition
        return self.headed(response, self.etag(zipped=zipped))

    def headed(self, response: HttpResponse, etag: str) -> HttpResponse:
        response["ETag"] = etag
        response["Last-Modified"] = http_date(self.modified)
        # Kept by readers, asked about each time: a cancellation is not to wait.
        response["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response


def _in_seconds(modified: datetime, now: datetime) -> int:
    """``modified`` in whole seconds; during the second of the change, the one before.

    What a reader is given in that second may change again in it: its date is then below that of the last change.
    """
    second = int(modified.timestamp())
    return second if int(now.timestamp()) > second else second - 1


def answer(request: HttpRequest, model: type[P], path: str, content: Callable[[P], File]) -> HttpResponse:
    """The file that ``content`` makes of the page at ``path``, or a 304. 404 where nobody may read the page."""
    validators = Validators(request)
    if early := validators.named():
        return early
    page = page_at(model, path)
    return validators.fresh() or validators.answer(content(page))


def page_at(model: type[P], path: str) -> P:
    """The page of that model at that address, if anyone may read it; 404 otherwise. One query."""
    slug = path.rstrip("/").rpartition("/")[2]
    addresses = [f"{root.root_path}{path}" for root in Site.get_site_root_paths()]
    found = model._default_manager.filter(slug=slug, url_path__in=addresses, fact__visible=True).first()
    if found is None:
        raise Http404("Cette page n’existe pas.")
    return found
