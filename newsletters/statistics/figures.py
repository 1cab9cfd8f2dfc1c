"""The counts of a campaign, by list and in all. From its log; from its final summary once the log was purged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q

from ..enums import DeliveryState as State
from ..enums import EventKind, SkipReason
from ..models import Campaign, CampaignSummary, Delivery, DeliveryEvent, MailingList

#: The counts that add up, as columns of :class:`~newsletters.models.CampaignSummary`.
COLUMNS: Final = (
    "recipients",
    "waiting",
    "unknown",
    "accepted",
    "delivered",
    "hard_bounced",
    "soft_bounced",
    "failed",
    "complained",
    "unsubscribed",
    "measured",
    "opened",
    "clicked",
)


@dataclass
class Figures:
    """Numbers of copies.

    ``accepted``: a server took charge, whatever came after; ``delivered``: of these, the provider said that the mailbox
    has it; ``waiting``: to be sent or being sent; ``measured``: accepted, and their person agreed to be measured, among
    whom alone ``opened`` and ``clicked`` are known; ``skipped``: not sent, by :class:`~newsletters.enums.SkipReason`.
    """

    recipients: int = 0
    waiting: int = 0
    unknown: int = 0
    accepted: int = 0
    delivered: int = 0
    hard_bounced: int = 0
    soft_bounced: int = 0
    failed: int = 0
    complained: int = 0
    unsubscribed: int = 0
    measured: int = 0
    opened: int = 0
    clicked: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Figures) -> Figures:
        summed = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        return Figures(**summed)

    @property
    def bounced(self) -> int:
        return self.hard_bounced + self.soft_bounced

    @property
    def not_sent(self) -> int:
        return self.skipped.total()

    @property
    def done(self) -> int:
        """Copies that nothing more is to be done for."""
        return self.recipients - self.waiting

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why copies were not sent, in words, the most frequent first."""
        return [(SkipReason(reason).label, number) for reason, number in self.skipped.most_common()]

    def share(self, name: str) -> float | None:
        """The count ``name`` in per cent of what it is a part of; None where that is nobody."""
        whole = {"opened": self.measured, "clicked": self.measured, "failed": self.recipients}.get(name, self.accepted)
        return 100 * float(getattr(self, name)) / whole if whole else None


@dataclass
class CampaignFigures:
    """``by_list``, in the order of their names, and their sum. ``final``: the log is purged, nothing moves any more."""

    total: Figures
    by_list: list[tuple[MailingList, Figures]]
    final: bool = False


def figures_of(campaign: Campaign) -> CampaignFigures:
    """The counts of ``campaign``, now. Three queries, whatever the number of copies."""
    kept = CampaignSummary.objects.filter(campaign=campaign, final=True)
    frozen = list(kept.select_related("list").order_by("list__name", "pk"))
    if frozen:
        by_list = [(one.list, of_summary(one)) for one in frozen]
    else:
        counted = count_copies(Delivery.objects.filter(campaign=campaign))
        lists = MailingList.objects.filter(pk__in=counted).order_by("name", "pk")
        by_list = [(one, counted[one.pk]) for one in lists]
    return CampaignFigures(sum((each for _, each in by_list), Figures()), by_list, bool(frozen))


def count_copies(copies: Any) -> dict[int, Figures]:
    """{list: counts} of a queryset of deliveries. One query."""
    hard = DeliveryEvent.objects.filter(delivery=OuterRef("pk"), kind=EventKind.HARD_BOUNCE)
    sent = Q(state__in=[each for each in State if each.is_sent])
    measured = sent & Q(subscriber__tracking=True)
    conditions: dict[str, Any] = {
        "waiting": Q(state__in=[State.WAITING, State.SENDING]),
        "unknown": Q(state=State.UNKNOWN),
        "accepted": sent,
        "delivered": Q(state=State.DELIVERED),
        "hard_bounced": Q(state=State.BOUNCED) & Exists(hard),
        "soft_bounced": Q(state=State.BOUNCED) & ~Exists(hard),
        "failed": Q(state=State.FAILED),
        "complained": Q(complained_at__isnull=False),
        "unsubscribed": Q(unsubscribed_at__isnull=False),
        "measured": measured,
        "opened": measured & Q(opened_at__isnull=False),
        "clicked": measured & Q(clicked_at__isnull=False),
    }
    counts: dict[str, Any] = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    counts |= {f"skipped_{each}": Count("pk", filter=Q(skip_reason=each)) for each in SkipReason.values}
    rows = copies.order_by().values("list").annotate(recipients=Count("pk"), **counts)
    return {row["list"]: _figures(row) for row in rows}


def _figures(row: dict[str, Any]) -> Figures:
    skipped = Counter({each: row[f"skipped_{each}"] for each in SkipReason.values if row[f"skipped_{each}"]})
    return Figures(**{name: row[name] for name in COLUMNS}, skipped=skipped)


def of_summary(one: CampaignSummary) -> Figures:
    return Figures(**{name: getattr(one, name) for name in COLUMNS}, skipped=Counter(one.skipped))


def summed(summaries: Iterable[CampaignSummary]) -> Figures:
    return sum((of_summary(one) for one in summaries), Figures())
