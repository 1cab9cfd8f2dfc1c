"""When a dossier's time is over."""

from __future__ import annotations

import calendar
import hashlib
from datetime import datetime, timedelta
from typing import Final

#: From the notice to the bin, and from the bin to the end.
NOTICE: Final = timedelta(days=30)
BIN: Final = timedelta(days=14)
#: What who instructs adds by taking a dossier out of the bin.
KEPT_ON: Final = timedelta(days=183)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, its month's last where there is none."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def code_digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
