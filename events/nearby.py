"""Venues around a commune, by distance as the crow flies. Coordinates are (latitude, longitude) in WGS 84 degrees."""

from __future__ import annotations

import math
import re
from statistics import fmean

from django import forms
from django.db.models import Q

from portal.territories.enums import Level
from portal.territories.models import Centre, Territory
from portal.territories.selectors import parse_key
from portal.territories.text import fold

from .models.venues import Venue

Point = tuple[float, float]
EARTH_KM = 6371.0
LEAST_KM, MOST_KM, DEFAULT_KM = 5, 200, 20
_NUMBERED = re.compile(r"(?P<name>.*?)\s*\(?(?P<number>\d{2,3}|2[abAB])\)?\s*\Z")
_CODE = re.compile(r"\d[0-9abAB]\d{3}\Z")
_NAMED = 5


def distance_km(one: Point, other: Point) -> float:
    """The great-circle distance (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def centre_of(commune: Territory) -> Point | None:
    """The loaded centre of ``commune``, else the middle of its venues that have coordinates. Two queries at most."""
    centre = Centre.objects.filter(commune=commune).first()
    if centre is not None:
        return centre.latitude, centre.longitude
    known = list(
        Venue.objects.filter(commune=commune, latitude__isnull=False)
        .order_by("pk")
        .values_list("latitude", "longitude")
    )
    if not known:
        return None
    return fmean(float(lat or 0) for lat, _ in known), fmean(float(lon or 0) for _, lon in known)


def venues_around(commune: Territory, centre: Point, km: int) -> list[int]:
    """The venues within ``km`` of ``centre``, that of ``commune``: by their own coordinates, else those of their
    commune; those of ``commune`` itself always, where they have none. One query, and a look at those of a square.
    """
    lat_margin = km / 111.0
    lon_margin = km / (111.0 * max(0.01, math.cos(math.radians(min(89.0, abs(centre[0]) + lat_margin)))))
    lats = (centre[0] - lat_margin, centre[0] + lat_margin)
    lons = (centre[1] - lon_margin, centre[1] + lon_margin)
    own = Q(latitude__range=lats, longitude__range=lons)
    town = Q(latitude=None, commune__centre__latitude__range=lats, commune__centre__longitude__range=lons)
    rows = (
        Venue.objects.filter(own | town | Q(latitude=None, commune=commune))
        .order_by()
        .values_list("pk", "latitude", "longitude", "commune__centre__latitude", "commune__centre__longitude")
    )
    found = []
    for pk, lat, lon, town_lat, town_lon in rows:
        at = (float(lat), float(lon)) if lat is not None and lon is not None else (town_lat, town_lon)
        # Only the commune asked for comes here without a centre of its own.
        if at[0] is None or distance_km(centre, at) <= km:
            found.append(pk)
    return sorted(found)


class CommuneField(forms.CharField):
    """A commune by its name (« Dax », « Sainte-Colombe (40) »), its INSEE or postal code, or its key. One query."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=100, required=False, **kwargs)  # type: ignore[arg-type]

    def clean(self, value: object) -> Territory | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        found = list(
            Territory.objects.current()
            .filter(_asked(text), level=Level.COMMUNE)
            .select_related("departement")
            .order_by("-population", "code")
            .distinct()[: _NAMED + 1]
        )
        if not found:
            raise forms.ValidationError("aucune commune ne porte ce nom ou ce code.")
        if len(found) > 1:
            names = ", ".join(each.label for each in found[:_NAMED])
            more = "…" if len(found) > _NAMED else "."
            raise forms.ValidationError(f"plusieurs communes répondent. Précisez : {names}{more}")
        return found[0]


def _asked(text: str) -> Q:
    if key := parse_key(text):
        return Q(level=key[0], code=key[1])
    if _CODE.fullmatch(text):
        return Q(code=text.upper()) | Q(postal_codes__code=text)
    named = Q(search_name=fold(text))
    if match := _NUMBERED.fullmatch(text):
        named |= Q(search_name=fold(match["name"]), code__startswith=match["number"].upper())
    return named
