"""Recurrence rules (RFC 5545 3.3.10, and vCalendar 1.0), read with tolerance. :mod:`.expansion` makes their dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
LONGEST = 2000  # Characters of a rule.
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LIMITS = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
}


class RuleError(ValueError):
    """A rule that cannot be read; its text says why, in French."""


@dataclass(slots=True)
class Rule:
    """A rule as read. ``until`` is a wall time or, with ``until_utc``, UTC; ``notes`` say what was not understood."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    until_utc: bool = False
    until_date: bool = False
    week_start: int = 0
    weekdays: frozenset[int] = frozenset()
    nth_weekdays: frozenset[tuple[int, int]] = frozenset()
    parts: dict[str, frozenset[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, value: str) -> Rule:
        """:raises RuleError: it cannot be read, or what is left of it would mean something else"""
        if len(value) > LONGEST:
            raise RuleError("règle trop longue")
        text = value.replace("\\", "").strip().strip(";").upper().removeprefix("RRULE:")
        if "=" not in text:
            text = _from_version_1(text)
        pairs = [(key.strip(), item.strip()) for key, _, item in (part.partition("=") for part in text.split(";"))]
        values = {key: item for key, item in pairs if key}
        frequency = values.pop("FREQ", "")
        if frequency not in FREQUENCIES:
            raise RuleError(f"fréquence « {frequency[:20]} » inconnue" if frequency else "fréquence absente")
        rule = cls(frequency)
        for key, item in values.items():
            rule._read_part(key, item)
        if rule.count is not None and rule.until is not None:
            rule.notes.append("COUNT et UNTIL ensemble : la première limite atteinte est prise")
        return rule

    def _read_part(self, key: str, item: str) -> None:
        if key == "INTERVAL":
            self.interval = _number(item)
            if self.interval < 1:
                self.interval = 1
                self.notes.append(f"INTERVAL={item[:20]} est lu comme 1")
        elif key == "COUNT":
            self.count = _number(item)
            if self.count < 1:
                self.count = None
                self.notes.append(f"COUNT={item[:20]} est ignoré")
        elif key == "UNTIL":
            self._read_until(item)
        elif key == "WKST":
            if item in DAYS:
                self.week_start = DAYS.index(item)
            else:
                self.notes.append(f"WKST={item[:20]} est ignoré")
        elif key == "BYDAY" or key == "BYWEEKDAY":
            self._read_days(item)
        elif key in _LIMITS:
            least, most, negative = _LIMITS[key]
            numbers = [_number(text, none=True) for text in item.split(",") if text.strip()]
            kept = {n for n in numbers if n is not None and (least <= n <= most or (negative and least <= -n <= most))}
            if not kept:
                raise RuleError(f"{key}={item[:30]} ne désigne aucune date")
            if len(kept) < len(set(numbers)):
                self.notes.append(f"{key}={item[:30]} est lu en partie")
            self.parts[key] = frozenset(kept)
        elif not key.startswith("X-") and (key, item) not in (("RSCALE", "GREGORIAN"), ("SKIP", "OMIT"), ("", "")):
            self.notes.append(f"{key[:20]} est ignoré")

    def _read_until(self, item: str) -> None:
        match = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)?(Z|[+-]\d{4})?)?\Z", item)
        if not match:
            raise RuleError(f"fin « {item[:30]} » illisible")
        numbers = [int(group or 0) for group in match.groups()[:6]]
        try:
            day = datetime(*numbers[:3])  # type: ignore[arg-type]  # noqa: DTZ001 - wall time
        except ValueError:
            raise RuleError(f"fin « {item[:30]} » qui n'existe pas") from None
        # « 99991231 » is for ever; time zones have no room beyond.
        day = min(max(day, datetime(1600, 1, 2)), datetime(9000, 1, 1))  # noqa: DTZ001
        self.until = day + timedelta(hours=min(numbers[3], 24), minutes=numbers[4], seconds=numbers[5])
        self.until_utc, self.until_date = bool(match[7]), match[4] is None

    def _read_days(self, item: str) -> None:
        plain, nth, bad = set(), set(), False
        for text in item.split(","):
            match = re.match(r"\s*([+-]?\d{1,2})?\s*(MO|TU|WE|TH|FR|SA|SU)[A-Z]*\s*\Z", text)
            if not match or (match[1] and abs(int(match[1])) > 53):
                bad = bad or bool(text.strip())
            elif match[1] and int(match[1]) and self.frequency in ("MONTHLY", "YEARLY"):
                nth.add((DAYS.index(match[2]), int(match[1])))
            else:
                plain.add(DAYS.index(match[2]))
        if not plain and not nth:
            raise RuleError(f"BYDAY={item[:30]} ne désigne aucun jour")
        if bad:
            self.notes.append(f"BYDAY={item[:30]} est lu en partie")
        self.weekdays, self.nth_weekdays = frozenset(plain), frozenset(nth)


def _number(text: str, none: bool = False) -> int:
    if re.match(r"\s*[+-]?\d{1,9}\s*\Z", text):
        return int(text)
    if none:
        return None  # type: ignore[return-value]
    return 0


def _from_version_1(text: str) -> str:
    """A rule of vCalendar 1.0 (« W2 MO TH #10 », « MP1 1+ TU #0 ») in today's words."""
    words = text.split()
    match = re.match(r"(D|W|MP|MD|YM|YD)(\d{1,3})\Z", words[0]) if words else None
    if not match:
        raise RuleError("règle illisible")
    frequency = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}[match[1][0]]
    parts, items, nth = [f"FREQ={frequency}", f"INTERVAL={match[2]}"], [], [""]
    for word in words[1:]:
        if re.match(r"#\d+\Z", word):
            parts += [f"COUNT={int(word[1:])}"] if int(word[1:]) else []
        elif re.match(r"\d{8}(T\d{6}Z?)?\Z", word):
            parts.append(f"UNTIL={word}")
        elif match[1] == "MP" and re.match(r"\d[+-]?\Z", word):
            nth = [f"-{word[0]}" if word.endswith("-") else word[0]]
        else:
            items.append(f"{nth[0]}{word}" if match[1] == "MP" else word.removesuffix("+"))
    by = {"W": "BYDAY", "MP": "BYDAY", "MD": "BYMONTHDAY", "YM": "BYMONTH", "YD": "BYYEARDAY"}.get(match[1])
    if items and by:
        parts.append(f"{by}={','.join(items)}")
    if "#" not in text and not any(part.startswith("UNTIL") for part in parts):
        parts.append("COUNT=2")  # « If there is no duration, it is 2 »: section 2 of the specification.
    return ";".join(parts)
