"""What happened when: copies sent and links followed by hour or day, a list's departures and arrivals by month."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncHour, TruncMonth
from django.utils import timezone

from ..enums import ConsentAction, Purpose, SubscriptionState
from ..models import Campaign, CampaignSummary, Click, ConsentEvent, Delivery, MailingList, Subscription, TrackedLink

#: Longer than that, and days are shown instead of hours.
HOURS_SHOWN: Final = 48
DAYS_SHOWN: Final = 31
MONTHS_SHOWN: Final = 12


@dataclass(frozen=True)
class Moment:
    """An hour or a day, in the campaign's zone. ``rest``: the last one, which holds all that came after too."""

    start: dt.datetime
    label: str
    sent: int
    clicks: int
    rest: bool = False


@dataclass(frozen=True)
class LinkFigures:
    """``share`` is of all clicks of the letter, in per cent."""

    link: TrackedLink
    clicks: int
    share: float


@dataclass(frozen=True)
class Month:
    """``joined`` and ``left`` from the log of consents; ``held``: subscriptions at the month's end, counted backwards
    from today's."""

    start: dt.date
    joined: int
    left: int
    held: int


def sent_by_hour(copies: Any) -> dict[int, Counter[dt.datetime]]:
    """{list: {hour in UTC: copies sent}}. One query."""
    rows = (
        copies.filter(sent_at__isnull=False)
        .order_by()
        .annotate(hour=TruncHour("sent_at", tzinfo=dt.UTC))
        .values("list", "hour")
        .annotate(number=Count("pk"))
    )
    found: dict[int, Counter[dt.datetime]] = defaultdict(Counter)
    for row in rows:
        found[row["list"]][row["hour"]] += row["number"]
    return found


def moments_of(campaign: Campaign, *, final: bool) -> list[Moment]:
    """Copies sent and links followed since the departure, by hour within two days, else by day. Two queries.

    ``final``: whether the log was purged (:class:`~newsletters.statistics.figures.CampaignFigures`).
    """
    sent: Counter[dt.datetime] = Counter()
    if final:
        for hours in CampaignSummary.objects.filter(campaign=campaign).values_list("hours", flat=True).order_by("pk"):
            sent.update({dt.datetime.fromisoformat(f"{hour}:00:00+00:00"): number for hour, number in hours})
    else:
        for each in sent_by_hour(Delivery.objects.filter(campaign=campaign)).values():
            sent.update(each)
    rows = (
        Click.objects.filter(link__campaign=campaign, machine=False)
        .order_by()
        .annotate(hour=TruncHour("at", tzinfo=dt.UTC))
        .values("hour")
        .annotate(number=Count("pk"))
    )
    clicks = Counter({row["hour"]: row["number"] for row in rows})
    return _in_steps(sent, clicks, ZoneInfo(campaign.time_zone))


def _in_steps(sent: Counter[dt.datetime], clicks: Counter[dt.datetime], zone: ZoneInfo) -> list[Moment]:
    if not sent and not clicks:
        return []
    first, last = min([*sent, *clicks]), max([*sent, *clicks])
    by_hour = last - first < dt.timedelta(hours=HOURS_SHOWN)
    step, most = (dt.timedelta(hours=1), HOURS_SHOWN) if by_hour else (dt.timedelta(days=1), DAYS_SHOWN)

    def beginning(moment: dt.datetime) -> dt.datetime:
        local = moment.astimezone(zone)
        return local if by_hour else local.replace(hour=0)

    start = beginning(first)
    count = min(most, int((beginning(last).replace(tzinfo=None) - start.replace(tzinfo=None)) / step) + 1)
    totals = [[0, 0] for _ in range(count)]
    for column, counted in enumerate((sent, clicks)):
        for moment, number in counted.items():
            passed = beginning(moment) - start if by_hour else beginning(moment).date() - start.date()
            totals[min(count - 1, int(passed / step))][column] += number
    cut = not by_hour and (beginning(last).date() - start.date()).days >= most
    starts = [(start.astimezone(dt.UTC) + step * n).astimezone(zone) if by_hour else start + step * n
              for n in range(count)]  # fmt: skip
    return [
        Moment(at, _label(at, by_hour), sent=totals[n][0], clicks=totals[n][1], rest=cut and n == count - 1)
        for n, at in enumerate(starts)
    ]


def _label(at: dt.datetime, by_hour: bool) -> str:
    return f"{at:%d/%m %H} h" if by_hour else f"{at:%d/%m/%Y}"


def links_of(campaign: Campaign) -> list[LinkFigures]:
    """Each link of the letter with how often it was followed, in the letter's order. Two queries."""
    rows = Click.objects.filter(link__campaign=campaign, machine=False).order_by().values("link")
    counted = {row["link"]: row["number"] for row in rows.annotate(number=Count("pk"))}
    whole = sum(counted.values())
    links = TrackedLink.objects.filter(campaign=campaign).order_by("position")
    return [
        LinkFigures(one, counted.get(one.pk, 0), 100 * counted.get(one.pk, 0) / whole if whole else 0.0)
        for one in links
    ]


def months_of(lists: Iterable[MailingList], *, today: dt.date | None = None, count: int = MONTHS_SHOWN) -> list[Month]:
    """The last months of ``lists``, the oldest first: who joined, who left, how many were subscribed. Two queries."""
    keys = [one.pk for one in lists]
    today = today or timezone.localdate()
    starts = [_months_before(today, number) for number in range(count - 1, -1, -1)]
    since = timezone.make_aware(dt.datetime.combine(starts[0], dt.time.min))
    rows = (
        ConsentEvent.objects.filter(
            list__in=keys,
            purpose=Purpose.LETTER,
            action__in=[ConsentAction.GIVEN, ConsentAction.WITHDRAWN],
            at__gte=since,
        )
        .order_by()
        .annotate(month=TruncMonth("at"))
        .values("month", "action")
        .annotate(number=Count("pk"))
    )
    counted = {(timezone.localdate(row["month"]), row["action"]): row["number"] for row in rows}
    held = Subscription.objects.filter(list__in=keys, state=SubscriptionState.ACTIVE).count()
    months: list[Month] = []
    for start in reversed(starts):
        joined, left = (counted.get((start, each), 0) for each in (ConsentAction.GIVEN, ConsentAction.WITHDRAWN))
        months.append(Month(start, joined, left, max(0, held)))
        held -= joined - left
    return months[::-1]


def _months_before(day: dt.date, number: int) -> dt.date:
    """The first day of the month that lies ``number`` months before that of ``day``."""
    months = day.year * 12 + day.month - 1 - number
    return dt.date(months // 12, months % 12 + 1, 1)
