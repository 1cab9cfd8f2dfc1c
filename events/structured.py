"""Events as schema.org objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from . import rules
from .enums import Mode, Status

if TYPE_CHECKING:
    from .models import EventPage, Occurrence


def event_json_ld(page: EventPage, occurrences: Sequence[Occurrence], url: str) -> dict[str, Any]:
    """The page as a schema.org Event; several dates become its ``subEvent``. The join link is never in it.

    Times carry the offset of where the event is held; whole days are dates.
    """
    now = timezone.now()
    main = next((o for o in occurrences if o.past_from > now), occurrences[-1] if occurrences else None)
    data: dict[str, Any] = {
        "@type": "Event",
        "name": page.title,
        "description": page.lead,
        "url": url,
        "inLanguage": page.language,
        "isAccessibleForFree": not page.price,
        "eventAttendanceMode": rules.SCHEMA_MODE[Mode(main.mode if main else page.mode)],
        "eventStatus": rules.SCHEMA_STATUS[Status(main.status if main else page.status)],
        "location": _location(page, main or page, url),
    }
    if main:
        data |= {"startDate": main.machine_start, "endDate": main.machine_end}
    if name := page.organiser_text:
        data["organizer"] = {"@type": "Organization", "name": name}
    data["offers"] = {
        "@type": "Offer",
        "price": f"{page.price:.2f}",
        "priceCurrency": "EUR",
        "url": page.registration_url or url,
        "availability": "https://schema.org/SoldOut"
        if (main.status if main else page.status) == Status.COMPLET
        else "https://schema.org/InStock",
    }
    if len(occurrences) > 1:
        data["subEvent"] = [
            {
                "@type": "Event",
                "name": o.title or page.title,
                "startDate": o.machine_start,
                "endDate": o.machine_end,
                "eventStatus": rules.SCHEMA_STATUS[Status(o.status)],
                "eventAttendanceMode": rules.SCHEMA_MODE[Mode(o.mode)],
                "location": _location(page, o, url),
                "url": url,
            }
            for o in occurrences
        ]
    return data


def _location(page: EventPage, held: Occurrence | EventPage, url: str) -> dict[str, Any] | list[dict[str, Any]]:
    """Where ``held``, a date of the page or the page itself, takes place."""
    places: list[dict[str, Any]] = []
    if held.mode != Mode.EN_LIGNE and held.venue_id and held.venue:
        venue = held.venue
        place: dict[str, Any] = {
            "@type": "Place",
            "name": venue.name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": venue.address,
                "postalCode": venue.postal_code,
                "addressLocality": venue.commune.name,
                "addressCountry": "FR",
            },
        }
        if venue.latitude is not None and venue.longitude is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": float(venue.latitude),
                "longitude": float(venue.longitude),
            }
        places.append(place)
    if held.is_online:
        # The public page, never the join link.
        places.append({"@type": "VirtualLocation", "url": page.registration_url or url})
    return places[0] if len(places) == 1 else places
