"""Health of the antivirus."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

from portal.core.health import UnhealthyError

from . import clamd
from .enums import ScanState
from .models import StoredFile
from .scanning import scanner_is_left_out, states_to_scan

#: Seconds that an answer is kept: the page is public, and a daemon that hangs is waited for.
KEPT: Final = 10
LATE: Final = timedelta(minutes=15)
#: Signatures come every day (freshclam); older ones know nothing of today's programs.
OLD: Final = timedelta(days=7)


def antivirus() -> str:
    """A word about the engine; UnhealthyError where there is none, it does not answer, or files wait for long."""
    if scanner_is_left_out():
        return "aucun, par choix : les fichiers sont servis sans analyse"
    if not settings.CLAMD_URL:
        raise UnhealthyError("aucun antivirus n'est configuré : les fichiers reçus ne sont servis à personne d'autre")
    version = _version()
    if version is None:
        raise UnhealthyError("l'antivirus ne répond pas : les fichiers reçus attendent")
    late = StoredFile.objects.filter(
        scan_state__in=states_to_scan(), created_at__lt=timezone.now() - LATE, erased_at=None
    ).count()
    failed = StoredFile.objects.filter(scan_state=ScanState.ERROR, erased_at=None).count()
    if late or failed:
        raise UnhealthyError(f"fichiers en attente depuis plus de 15 minutes : {late} ; en échec : {failed}")
    if (day := day_of_signatures(version)) and timezone.now() - day > OLD:
        raise UnhealthyError(f"les signatures de l'antivirus datent du {day:%d/%m/%Y}")
    return version.partition("/")[0]


def _version() -> str | None:
    cache = caches["default"]
    known = cache.get("files:scanner")
    if known is None:
        try:
            known = clamd.version()
        except clamd.ScannerAway:
            known = ""
        cache.set("files:scanner", known, KEPT)
    return known or None


def day_of_signatures(version: str) -> datetime | None:
    """From « ClamAV 1.4.6/27700/Thu Jul  3 10:35:12 2025 »; None where it says none."""
    parts = version.split("/")
    try:
        return datetime.strptime(parts[2], "%a %b %d %H:%M:%S %Y").astimezone(timezone.get_default_timezone())
    except (IndexError, ValueError):
        return None
