"""Reading territories: by key, by the visitor's choice."""

from __future__ import annotations

from django.http import HttpRequest

from .enums import Level
from .models import Territory


def parse_key(key: str) -> tuple[str, str] | None:
    """("departement", "40") for "departement-40"; None for anything that is not a key."""
    level, _, code = key.partition("-")
    if level in Level.values and code.isalnum() and code.isascii() and len(code) <= 9:
        return level, code.upper()
    return None


def territory_by_key(key: str) -> Territory | None:
    """The current territory of that key, or None. One query."""
    parsed = parse_key(key)
    if parsed is None:
        return None
    return (
        Territory.objects.current()
        .select_related("region", "departement")
        .filter(level=parsed[0], code=parsed[1])
        .first()
    )


def chosen_territory(request: HttpRequest) -> Territory | None:
    """The territory of the signed-in person's profile, else the one kept in the visitor's cookie, else None."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.territory_id:
        return user.territory
    return territory_by_key(request.COOKIES.get("territoire", ""))
