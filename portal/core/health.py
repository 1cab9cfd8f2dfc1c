"""``/sante/``: what works, part by part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

Check = Callable[[], str]
_checks: dict[str, tuple[Check, bool]] = {}


class UnhealthyError(Exception):
    """A part does not work; its text says what."""


def register_health(name: str, check: Check, *, vital: bool = False) -> None:
    """Declare a part. ``check`` returns a word about it or raises; a ``vital`` part that fails makes the answer 503."""
    _checks[name] = (check, vital)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """JSON: ``{"ok": bool, "parts": {name: {"ok": bool, "detail": str}}}``; 503 when a vital part fails."""
    parts, vital_ok = {}, True
    for name, (check, vital) in sorted(_checks.items()):
        try:
            parts[name] = {"ok": True, "detail": check()}
        except Exception as error:
            # No address, no secret: the class says enough to a stranger, the log says the rest.
            parts[name] = {
                "ok": False,
                "detail": str(error) if isinstance(error, UnhealthyError) else type(error).__name__,
            }
            vital_ok = vital_ok and not vital
    ok = all(part["ok"] for part in parts.values())
    return JsonResponse({"ok": ok, "parts": parts}, status=200 if vital_ok else 503)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def _cache() -> str:
    caches["default"].set("sante", "1", 5)
    if caches["default"].get("sante") != "1":
        raise UnhealthyError("le cache n'a pas rendu ce qu'on lui a confié")
    return caches["default"].__class__.__name__


register_health("base", _database, vital=True)
register_health("cache", _cache)


def seen_lately(moment: object, within: timedelta, what: str) -> str:
    """« il y a 4 s », or :class:`UnhealthyError` where ``moment`` is None or older than ``within``."""
    if moment is None:
        raise UnhealthyError(f"{what} : jamais vu")
    age = timezone.now() - moment  # type: ignore[operator]
    if age > within:
        raise UnhealthyError(f"{what} : silencieux depuis {int(age.total_seconds())} s")
    return f"il y a {int(age.total_seconds())} s"
