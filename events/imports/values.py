"""Values of iCalendar properties (RFC 5545 3.3), read with tolerance.

What cannot be read raises :class:`UnreadableError`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from html import unescape

from .parsed import URL_LENGTH, words

YEARS = range(1600, 9000)
LONGEST = timedelta(days=3660)
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})Z?\Z")  # Google writes « 20131210Z » in calendars of birthdays.
_MOMENT = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})[Tt ]\s*(\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d+)?\s*([Zz]|[+-]\d{2}:?\d{2})?\Z"
)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T?(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?\Z", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\([nN,;:\\\"])")
_MARKUP = re.compile(r"</?(?:p|br|div|span|a|b|i|u|ul|ol|li|strong|em|html|body|table|h[1-6]|font)\b[^<>]*>", re.I)
_TAG = re.compile(r"<!--|-->|</?([a-zA-Z][a-zA-Z0-9]{0,20})([^<>]{0,4000})>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,8}\d{0,2});")
_BLOCKS = words("p br div ul ol li tr table h1 h2 h3 h4 h5 h6 hr section article blockquote pre")
_HIDDEN = words("script style head title")
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


class UnreadableError(ValueError):
    """A value that cannot be read; its text says why, in French."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date or a date-time as written: wall time, and the zone it is read in. ``floating``: the file named none."""

    wall: datetime
    all_day: bool
    zone: tzinfo
    floating: bool = False

    @property
    def utc(self) -> datetime:
        return to_utc(self.wall, self.zone)

    @property
    def day(self) -> date:
        return self.wall.date()


def to_utc(wall: datetime, zone: tzinfo) -> datetime:
    """The instant of a wall time: the first of two, and read with the offset before the change when it never shows."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def to_wall(instant: datetime, zone: tzinfo) -> datetime:
    """What clocks of ``zone`` show at that instant; ``fold`` tells the second of two equal hours."""
    return instant.astimezone(zone).replace(tzinfo=None)


def read_date(value: str) -> date | None:
    """A date alone, or None when ``value`` is not written as one."""
    match = _DATE.match(value)
    return _day(match) if match else None


def read_moment(value: str) -> tuple[datetime, tzinfo | None]:
    """A date-time, and the offset it carries if it does. 24:00 is the next midnight, second 60 the one before."""
    match = _MOMENT.match(value)
    if not match:
        raise UnreadableError("cette date est illisible")
    hour, minute, second = int(match[4]), int(match[5]), min(int(match[6] or 0), 59)
    following = (hour, minute, second) == (24, 0, 0)
    if (hour > 23 and not following) or minute > 59:
        raise UnreadableError("cette heure n'existe pas")
    wall = datetime.combine(_day(match), time(0 if following else hour, minute, second))
    return wall + timedelta(days=following), _offset(match[7])


def _day(match: re.Match[str]) -> date:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if year not in YEARS:
        raise UnreadableError("cette année est hors du calendrier")
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableError("ce jour n'existe pas") from None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    return read_offset(text)


def read_offset(text: str) -> timezone:
    """``+0100``, ``-09:30``, ``+013000``."""
    match = re.match(r"\s*([+-])(\d{2}):?(\d{2})?:?(\d{2})?\s*\Z", text)
    if not match or int(match[2]) > 23 or int(match[3] or 0) > 59:
        raise UnreadableError("ce décalage horaire est illisible")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0), seconds=int(match[4] or 0) % 60)
    return timezone(-offset if match[1] == "-" else offset)


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: days are nominal (a day later, same wall time), the rest is exact."""

    days: int = 0
    exact: timedelta = timedelta(0)

    def end(self, start: Stamp) -> Stamp:
        wall = start.wall + timedelta(days=self.days)
        if start.all_day or not self.exact:
            return Stamp(wall, start.all_day, start.zone)
        return Stamp(to_wall(to_utc(wall, start.zone) + self.exact, start.zone), False, start.zone)


def read_duration(value: str) -> Length:
    """RFC 5545 3.3.6. Negative or longer than ten years is refused."""
    match = _DURATION.match(value.strip())
    if not match or not any(match.groups()[1:]):
        raise UnreadableError("cette durée est illisible")
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
    length = Length(weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds))
    if match[1] == "-" and (length.days or length.exact):
        raise UnreadableError("cette durée est négative")
    if timedelta(days=length.days) + length.exact > LONGEST:
        raise UnreadableError("cette durée dépasse dix ans")
    return length


def unescape_text(value: str) -> str:
    """TEXT (RFC 5545 3.3.11). A backslash before anything else is itself."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def split_list(value: str) -> list[str]:
    """The items of a list of TEXT, unescaped; escaped commas do not separate."""
    items = re.split(r"(?<!\\),", value) if "\\" in value else value.split(",")
    return [text for item in items if (text := " ".join(unescape_text(item).split()))]


def plain(text: str) -> str:
    """Text with lines trimmed, no more than one empty line together, markup taken out if it has any."""
    if "<" in text and _MARKUP.search(text[:50_000]):
        text = without_markup(text)
    elif "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match[0]), text)
    lines = [" ".join(line.split()) if line[:1] not in "\t " else line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_markup(html: str) -> str:
    """The text of HTML: blocks on lines of their own, the address of a link after its text. Reads it once, in order."""
    written: list[str] = []
    links: list[tuple[str, int]] = []
    hidden = ""
    position = 0
    html = re.sub(r"<[/!a-zA-Z][^<>]{0,4000}\Z", "", html[:200_000])
    for tag in _TAG.finditer(html):
        if not hidden:
            written.append(" ".join(unescape(html[position : tag.start()]).split(" ")))
        position = tag.end()
        name, closing = (tag[1] or tag[0]).lower(), tag[0].startswith("</")
        if hidden:
            hidden = "" if (name == "-->" and hidden == "<!--") or (closing and name == hidden) else hidden
        elif name == "<!--" or (name in _HIDDEN and not closing and not tag[2].endswith("/")):
            hidden = name
        elif name in _BLOCKS:
            written.append("\n- " if name == "li" and not closing else "\n")
        elif name == "a" and not closing:
            href = _HREF.search(tag[2])
            links.append((unescape(href[1]) if href else "", len(written)))
        elif name == "a" and links:
            address, start = links.pop()
            if address.startswith(("http://", "https://")) and address not in "".join(written[start:]):
                written.append(f" ({address})")
    if not hidden:
        written.append(unescape(html[position:]))
    return "\n".join(line.strip(" \t\xa0") for line in "".join(written).split("\n"))


def web_address(value: str) -> str:
    """An http or https address, or nothing."""
    value = value.strip().strip("<>\"'")
    if value.lower().startswith("www."):
        value = f"https://{value}"
    if len(value) > URL_LENGTH or not re.match(r"https?://[^\s/?#]+\.[^\s]+\Z", value, re.IGNORECASE):
        return ""
    return value


def read_geo(value: str) -> tuple[float, float] | None:
    """Latitude and longitude; None when they are nowhere on Earth, or both zero, as producers write « unknown »."""
    match = re.match(r"\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*(?:\\?;|,|\s)\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*\Z", value)
    if not match:
        return None
    latitude, longitude = (float(group.replace(",", ".")) for group in match.groups())
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or not (latitude or longitude):
        return None
    return latitude, longitude
